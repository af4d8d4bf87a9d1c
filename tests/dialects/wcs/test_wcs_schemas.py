"""Every document is what its schema says; see tests/schemas/ogc/README.md."""

from pathlib import Path

import pytest
from lxml import etree

from tests.dialects.wcs.documents import documents
from tests.dialects.wcs.test_wcs_post import get_coverage

SCHEMAS = Path(__file__).parents[2] / "schemas" / "ogc"
SCHEMA = etree.XMLSchema(etree.parse(SCHEMAS / "wcs.xsd"))
DOCUMENTS = {name: text for name, text in documents().items() if name.endswith(".xml")}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_document_is_valid(name):
    SCHEMA.assertValid(etree.fromstring(DOCUMENTS[name]))


@pytest.mark.parametrize("name", ["capabilities.xml", "capabilities-contents.xml"])
def test_all_capabilities_but_those_that_are_known_have_service_metadata(name):
    """The schema of WCS 2.0.0 demands it, that of 2.0.1 does not."""
    assert etree.fromstring(DOCUMENTS[name]).find("{*}ServiceMetadata") is not None


def test_our_own_requests_are_valid():
    SCHEMA.assertValid(etree.fromstring(get_coverage()))


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("describecoverage.xml", b"<gml:low>0 0</gml:low>", b""),
        ("describecoverage.xml", b'srsDimension="2"', b'srsDimension="two"'),
        ("describecoverage.xml", b'gml:id="sea__thetao"', b'gml:id="2 sea"'),
        ("describecoverage.xml", b'code="degree_C"', b'code="degree C"'),
        ("describecoverage.xml", b"T00:00:00Z</gml:begin", b"</gml:begins"),
        ("capabilities.xml", b"<ows:ServiceContact/>", b"<ows:Contact/>"),
        ("capabilities.xml", b"<inspire_common:Language>eng", b"<inspire_common:Language>English"),
        ("exception-NoSuchField.xml", b'version="2.0.0"', b""),
    ],
)
def test_the_schemas_find_faults(name, right, wrong):
    assert right in DOCUMENTS[name]
    spoilt = DOCUMENTS[name].replace(right, wrong, 1)
    assert not valid(spoilt)


def valid(document: bytes) -> bool:
    try:
        return SCHEMA.validate(etree.fromstring(document))
    except etree.XMLSyntaxError:
        return False
