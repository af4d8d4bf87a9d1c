"""OAI-PMH 2.0: a harvester takes all records once, and is told in its own words what is not."""

from urllib.parse import quote

import pytest
from httpx2 import Response
from lxml import etree

from tests.web.catalogue.world import HIDDEN, URL, more_than_a_page, shared

pytestmark = pytest.mark.slow

LIST = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"
SCRIPT = "2000</oai:resumptionToken><x:script\txmlns:x='http://www.w3.org/1999/xhtml'>1</x:script>"


def root_of(answer: Response) -> etree._Element:
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml"
    return etree.fromstring(answer.content)


def found(root: etree._Element, name: str) -> list[str | None]:
    return [one.text for one in root.iter(f"{{http://www.openarchives.org/OAI/2.0/}}{name}")]


def test_a_harvester_takes_each_record_once():
    client = more_than_a_page().client(anonymous=True)
    first = root_of(client.get(f"{LIST}&from=2000-01-01&until=2100-01-01"))
    (token,) = first.iter("{*}resumptionToken")
    assert (token.get("completeListSize"), token.get("cursor")) == ("101", "0")
    rest = root_of(client.get(f"/oai?verb=ListIdentifiers&resumptionToken={token.text}"))
    (last,) = rest.iter("{*}resumptionToken")
    assert (last.text, last.get("cursor")) == (None, "100")
    taken = found(first, "identifier") + found(rest, "identifier")
    assert len(taken) == len(set(taken)) == 101
    assert set(found(rest, "setSpec")) == {"datasets"}
    (request,) = rest.iter("{*}request")
    assert request.text == f"{URL}/oai"
    assert dict(request.items()) == {"verb": "ListIdentifiers", "resumptionToken": token.text}


@pytest.mark.parametrize("name", ["from", "until", "metadataPrefix", "set", "resumptionToken"])
@pytest.mark.parametrize("value", [SCRIPT, "\\q", "\\g<0>", "2000-01-01T00:00:00Z<x"])
def test_what_is_sent_is_no_part_of_the_document(name, value):
    said = {"metadataPrefix": "oai_dc", name: value}
    if name == "resumptionToken":
        del said["metadataPrefix"]
    query = "&".join(f"{key}={quote(text)}" for key, text in said.items())
    root = root_of(more_than_a_page().client().get(f"/oai?verb=ListIdentifiers&{query}"))
    assert list(root.iter("{http://www.w3.org/1999/xhtml}script")) == []
    assert len(list(root.iter("{*}error"))) == 1


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nothing", "badVerb"),
        ("verb=Identify&metadataPrefix=oai_dc", "badArgument"),
        ("verb=Identify&a=%0B", "badArgument"),
        ("verb=Identify&a%20b=1", "badArgument"),
        ("verb=Identify&from=%5Cq", "badArgument"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-03&until=2026", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-03&until=2026-02-02", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=pictures", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=interactiveResources", "noRecordsMatch"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&from=2100-01-01", "noRecordsMatch"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=2000-01-01", "noRecordsMatch"),
        ("verb=ListIdentifiers&resumptionToken=3", "badResumptionToken"),
        ("verb=ListIdentifiers&resumptionToken=oai_dc.101~~", "badResumptionToken"),
        ("verb=ListIdentifiers&resumptionToken=oai_dc.2~~&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListIdentifiers&resumptiontoken=3&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListSets&resumptionToken=oai_dc.2~~", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=nothing.there", "idDoesNotExist"),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={HIDDEN}", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=nothing.there", "idDoesNotExist"),
    ],
)
@pytest.mark.parametrize("door", ["/oai?", "/csw?mode=oaipmh&"])
def test_what_is_not_is_told_by_its_code(door, query, code):
    root = root_of(shared().client().get(f"{door}{query}"))
    assert [etree.QName(one).localname for one in root] == ["responseDate", "request", "error"]
    assert (root[1].text, dict(root[1].items())) == (f"{URL}/oai", {})
    assert root[2].get("code") == code
    assert root[2].text


@pytest.mark.parametrize("day", ["2026-01-01", "2026-01-01T00:00:00Z"])
def test_a_period_has_its_first_and_its_last_instant(day):
    root = root_of(shared().client().get(f"{LIST}&from={day}&until={day}"))
    assert found(root, "identifier") == ["levitus.levitus-climatology", "levitus.across"]


@pytest.mark.parametrize("form", ["oai_dc", "iso19139", "csw-record", "datacite", "dif", "gm03"])
def test_a_record_is_had_in_every_format(form):
    client = shared().client()
    query = f"/oai?verb=GetRecord&metadataPrefix={form}&identifier=levitus.across"
    root = root_of(client.get(query))
    assert len(list(root.iter("{*}record"))) == 1
    assert form in found(root_of(client.get("/oai?verb=ListMetadataFormats")), "metadataPrefix")


def test_the_repository_names_its_door():
    root = root_of(shared().client().get("/oai?verb=Identify"))
    assert found(root, "baseURL") == found(root, "request") == [f"{URL}/oai"]
    here = root_of(shared().client().get("/oai?verb=ListMetadataFormats&identifier=levitus.across"))
    assert "oai_dc" in found(here, "metadataPrefix")


@pytest.mark.parametrize(("path", "status"), [("/oai/other", 404), ("/oai", 405)])
def test_what_is_no_request_of_the_protocol_is_told_by_http(path, status):
    answer = shared().client().post(path) if status == 405 else shared().client().get(path)
    assert answer.status_code == status
