"""A dataset is the same in the catalogue as at its unit's doors: CSW against Motu and WCS."""

from pathlib import Path

import pytest
from lxml import etree

from atoll.bootstrap.record_index import build_index
from atoll.catalogue.pycsw_server import PycswServer, Sent
from atoll.dialects.motu.product import render_product
from atoll.dialects.wcs.describe import render_descriptions
from atoll.dialects.wcs.names import dataset_and_variable
from atoll.dialects.wcs.offer import offers
from atoll.model.announcement import Announcement
from tests.dialects.catalogue.builders import record
from tests.dialects.motu.coverages import COVERAGES
from tests.web.catalogue.world import SAID

pytestmark = pytest.mark.slow

EVERY = pytest.mark.parametrize("name", COVERAGES)
GMD = "http://www.isotc211.org/2005/gmd"
ASKED = "service=CSW&version=2.0.2&request=GetRecordById&elementsetname=full"
ISO_VARIABLES = ".//{*}MD_RangeDimension//{*}MemberName/{*}aName/{*}CharacterString"


@pytest.fixture(scope="module")
def csw(tmp_path_factory: pytest.TempPathFactory) -> PycswServer:
    path: Path = tmp_path_factory.mktemp("facts") / "facts.sqlite"
    build_index([Announcement(record=record(one)) for one in COVERAGES.values()], path)
    return PycswServer(path, SAID)


def got(csw: PycswServer, name: str, schema: str = "") -> etree._Element:
    """The record, as Dublin Core or as ISO 19139."""
    identifier = record(COVERAGES[name]).catalogue_id
    wanted = f"&outputschema={schema}" if schema else ""
    sent = Sent(f"{ASKED}&id={identifier}{wanted}")
    (found,) = etree.fromstring(csw.csw("csw", sent, frozenset()).content)
    return found


def product(name: str) -> etree._Element:
    return etree.fromstring(render_product(COVERAGES[name], "").encode())


@EVERY
def test_names(csw, name):
    found, told = got(csw, name), record(COVERAGES[name])
    assert found.findtext("{*}identifier") == f"levitus.{COVERAGES[name].dataset}"
    assert found.findtext("{*}title") == product(name).get("title") == told.title
    assert found.findtext("{*}abstract") == told.abstract
    assert found.findtext("{*}modified") == told.updated_at
    assert found.findtext("{*}publisher") == told.publisher.name


@EVERY
def test_variables(csw, name):
    names = {one.get("name") for one in product(name).findall("variables/variable")}
    iso = got(csw, name, GMD)
    assert {one.text for one in iso.iterfind(ISO_VARIABLES)} == names
    for offer in offers(COVERAGES[name]):
        assert dataset_and_variable(offer.coverage_id)[1] in names
    standard = {
        one.get("standardName")
        for one in product(name).findall("variables/variable")
        if one.get("standardName")
    }
    subjects = {one.text for one in got(csw, name).iterfind("{*}subject")}
    assert standard & set(record(COVERAGES[name]).standard_names) <= subjects


@EVERY
def test_bounds(csw, name):
    box = record(COVERAGES[name]).box
    lower = got(csw, name).findtext("{*}BoundingBox/{*}LowerCorner")
    upper = got(csw, name).findtext("{*}BoundingBox/{*}UpperCorner")
    if box is None:
        assert lower is upper is None
        return
    (south, west), (north, east) = (map(float, (text or "").split()) for text in (lower, upper))
    told = product(name).find("geospatialCoverage")
    assert told is not None
    assert (south, north) == (float(told.get("south", "nan")), float(told.get("north", "nan")))
    # A box across the dateline is one all around the earth where corners cannot say more.
    crosses = box.west > box.east
    assert (west, east) == ((-180, 180) if crosses else (box.west, box.east))
    coverages = etree.fromstring(render_descriptions(offers(COVERAGES[name])))
    for corner in coverages.iter("{*}lowerCorner"):
        assert float((corner.text or "").split()[0]) == south


@EVERY
def test_times(csw, name):
    told = product(name).find("timeCoverage")
    ends = [] if told is None else [told.get("start", ""), told.get("end", "")]
    motu = [end.replace(".000Z", "Z") for end in ends] if all(ends) else []
    positions = ("{*}beginPosition", "{*}endPosition")
    iso = [one.text for one in got(csw, name, GMD).iter(*positions)]
    assert iso == motu


@EVERY
def test_doors(csw, name):
    told = {point.url for point in record(COVERAGES[name]).access_points}
    references = {one.text for one in got(csw, name).iterfind("{*}references")}
    locators = {one.text for one in got(csw, name, GMD).iter(f"{{{GMD}}}URL")}
    assert told <= references
    assert told <= locators
