"""OWSLib finds records by CSW 2.0.2 and 3.0.0 and by OGC API - Records, and reads them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from lxml import etree
from owslib.csw import CatalogueServiceWeb
from owslib.fes import And, BBox, PropertyIsLike
from owslib.fes2 import PropertyIsLike as PropertyIsLike2
from owslib.iso import MD_Metadata
from owslib.ogcapi.records import Records

from tests.catalogue.server import served_catalogue
from tests.dialects.catalogue.builders import RECORDS
from tests.web.builders import nav_token
from tests.web.catalogue.world import CatalogueUnderTest, announcements

pytestmark = pytest.mark.slow

GMD = "http://www.isotc211.org/2005/gmd"
ISO = etree.XMLSchema(etree.parse(Path(__file__).parents[1] / "schemas" / "iso" / "record.xsd"))
LEVITUS = "levitus.levitus-climatology"
NAVY = "levitus.navy-winds"


@pytest.fixture(scope="module")
def catalogue() -> Iterator[CatalogueUnderTest]:
    with served_catalogue(announcements()) as served:
        yield served


@pytest.fixture(scope="module")
def csw(catalogue) -> CatalogueServiceWeb:
    return CatalogueServiceWeb(f"{catalogue.url}/csw", version="2.0.2")


def test_words_and_a_box_find_a_record(csw):
    words = PropertyIsLike("csw:AnyText", "%salinity%")
    csw.getrecords2([And([words, BBox([30, -40, 60, 30])])], esn="full")
    assert list(csw.records) == [LEVITUS]
    found, record = csw.records[LEVITUS], RECORDS["levitus-climatology"]
    assert (found.title, found.abstract, found.type) == (record.title, record.abstract, "dataset")
    assert set(found.subjects) >= {"sea_water_temperature", "sea_water_salinity"}
    assert {point.url for point in record.access_points} <= {one["url"] for one in found.references}
    assert [found.bbox.minx, found.bbox.maxy] == ["-180.0", "89.5"]
    csw.getrecords2([And([words, BBox([-89.9, 100, -89.8, 101])])], esn="full")
    assert csw.records == {}


def test_iso_records_are_valid_and_the_very_record(csw):
    csw.getrecords2(outputschema=GMD, esn="full", maxrecords=50)
    assert sorted(csw.records) == ["levitus.across", LEVITUS]
    answered = etree.fromstring(csw.response)
    for metadata in answered.iter(f"{{{GMD}}}MD_Metadata"):
        ISO.assertValid(etree.ElementTree(etree.fromstring(etree.tostring(metadata))))
    csw.getrecordbyid([LEVITUS], outputschema=GMD)
    found = csw.records[LEVITUS]
    assert isinstance(found, MD_Metadata)
    assert found.identifier == LEVITUS
    assert found.identification[0].title == RECORDS["levitus-climatology"].title
    locators = [online.url for online in found.distribution.online]
    assert locators == [point.url for point in RECORDS["levitus-climatology"].access_points]


def test_who_may_see_it_finds_a_hidden_record(catalogue, csw):
    headers = {"authorization": f"Bearer {nav_token()}"}
    entitled = CatalogueServiceWeb(f"{catalogue.url}/csw", version="2.0.2", headers=headers)
    words = [PropertyIsLike("csw:AnyText", "%winds%")]
    for client, found in ((csw, []), (entitled, [NAVY])):
        client.getrecords2(words, esn="brief")
        assert list(client.records) == found


def test_pages_and_the_values_of_a_property(csw):
    csw.getrecords2(esn="brief", maxrecords=1)
    assert csw.results == {"matches": 2, "returned": 1, "nextrecord": 2}
    csw.getrecords2(esn="brief", maxrecords=1, startposition=2)
    assert (len(csw.records), csw.results["nextrecord"]) == (1, 0)
    csw.getdomain("dc:title", dtype="property")
    assert RECORDS["levitus-climatology"].title in csw.results["values"]


def test_capabilities_lead_to_this_door_and_have_inspires_part(catalogue, csw):
    assert csw.identification.title == "Atoll"
    (operation,) = [one for one in csw.operations if one.name == "GetRecords"]
    assert {method["url"] for method in operation.methods} == {f"{catalogue.url}/csw"}
    assert not {"Transaction", "Harvest"} & {one.name for one in csw.operations}
    url = f"{catalogue.url}/csw?service=CSW&version=2.0.2&request=GetCapabilities"
    inspire = etree.fromstring(requests.get(url, timeout=10).content)
    told = inspire.find(".//{*}ExtendedCapabilities")
    assert told is not None
    assert told.findtext("{*}ResourceLocator/{*}URL") == url
    assert told.findtext("{*}MetadataPointOfContact/{*}EmailAddress") == "central@example.org"
    csw3 = CatalogueServiceWeb(f"{catalogue.url}/csw", version="3.0.0")
    assert csw3.identification.title == "Atoll"


def test_version_3_finds_and_reads(catalogue):
    csw = CatalogueServiceWeb(f"{catalogue.url}/csw", version="3.0.0")
    csw.getrecords([PropertyIsLike2("dc:title", "%Levitus%")], typenames="csw30:Record", esn="full")
    assert list(csw.records) == [LEVITUS]
    csw.getrecords(typenames="gmd:MD_Metadata", outputschema=GMD, esn="full")
    assert csw.records[LEVITUS].identification[0].title == RECORDS["levitus-climatology"].title


def test_ogc_api_records(catalogue):
    records = Records(f"{catalogue.url}/records")
    assert "metadata:main" in records.records()
    found = records.collection_items("metadata:main", q="salinity", bbox=[-40, 30, 30, 60])
    assert [feature["id"] for feature in found["features"]] == [LEVITUS]
    one = records.collection_item("metadata:main", LEVITUS)
    assert one["properties"]["title"] == RECORDS["levitus-climatology"].title
    links = {link["rel"]: link["href"] for link in one["links"]}
    assert links["self"] == f"{catalogue.url}/records/collections/metadata:main/items/{LEVITUS}"
    assert links["canonical"] == RECORDS["levitus-climatology"].rendered_at("records")
