"""What a text has that no document can hold makes neither its record unreadable nor another."""

import json

import pytest
from lxml import etree

from atoll.dialects.records.written import writable_record
from atoll.model.announcement import Announcement
from atoll.model.record import Record
from tests.dialects.catalogue.builders import RECORDS
from tests.web.catalogue.probes import CSW, CSW3, GMD, ITEMS, LIST
from tests.web.catalogue.world import CatalogueUnderTest

pytestmark = pytest.mark.slow

GOOD = RECORDS["levitus-climatology"]
PLACES = {
    "title": lambda text: {"title": text},
    "abstract": lambda text: {"abstract": text},
    "keywords": lambda text: {"keywords": ("sea", text)},
    "licence": lambda text: {"licence": text},
    "lineage": lambda text: {"lineage": text},
    "access point": lambda text: {
        "access_points": tuple(
            point.model_copy(update={"description": text})
            for point in RECORDS["across"].access_points
        )
    },
}
XML = [
    f"{CSW}&request=GetRecords&{LIST}",
    f"{CSW}&request=GetRecords&{LIST}&outputschema={GMD}",
    f"{CSW3}&request=GetRecords&{LIST}",
    "/opensearch?q=",
    "/oai?verb=ListRecords&metadataPrefix=oai_dc",
    "/oai?verb=ListRecords&metadataPrefix=iso19139",
]
JSON = [ITEMS, "/stac", "/stac/collections", "/stac/search"]


def strange(place: str, character: str) -> Record:
    changed = PLACES[place](f"a{character}b")
    named = {"identifier": place.replace(" ", "-")}
    return RECORDS["across"].model_copy(update=changed | named)


@pytest.mark.parametrize("character", ["\x0b", "\x00", "\x1f", "\ud800", "\ufffe"])
def test_each_door_tells_of_the_records_and_of_those_beside_them(character):
    records = [GOOD, *(strange(place, character) for place in PLACES)]
    told = [Announcement(record=one) for one in records]
    client = CatalogueUnderTest(told).client(anonymous=True)
    for url in (*XML, *JSON):
        answer = client.get(url)
        assert answer.status_code == 200, url
        assert [one.catalogue_id for one in records if one.catalogue_id not in answer.text] == []
        if url in XML:
            etree.fromstring(answer.content)
        else:
            # What is left of it is told as such.
            assert character not in json.dumps(answer.json(), ensure_ascii=False)


def test_what_can_be_written_stays_as_it_is():
    for record in RECORDS.values():
        assert writable_record(record) == record
    assert strange("title", "\x0b").title == "a\x0bb"
    assert writable_record(strange("title", "\x0b")).title == "a\N{REPLACEMENT CHARACTER}b"
