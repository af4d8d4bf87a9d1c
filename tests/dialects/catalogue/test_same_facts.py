"""A dataset is the same at every door: record, describeproduct, DescribeCoverage and REST."""

import json

import pytest
from lxml import etree

from atoll.dialects.motu.product import render_product
from atoll.dialects.rest.describe import render_dataset
from atoll.dialects.wcs.describe import render_descriptions
from atoll.dialects.wcs.names import dataset_and_variable
from atoll.dialects.wcs.offer import offers
from atoll.model.record import Record
from tests.dialects.catalogue.builders import record as record_of
from tests.dialects.catalogue.builders import text_of
from tests.dialects.motu.coverages import COVERAGES

EVERY = pytest.mark.parametrize("name", COVERAGES)
EDGES = (
    "westBoundLongitude",
    "eastBoundLongitude",
    "southBoundLatitude",
    "northBoundLatitude",
)
ISO_VARIABLES = ".//{*}MD_RangeDimension//{*}MemberName/{*}aName/{*}CharacterString"


def record(name: str) -> Record:
    return record_of(COVERAGES[name])


def form(name: str, rendering):
    return json.loads(text_of(record(name), rendering))


def iso(name: str) -> etree._Element:
    return etree.fromstring(text_of(record(name), "iso").encode())


def product(name: str) -> etree._Element:
    return etree.fromstring(render_product(COVERAGES[name], "").encode())


def numbers(root: etree._Element, *tags: str) -> list[float]:
    found = (root.findtext(f".//{{*}}{tag}/*") for tag in tags)
    return [float(text) for text in found if text is not None]


@EVERY
def test_variables(name):
    rest = render_dataset(COVERAGES[name]).variables
    names = {one.name for one in rest}
    assert {one.name for one in record(name).variables} == names
    assert {one.get("name") for one in product(name).findall("variables/variable")} == names
    assert {one.text for one in iso(name).iterfind(ISO_VARIABLES)} == names
    assert set(form(name, "stac")["cube:variables"]) == names
    told = {one["name"]: one for one in form(name, "records")["properties"]["variables"]}
    assert set(told) == names
    for one in rest:
        assert told[one.name].get("standard_name") == one.standard_name
        assert told[one.name].get("units") == one.units
        assert form(name, "stac")["cube:variables"][one.name]["dimensions"] == one.axes
    for offer in offers(COVERAGES[name]):
        assert dataset_and_variable(offer.coverage_id)[1] in names


def turned(longitude: float) -> float:
    return round(longitude % 360, 6)


@EVERY
def test_bounds(name):
    """A box that is told in 180 degrees either way; one all around the earth has no edges."""
    told = product(name).find("geospatialCoverage")
    assert told is not None
    motu = [told.get(side) for side in ("west", "east", "south", "north")]
    box = record(name).box
    edges = numbers(iso(name), *EDGES)
    if box is None:
        assert edges == []
        assert None in motu
        return
    west, east, south, north = (float(edge or "nan") for edge in motu)
    assert edges == pytest.approx([box.west, box.east, box.south, box.north])
    assert form(name, "stac")["extent"]["spatial"]["bbox"] == [
        [box.west, box.south, box.east, box.north]
    ]
    assert (box.south, box.north) == (south, north)
    if (box.west, box.east) != (-180, 180):
        assert (turned(box.west), turned(box.east)) == (turned(west), turned(east))


@pytest.mark.parametrize("name", ["levitus-climatology", "navy-winds", "test", "coads"])
def test_bounds_of_coverages_are_the_dimensions_of_records(name):
    root = etree.fromstring(render_descriptions(offers(COVERAGES[name])))
    axes = {one.role: one for one in render_dataset(COVERAGES[name]).axes}
    cube = form(name, "stac")["cube:dimensions"]
    for described in root.iterfind("{*}CoverageDescription"):
        low = [float(n) for n in (described.findtext(".//{*}lowerCorner") or "").split()]
        high = [float(n) for n in (described.findtext(".//{*}upperCorner") or "").split()]
        for place, role in enumerate("YX"):
            extent = cube[axes[role].name]["extent"]
            assert extent == [low[place], high[place]]
            assert extent == sorted([axes[role].first, axes[role].last])


@EVERY
def test_times(name):
    told = product(name).find("timeCoverage")
    ends = (None, None) if told is None else (told.get("start"), told.get("end"))
    motu = None if None in ends else [(end or "").replace(".000Z", "Z") for end in ends]
    documents = iso(name)
    begins = [one.text for one in documents.iter("{*}beginPosition", "{*}endPosition")]
    assert (begins or None) == motu
    assert ((form(name, "records")["time"] or {}).get("interval")) == motu
    (interval,) = form(name, "stac")["extent"]["temporal"]["interval"]
    assert [end for end in interval if end] == (motu or [])
    axes = [one for one in render_dataset(COVERAGES[name]).axes if one.role == "T" and one.size]
    if motu:
        (axis,) = axes
        assert sorted([axis.first_text or "", axis.last_text or ""]) == motu
    coverages = etree.fromstring(render_descriptions(offers(COVERAGES[name])))
    for position, index in (("beginPosition", 0), ("endPosition", 1)):
        for found in coverages.iter(f"{{*}}{position}"):
            assert motu is None or found.text == motu[index]


@EVERY
def test_steps_of_time(name):
    told = product(name).find("timeCoverage")
    step = None if told is None else told.get("timeResolution")
    assert record(name).resolution.time == step
    if record(name).times is not None:
        assert form(name, "records")["time"].get("resolution") == step


@EVERY
def test_depths(name):
    told = product(name).find("geospatialCoverage")
    assert told is not None
    metres = told.get("depthUnits") == "m"
    motu = [float(told.get(end, "nan")) for end in ("depthMin", "depthMax")] if metres else []
    said = form(name, "records")["properties"].get("depth_m", [])
    assert said == pytest.approx(motu, abs=1e-5)
    assert numbers(iso(name), "minimumValue", "maximumValue") == pytest.approx(said)
    for dimension in form(name, "stac")["cube:dimensions"].values():
        if dimension.get("axis") == "z" and metres:
            assert dimension["extent"] == said
