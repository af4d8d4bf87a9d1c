"""What is told of a dataset is what REST tells, and what its coordinates are."""

from typing import Any

import pytest
from lxml import etree

from atoll.dialects.motu.describe_coverage import render_coverage
from atoll.dialects.motu.levels import MOST_LEVELS
from atoll.dialects.motu.periods import MOST_PERIODS
from atoll.dialects.motu.product import render_product
from atoll.dialects.motu.time_coverage import render_time_coverage
from atoll.dialects.rest.describe import render_dataset
from atoll.model.coverage import CurvilinearGrid, Tile
from atoll.planning.bounds import geographic_bounds
from tests.dialects.motu.coverages import COVERAGES, heights, pressures, projected
from tests.planning.builders import (
    coverage,
    depth_axis,
    levitus_coverage,
    regular,
    time_axis,
    variable,
)
from tests.planning.tiles import curvilinear_coverage

KINDS = {"X": {"Lon", "GeoX"}, "Y": {"Lat", "GeoY"}, "Z": {"Height"}, "T": {"Time"}}
FILLED = {name: one for name, one in COVERAGES.items() if name != "empty"}


def parsed(document) -> Any:
    return etree.fromstring(document.encode())


def box_of(one) -> tuple[Any, Any]:
    return geographic_bounds(one)


def product_of(one):
    return parsed(render_product(one, "https://unit.test/"))


def axis_of(document, name):
    return document.find(f"dataGeospatialCoverage/axis[@name='{name}']")


@pytest.mark.parametrize("name", FILLED)
def test_the_dataset_is_the_one_of_rest(name):
    told, rest = product_of(FILLED[name]), render_dataset(FILLED[name])
    assert (told.get("id"), told.get("title")) == (rest.id, rest.title)
    assert told.get("lastUpdate") == (rest.updated or "Not Available")
    properties = {one.get("name"): one.get("value") for one in told.iter("property")}
    assert properties.keys() == rest.attributes.keys()


@pytest.mark.parametrize("name", FILLED)
def test_variables_are_those_of_rest(name):
    told, rest = product_of(FILLED[name]), render_dataset(FILLED[name])
    found = {
        one.get("name"): (one.get("standardName"), one.get("longName"), one.get("units"))
        for one in told.find("variables")
    }
    assert found == {
        one.name: (one.standard_name or "", one.long_name or "", one.units or "")
        for one in rest.variables
    }
    assert list(found) == sorted(found)
    named = {
        one.get("name"): (one.get("vocabularyName"), one.get("units"))
        for one in told.find("variablesVocabulary")
    }
    assert named == {
        one.name: (one.standard_name, one.units or "")
        for one in rest.variables if one.standard_name
    }  # fmt: skip


@pytest.mark.parametrize("name", FILLED)
def test_axes_are_those_of_rest(name):
    told, rest = product_of(FILLED[name]), render_dataset(FILLED[name])
    names = [one.get("name") for one in told.find("dataGeospatialCoverage")]
    assert names == sorted(names)
    for axis in rest.axes:
        one = axis_of(told, axis.name)
        if axis.role == "other" and not rest.curvilinear:
            assert one is None
            continue
        assert one.get("axisType") in KINDS.get(axis.role, {"GeoX", "GeoY"})
        assert one.get("standardName") == (axis.standard_name or "")
        if axis.role == "Z":
            continue  # in metres, positive down: below
        assert one.get("units") == axis.units
        ends = [float(one.get("lower")), float(one.get("upper"))]
        assert ends == sorted([axis.first, axis.last])
        step = None if axis.step is None or axis.size == 1 else abs(axis.step)
        assert (None if one.get("step") is None else float(one.get("step"))) == step


@pytest.mark.parametrize("name", FILLED)
def test_times_are_those_of_rest(name):
    told, rest = product_of(FILLED[name]), render_dataset(FILLED[name])
    time = next((axis for axis in rest.axes if axis.role == "T"), None)
    if time is None:
        assert told.find("timeCoverage") is told.find("availableTimes") is None
        return
    alone = parsed(render_time_coverage(FILLED[name]))
    texts = {"start": time.first_text, "end": time.last_text}
    for end, text in texts.items():
        instant = told.find("timeCoverage").get(end)
        assert instant == alone.get(end)
        assert instant is None or instant.replace(".000Z", "Z") == text
    available = told.find("availableTimes").text
    assert available.split("/")[0].split(",")[0] == time.first_text
    if available.count("/"):
        assert time.last_text in available


@pytest.mark.parametrize("name", FILLED)
def test_depths_are_those_of_rest(name):
    told, rest = product_of(FILLED[name]), render_dataset(FILLED[name])
    axis = next((axis for axis in rest.axes if axis.role == "Z"), None)
    if axis is None:
        assert told.find("availableDepths") is None
        return
    factor = {"m": 1, "Pa": 1, "km": -1000}[axis.units]
    values = sorted(value * factor for value in axis.values or [])
    depths = [float(text) for text in told.find("availableDepths").text.split(";")]
    assert depths == pytest.approx(values, abs=5e-6)
    one = axis_of(told, axis.name)
    assert [float(one.get("lower")), float(one.get("upper"))] == [depths[0], depths[-1]]
    extent = told.find("geospatialCoverage")
    assert [float(extent.get("depthMin")), float(extent.get("depthMax"))] == [depths[0], depths[-1]]
    assert extent.get("depthUnits") == one.get("units") == ("Pa" if axis.units == "Pa" else "m")


@pytest.mark.parametrize("name", COVERAGES)
def test_all_documents_agree_on_the_box(name):
    told, short = product_of(COVERAGES[name]), parsed(render_coverage(COVERAGES[name]))
    extent, box = told.find("geospatialCoverage"), short.find("boundingBox")
    for kind, side, low, high in (("Lon", "lon", "west", "east"), ("Lat", "lat", "south", "north")):
        axis = told.find(f"dataGeospatialCoverage/axis[@axisType='{kind}']")
        if axis is None:
            assert extent.get(low) is extent.get(high) is box.find(side) is None
            continue
        ends = [axis.get("lower"), axis.get("upper")]
        assert [extent.get(low), extent.get(high)] == ends
        assert [box.find(side).get("min"), box.find(side).get("max")] == ends
        assert box.find(side).get("units") == axis.get("units")


@pytest.mark.parametrize("name", COVERAGES)
def test_the_short_description_has_the_variables_with_their_dimensions(name):
    short = parsed(render_coverage(COVERAGES[name]))
    found = {
        one.get("id"): [dimension.text for dimension in one.find("dimensions")]
        for one in short.find("variables")
    }
    rest = render_dataset(COVERAGES[name])
    assert found == {one.name: one.axes for one in rest.variables}


def test_depths_have_five_decimals_and_no_sign_of_nothing():
    axis = depth_axis([-0.0000001, 0.494024991989, 5727.917])
    told = product_of(coverage([axis], [variable("v", ("depth",))]))
    assert told.find("availableDepths").text == "0.00000;0.49402;5727.91700"


def test_heights_are_depths_above_none_and_pressures_stay_pressures():
    assert product_of(heights()).find("availableDepths").text == "0.00100;500.00000;2000.00000"
    assert product_of(pressures()).find("availableDepths").text == "1.5;92500.0;100000.0"


def test_levels_without_end_are_not_listed_but_bounded():
    axis = depth_axis(regular(0, 0.5, 30_000))
    told = product_of(coverage([axis], [variable("v", ("depth",))]))
    assert told.find("availableDepths") is None
    one = axis_of(told, "depth")
    assert (one.get("upper"), one.get("step")) == ("14999.50000", "0.50000")


def test_the_axes_of_a_projection_are_no_longitudes():
    short = parsed(render_coverage(projected()))
    assert [one.tag for one in short.find("boundingBox")] == ["x", "y"]
    told = product_of(projected()).find("dataGeospatialCoverage")
    assert [one.get("axisType") for one in told] == ["Time", "GeoX", "GeoY"]


def test_a_grid_lies_where_its_tiles_do():
    one = curvilinear_coverage()
    lon, lat = box_of(one)
    grid: Any = one.curvilinear
    assert (lon.name, lat.name) == ("nav_lon", "nav_lat")
    for tile in grid.tiles:
        away = (tile.west - lon.lower) % 360
        assert away + tile.east - tile.west <= lon.upper - lon.lower + 1e-4
        assert lat.lower <= tile.south <= tile.north <= lat.upper
    assert -180 <= lon.lower < 180 < lon.upper  # it crosses the dateline


@pytest.mark.parametrize(
    ("tiles", "west", "east"),
    [
        ([(170, 175), (-180, -170)], 170, 190),
        ([(-180, 0), (-10, 180)], -180, 180),
        ([(170, 200), (-180, -170)], 170, 200),
        ([(0, 0)], 0, 0),
        ([(-100, 100), (90, 250)], -100, 250),
        ([(-100, 100), (90, 259)], -180, 180),  # 60 columns: a gap of one is none
    ],
)
def test_a_grid_reaches_the_short_way_round(tiles, west, east):
    one = curvilinear_coverage()
    grid = CurvilinearGrid(
        dimensions=("y", "x"), longitude="nav_lon", latitude="nav_lat", tile_shape=(8, 8),
        tiles=(None, *(Tile(west=w, east=e, south=0, north=1) for w, e in tiles)),
    )  # fmt: skip
    lon, _ = box_of(one.model_copy(update={"curvilinear": grid}))
    assert (lon.lower, lon.upper) == (west, east)


def test_a_grid_without_coordinates_tells_no_bounds():
    one = curvilinear_coverage()
    grid: Any = one.curvilinear
    bare = grid.model_copy(update={"tiles": (None,)})
    lost = one.model_copy(update={"curvilinear": bare})
    assert box_of(lost) == (None, None)
    told = product_of(lost)
    assert [a.get("axisType") for a in told.find("dataGeospatialCoverage")] == [
        "Time", "GeoX", "GeoY"]  # fmt: skip


def test_characters_that_xml_has_not_do_no_harm():
    title = "a\x00b\x0b<>&\"'\n\ufffe\U0001f30a"
    told = product_of(levitus_coverage(title=title))
    assert told.get("title") == "a\ufffdb\ufffd<>&\"'\n\ufffd\U0001f30a"


def test_a_description_stays_below_a_megabyte():
    """What a load balancer passes on, at most."""
    times = [n * 14_600 + 7_300.2345678 * (n % 2) for n in range(2 * MOST_PERIODS)]
    one = coverage(
        [time_axis(times, "days since 1000-01-01"), depth_axis(range(MOST_LEVELS), units="km")],
        [variable("v", ("time", "depth"))],
        attributes={"history": "cdo mergetime; " * 100_000},
    )
    told = product_of(one)
    assert told.find("availableTimes").text.count(",") == MOST_PERIODS - 1
    assert told.find("availableDepths").text.count(";") == MOST_LEVELS - 1
    assert told.find("properties/property").get("value").endswith("...")
    assert len(etree.tostring(told)) < 900_000
