"""Which variables are coverages, and what of them is told."""

from typing import Any

import pytest
from lxml import etree

from atoll.dialects.wcs.contents import contents
from atoll.dialects.wcs.describe import render_descriptions
from atoll.dialects.wcs.offer import not_offered, offers
from atoll.model.coverage import Coverage
from tests.dialects.wcs.builders import offer_of, sea, seasons
from tests.planning.builders import (
    axis,
    coverage,
    depth_axis,
    explicit,
    latitude_axis,
    longitude_axis,
    regular,
    variable,
)
from tests.planning.tiles import curvilinear_coverage

FLAT = ("latitude", "longitude")


FOUR = regular(0, 1, 4)


def flat(latitude=FOUR, longitude=FOUR, **fields: Any) -> Coverage:
    axes = [latitude_axis(latitude), longitude_axis(longitude, **fields)]
    return coverage(axes, [variable("v", FLAT)])


def described(dataset: Coverage) -> etree._Element:
    return etree.fromstring(render_descriptions([offer_of(dataset)]))


def text(root: etree._Element, name: str) -> str | None:
    return root.findtext(f".//{{*}}{name}")


@pytest.mark.parametrize(
    ("dataset", "why"),
    [
        (flat(), None),
        (flat(longitude=explicit([0, 0.1000001, 0.2])), None),
        (flat(longitude=explicit([0, 1, 3])), "evenly"),
        (flat(latitude=explicit([0, 1, 4, 5])), "evenly"),
        (flat(latitude=regular(0, 1, 1)), "evenly"),
        (flat(latitude=explicit([])), "evenly"),
        (flat(wraps=False), "no axes of longitude and latitude"),
        (curvilinear_coverage(), "no axes of longitude and latitude"),
        (coverage([depth_axis((0, 1)), *flat().axes], [variable("v", ("depth",))]), "not lie"),
        (coverage(flat().axes, [variable("v", (*FLAT, "n"))], other_dimensions={"n": 2}),
         "its dimension n is no axis"),
    ],
)  # fmt: skip
def test_a_variable_on_a_regular_map_is_a_coverage(dataset, why):
    data = next(one for one in dataset.variables if one.role == "data")
    found = not_offered(dataset, data)
    assert found is None if why is None else why in (found or "")
    assert len(list(offers(dataset))) == (why is None)


def test_what_belongs_to_others_is_no_coverage():
    dataset = coverage(flat().axes, [variable("v", FLAT), variable("b", FLAT, role="auxiliary")])
    assert [one.variable.name for one in offers(dataset)] == ["v"]


def test_the_labels_are_in_the_order_that_gdal_reads():
    assert list(offer_of(sea()).axes) == ["Lat", "Long", "time", "depth"]
    envelope = described(sea()).find(".//{*}EnvelopeWithTimePeriod")
    assert envelope is not None
    assert {key: envelope.get(key) for key in envelope.attrib} == {
        "srsName": "http://www.opengis.net/def/crs/EPSG/0/4326",
        "axisLabels": "Lat Long time depth",
        "uomLabels": "deg deg iso8601 m",
        "srsDimension": "2",
    }


def test_a_map_is_told_from_its_north_west_corner_whichever_way_it_is_stored():
    rising = described(flat())
    falling = described(flat(latitude=regular(3, -1, 4)))
    for root in (rising, falling):
        assert text(root, "pos") == "3 0"
        steps = [one.text for one in root.iterfind(".//{*}offsetVector")]
        assert steps == ["0 1", "-1 0"]
        assert (text(root, "lowerCorner"), text(root, "upperCorner")) == ("0 0", "3 3")


def test_other_axes_have_names_that_are_labels():
    axes = [axis("plev (mid)", (1000.0, 500.0), "Z", units="hPa"), axis("member", (1.0, 2.0))]
    dataset = coverage([*axes, *flat().axes], [variable("v", ("member", "plev (mid)", *FLAT))])
    labels = list(offer_of(dataset).axes)
    assert labels == ["Lat", "Long", "member", "plev_x0020__x0028_mid_x0029_"]
    envelope = described(dataset).find(".//{*}Envelope")
    assert envelope is not None
    assert envelope.get("uomLabels") == "deg deg unit hPa"


def test_no_two_axes_have_one_label():
    """Words for a role are of the axis of that role; and `i` is the map's."""
    others = [axis(name, (1.0, 2.0)) for name in ("time", "Depth", "i")]
    levels = axis("z", (0.0, 5.0), "Z", units="m", positive="down")
    days = axis("t", (0.0, 1.0), "T", units="days since 2026-01-01", calendar="standard")
    names = ("time", "Depth", "i", "z", "t", *FLAT)
    dataset = coverage([*others, levels, days, *flat().axes], [variable("v", names)])
    labels = {label: axis.name for label, axis in offer_of(dataset).axes.items()}
    assert labels == {
        "Lat": "latitude", "Long": "longitude", "time": "t", "time_": "time", "Depth_": "Depth",
        "i_": "i", "depth": "z",
    }  # fmt: skip


def test_a_climatology_tells_its_own_numbers():
    root = described(seasons())
    assert (text(root, "beginPosition"), text(root, "endPosition")) == ("366.0", "2557.0")
    position = root.find(".//{*}beginPosition")
    assert position is not None
    assert position.get("frame") == "#number"
    assert "366.0, 1096.0, 1827.0, 2557.0" in (text(root, "description") or "")


def test_depths_are_told_downwards_and_the_top_is_the_default():
    heights = axis("z", (-100.0, -10.0, -0.5), "Z", units="m", positive="up")
    dataset = coverage([heights, *flat().axes], [variable("v", ("z", *FLAT))])
    told = text(described(dataset), "description") or ""
    assert "Axis depth has 3 nodes: 100, 10, 0.5." in told
    assert "does not cut it, 0.5 is delivered" in told


def test_a_long_axis_is_told_by_its_ends():
    dataset = coverage([axis("n", regular(0, 1, 201)), *flat().axes], [variable("v", ("n", *FLAT))])
    assert "201 nodes: 0 to 200." in (text(described(dataset), "description") or "")


@pytest.mark.parametrize(
    ("longitude", "corners"),
    [
        (regular(0.5, 1, 360), ("-180 -0.5", "180 3.5")),
        (regular(170, 1, 21), ("169.5 -0.5", "-169.5 3.5")),
        (regular(-10, 1, 21), ("-10.5 -0.5", "10.5 3.5")),
        (regular(180.5, 1, 20), ("-180 -0.5", "-160 3.5")),
        (regular(-199.5, 1, 20), ("160 -0.5", "180 3.5")),
        (regular(520.5, 1, 20), ("160 -0.5", "180 3.5")),
    ],
)
def test_the_box_of_all_cells_is_told_in_180_degrees(longitude, corners):
    root = contents([offer_of(flat(longitude=longitude))])
    assert (text(root, "LowerCorner"), text(root, "UpperCorner")) == corners


def test_no_box_reaches_beyond_a_pole():
    root = contents([offer_of(flat(latitude=regular(-90, 60, 4)))])
    assert (text(root, "LowerCorner"), text(root, "UpperCorner")) == ("-0.5 -90", "3.5 90")


@pytest.mark.parametrize(
    ("units", "code"),
    [("m s-1", "m.s-1"), ("1e-3", "1e-3"), ("", "1"), (None, "1"), ("a:b", "a.b")],
)
def test_units_are_symbols_without_blanks(units, code):
    attributes = {} if units is None else {"units": units}
    dataset = coverage(flat().axes, [variable("v", FLAT, attributes=attributes)])
    found = described(dataset).find(".//{*}uom")
    assert found is not None
    assert found.get("code") == code


def test_missing_values_are_told():
    attributes = {"missing_value": [-9.0, -8.0]}
    dataset = coverage(flat().axes, [variable("v", FLAT, attributes=attributes)])
    assert text(described(dataset), "nilValue") == "-9.0"
    assert text(described(flat()), "nilValue") is None
