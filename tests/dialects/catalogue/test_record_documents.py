"""What users should read of a product is linked in every form of its record."""

import json

import pytest
from lxml import etree

from tests.dialects.catalogue.builders import DOCUMENTS, RECORDS, record, text_of
from tests.planning.builders import levitus_coverage
from tests.web.builders import DoorUnderTest

ADDRESSES = [one.url for one in DOCUMENTS]
TITLES = ["Product User Manual", "Quality Information Document"]
NAMESPACES = {"gmd": "http://www.isotc211.org/2005/gmd", "gco": "http://www.isotc211.org/2005/gco"}


@pytest.mark.parametrize("form", ["records", "stac"])
def test_in_links(form):
    links = json.loads(text_of(RECORDS["documented"], form))["links"]
    found = [(one["href"], one["title"]) for one in links if one["rel"] == "describedby"]
    assert found == list(zip(ADDRESSES, TITLES, strict=True))


def test_in_dcat():
    document = json.loads(text_of(RECORDS["documented"], "dcat"))
    assert document["foaf:page"] == [{"@id": address} for address in ADDRESSES]
    assert "foaf:page" not in json.loads(text_of(RECORDS["told"], "dcat"))


def test_in_iso():
    root = etree.fromstring(text_of(RECORDS["documented"], "iso").encode())
    found = [
        (
            one.findtext("gmd:linkage/gmd:URL", namespaces=NAMESPACES),
            one.findtext("gmd:description/gco:CharacterString", namespaces=NAMESPACES),
        )
        for one in root.iterfind(".//gmd:onLine/gmd:CI_OnlineResource", NAMESPACES)
        if one.find("gmd:function/*[@codeListValue='information']", NAMESPACES) is not None
    ]
    assert found == list(zip(ADDRESSES, TITLES, strict=True))


def test_what_is_no_address_is_no_link():
    odd = DOCUMENTS[0].model_copy(update={"url": "https://example.org/[1]"})
    made = record(levitus_coverage(documents=(odd,)))
    for form in ("records", "stac", "dcat", "iso"):
        assert odd.url not in text_of(made, form)


def test_at_the_door():
    door = DoorUnderTest()
    door.world.catalogue.publish(levitus_coverage("documented", documents=DOCUMENTS))
    links = door.client(None).get("/datasets/documented").json()["links"]
    found = [(one["href"], one["title"]) for one in links if one["rel"] == "describedby"]
    assert found[1:] == list(zip(ADDRESSES, TITLES, strict=True))
