"""What a record says of a dataset."""

import pytest

from atoll.model.record import Box, Contact, Depths, Resolution, Times
from tests.dialects.catalogue.builders import RECORDS, record, told
from tests.planning.builders import (
    coverage,
    latitude_axis,
    levitus_coverage,
    longitude_axis,
    navy_coverage,
    regular,
    variable,
)

GLOBE = (-180.0, 180.0)


def edges(longitudes) -> tuple[float, float]:
    axes = [latitude_axis([-95, 0]), longitude_axis(longitudes)]
    box = record(coverage(axes, [variable("v", ("latitude", "longitude"))])).box
    assert box is not None
    assert (box.south, box.north) == (-90, 0)
    return box.west, box.east


@pytest.mark.parametrize(
    ("longitudes", "expected"),
    [
        (regular(20.5, 1, 360), GLOBE),
        (regular(-180, 2.5, 145), GLOBE),
        (regular(357.5, -2.5, 144), GLOBE),
        ([10, 20, 30], (10, 30)),
        ([-190, -180, -170], (170, -170)),
        ([170, 180], (170, 180)),
        ([200.1, 259.9], (-159.9, -100.1)),
        ([365], (5, 5)),
    ],
)
def test_the_box_lies_in_180_degrees_either_way_and_may_cross_the_dateline(longitudes, expected):
    assert edges(longitudes) == expected


def test_a_2d_grid_has_the_box_of_its_tiles():
    box = RECORDS["tripolar"].box
    assert box is not None
    assert box.west > box.east  # it lies across the dateline
    assert box.south == pytest.approx(-10)


@pytest.mark.parametrize("name", ["projected", "empty", "heights"])
def test_who_tells_no_longitudes_has_no_box(name):
    assert RECORDS[name].box is None


@pytest.mark.parametrize(
    ("name", "depths"),
    [
        ("levitus-climatology", (0, 5000)),
        ("heights", (0.001, 2000)),
        ("pressures", None),
        ("empty", None),
        ("navy-winds", None),
    ],
)
def test_depths_are_metres_positive_down(name, depths):
    said = RECORDS[name].depths
    assert said == (None if depths is None else Depths(shallowest_m=depths[0], deepest_m=depths[1]))


@pytest.mark.parametrize(
    ("name", "times"),
    [
        ("navy-winds", ("1982-01-16T20:00:00Z", "1992-12-17T03:30:00Z")),
        ("tripolar", ("2015-01-16T00:00:00Z", "2015-03-16T00:00:00Z")),
        ("coads", None),
        ("pressures", None),  # it ends on 30 February
        ("projected", None),  # it counts months
        ("empty", None),
        ("levitus-climatology", None),
    ],
)
def test_times_are_instants_or_none_are_told(name, times):
    said = RECORDS[name].times
    assert said == (None if times is None else Times(start=times[0], end=times[1]))


def test_the_resolution_is_told_where_it_is_regular():
    assert RECORDS["navy-winds"].resolution == Resolution(
        longitude_deg=2.5, latitude_deg=2.5, time="P1MT10H30M"
    )
    assert RECORDS["tripolar"].resolution == Resolution(time="P1M")
    assert RECORDS["pressures"].resolution == Resolution(latitude_deg=30)


def test_a_source_is_told_in_its_own_words():
    said = told()
    assert said.title == "Levitus ocean climatology"
    assert said.abstract == "Objectively analysed fields of temperature & salinity."
    assert said.keywords == ("ocean", "climatology", "Levitus")
    assert said.contact == Contact(
        organisation="NOAA",
        person="S. Levitus",
        email="levitus@example.org",
        url="https://www.example.org/levitus",
    )
    assert said.licence == "CC-BY-4.0"
    assert said.lineage == "profiles. 1994 made"
    assert said.doi == "10.7289/V5NZ85MT"
    assert said.citation == "Please cite Levitus (1994)."


def test_a_source_that_tells_nothing_is_told_by_its_names_and_its_unit():
    said = record(levitus_coverage(title="", licence=""))
    assert said.title == "levitus-climatology"
    assert said.abstract == ("levitus-climatology: sea_water_temperature, sea_water_salinity.")
    assert said.contact == Contact(organisation="levitus")
    assert (said.licence, said.lineage, said.citation, said.doi) == ("", "", "", None)


def test_attributes_that_are_no_texts_or_blank_say_nothing():
    said = told(title=7, summary="  ", institution=[1.0], history="x" * 9_000)
    assert said.abstract.startswith("Levitus ocean climatology: ")
    assert said.contact.organisation == "levitus"
    assert len(said.lineage) == 4_000


@pytest.mark.parametrize(
    ("said", "doi"),
    [
        ({"doi": "https://doi.org/10.48670/moi-00016"}, "10.48670/moi-00016"),
        ({"id": "(10.1000/a.b-1)."}, "10.1000/a.b-1"),
        ({"references": "pages 10.5/7 of 12"}, None),
    ],
)
def test_a_doi_is_found_where_it_is_said(said, doi):
    assert told(**({"references": None} | said)).doi == doi


def test_access_is_as_the_profiles_are():
    assert record(levitus_coverage()).access == "public"
    assert record(navy_coverage()).access == "restricted"
    assert RECORDS["levitus-climatology"].box == Box(west=-180, south=-89.5, east=180, north=89.5)


def test_the_doors_are_those_that_have_it():
    doors = {point.door: point for point in RECORDS["navy-winds"].access_points}
    assert list(doors) == ["REST", "Motu", "WCS"]
    assert doors["REST"].url == "https://unit.example.org/datasets/navy-winds"
    assert doors["Motu"].url.endswith("&service=FLEET_WINDS&product=navy-winds")
    assert "navy-winds__UWND, navy-winds__VWND" in doors["WCS"].description
    assert [point.door for point in RECORDS["tripolar"].access_points] == ["REST", "Motu"]


def test_a_products_name_does_not_break_an_address():
    point = record(levitus_coverage(product="a&b=/ ?#")).access_points[1]
    assert "&service=a%26b%3D%2F%20%3F%23&product=levitus-climatology" in point.url
