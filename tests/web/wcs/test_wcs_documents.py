"""What the service tells of itself and of its coverages, and to whom."""

import asyncio

import pytest
from lxml import etree

from tests.web.wcs.builders import TEMP, URL, UWND, WcsDoor, get, told

CAPABILITIES = get("GetCapabilities")


def coverages(answer) -> set[str]:
    assert answer.status_code == 200
    return coverages_of(etree.fromstring(answer.content))


def coverages_of(root: etree._Element) -> set[str]:
    return {one.text or "" for one in root.iterfind(".//{*}CoverageId")}


@pytest.mark.parametrize(
    ("bearer", "seen"),
    [(None, {TEMP, "levitus-climatology__SALT"}), ("ann", {TEMP, "levitus-climatology__SALT"}),
     ("nav", {TEMP, "levitus-climatology__SALT", UWND, "navy-winds__VWND"})],
)  # fmt: skip
def test_capabilities_list_what_the_caller_may_see(bearer, seen):
    assert coverages(WcsDoor().client(bearer).get("/wcs", params=CAPABILITIES)) == seen


@pytest.mark.parametrize("path", ["/wcs", "/motu-web/wcs"])
def test_addresses_are_the_units_own_whoever_asks_by_which_name(path):
    answer = WcsDoor().client().get(path, params=CAPABILITIES, headers={"host": "evil.test"})
    root = etree.fromstring(answer.content)
    links = [
        one.get("{http://www.w3.org/1999/xlink}href") for one in root.iter("{*}Get", "{*}Post")
    ]
    assert set(links) == {f"{URL}{path}", f"{URL}{path}?"}
    assert len(links) == 6


def test_capabilities_may_be_kept_a_while_by_those_who_asked():
    answer = WcsDoor().client().get("/wcs", params=CAPABILITIES)
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert answer.headers["vary"] == "Authorization"
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    asked = CAPABILITIES | {"acceptFormats": "application/xml,text/xml"}
    answer = WcsDoor().client().get("/wcs", params=asked)
    assert answer.headers["content-type"] == "application/xml"


def test_what_a_client_has_already_is_not_told_again():
    client = WcsDoor().client()
    sequence = etree.fromstring(client.get("/wcs", params=CAPABILITIES).content).get(
        "updateSequence"
    )
    assert sequence
    short = client.get("/wcs", params=CAPABILITIES | {"updateSequence": sequence})
    assert len(etree.fromstring(short.content)) == 0
    later = client.get("/wcs", params=CAPABILITIES | {"updateSequence": "9999"})
    assert told(later) == (400, "InvalidUpdateSequence", "updateSequence")
    earlier = client.get("/wcs", params=CAPABILITIES | {"updateSequence": "1999"})
    assert len(etree.fromstring(earlier.content)) == 5


def test_what_is_seen_anew_is_told_whatever_is_newest():
    """One dataset less, or another account: the newest may be the same, or older."""
    door = WcsDoor()
    seen = etree.fromstring(door.client("nav").get("/wcs", params=CAPABILITIES).content)
    asked = CAPABILITIES | {"updateSequence": seen.get("updateSequence", "")}
    assert UWND in coverages_of(seen)
    found = etree.fromstring(door.client("ann").get("/wcs", params=asked).content)
    assert coverages_of(found) == {TEMP, "levitus-climatology__SALT"}


@pytest.mark.parametrize(
    ("accepted", "version"),
    [("2.0.1", "2.0.1"), ("2.0.0", "2.0.0"), ("1.1.0,2.0.0,2.0.1", "2.0.0"), (",", "2.0.1")],
)
def test_a_client_is_told_in_the_first_version_that_it_accepts(accepted, version):
    answer = WcsDoor().client().get("/wcs", params=CAPABILITIES | {"acceptVersions": accepted})
    assert etree.fromstring(answer.content).get("version") == version


def test_sections():
    client = WcsDoor().client()
    answer = client.get("/wcs", params=CAPABILITIES | {"sections": "ServiceProvider"})
    names = [etree.QName(one).localname for one in etree.fromstring(answer.content)]
    assert names == ["ServiceProvider", "ServiceMetadata"]
    answer = client.get("/wcs", params=CAPABILITIES | {"sections": "Weather"})
    assert told(answer) == (400, "InvalidParameterValue", "sections")


def test_several_coverages_are_described_in_order():
    asked = get("DescribeCoverage", coverageId=f"{UWND},{TEMP},{UWND}")
    answer = WcsDoor().client("nav").get("/wcs", params=asked)
    names = [one.text for one in etree.fromstring(answer.content).iterfind(".//{*}CoverageId")]
    assert names == [UWND, TEMP]
    assert answer.headers["cache-control"] == "private, max-age=300"


@pytest.mark.parametrize("operation", ["DescribeCoverage", "GetCoverage"])
def test_what_is_kept_from_the_caller_is_unknown_in_the_same_words(operation):
    client = WcsDoor().client("ann")
    hidden = client.get("/wcs", params=get(operation, coverageId=UWND))
    absent = client.get("/wcs", params=get(operation, coverageId="navy-waves__UWND"))
    other = client.get("/wcs", params=get(operation, coverageId="levitus-climatology__UWND"))
    assert told(hidden) == (404, "NoSuchCoverage", UWND)
    assert hidden.text.replace(UWND, "x") == absent.text.replace("navy-waves__UWND", "x")
    assert hidden.text.replace(UWND, "x") == other.text.replace("levitus-climatology__UWND", "x")


def test_one_unknown_coverage_of_several_is_an_exception():
    asked = get("DescribeCoverage", coverageId=f"{TEMP},{UWND}")
    assert told(WcsDoor().client().get("/wcs", params=asked))[1:] == ("NoSuchCoverage", UWND)


def test_a_dataset_that_is_taken_away_meanwhile_is_left_out():
    door = WcsDoor()
    client = door.client("nav")
    del door.world.catalogue.coverages["levitus-climatology", "r1"]
    assert coverages(client.get("/wcs", params=CAPABILITIES)) == {UWND, "navy-winds__VWND"}


def test_a_catalogue_that_is_away_is_told_with_a_time_to_come_back():
    door = WcsDoor()
    door.world.catalogue.available = False
    answer = door.client().get("/wcs", params=CAPABILITIES)
    assert told(answer) == (503, "NoApplicableCode", "")
    assert int(answer.headers["retry-after"]) > 0
    assert len(door.heard.faults) == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/", 404), ("GET", "/wcs/x", 404), ("GET", "/wcs/", 404), ("PUT", "/wcs", 405),
     ("DELETE", "/wcs", 405)],
)  # fmt: skip
def test_what_is_not_there_is_told_as_an_exception(method, path, status):
    answer = WcsDoor().client().request(method, path)
    assert told(answer) == (status, "NoApplicableCode", "")


def test_a_head_orders_nothing():
    door = WcsDoor()
    asked = get("GetCoverage", coverageId=TEMP) | {"subset": "Lat(0,10)"}
    assert door.client().head("/wcs", params=asked).status_code == 405
    assert door.world.untouched()


@pytest.mark.parametrize(
    ("query", "status"),
    [(b"service=WCS&request=GetCapabilities&x=\xff", 400),
     (b"service=WCS&request=GetCapabilities&x=\xc3\xa4 #[", 200)],
)  # fmt: skip
def test_a_query_of_bytes_that_no_address_has_is_answered(query, status):
    door, answered = WcsDoor(), []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        answered.append(message)

    scope = {"type": "http", "method": "GET", "path": "/wcs", "query_string": query, "headers": []}
    asyncio.run(door.app(door.pause)(scope, receive, send))
    assert answered[0]["status"] == status


def test_a_refusal_is_told_to_operators_as_a_fact():
    door = WcsDoor()
    door.client().get("/wcs", params={"service": "WCS"})
    assert (door.heard.refusals, door.heard.faults) == (["invalid-request"], [])


def test_an_unforeseen_error_tells_its_correlation_id_and_nothing_else():
    door = WcsDoor()
    door.world.catalogue.entries = lambda: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    asked = {"x-correlation-id": "my-own-id-1"}
    answer = door.client().get("/wcs", params=CAPABILITIES, headers=asked)
    assert told(answer) == (500, "NoApplicableCode", "")
    assert answer.headers["x-correlation-id"] == "my-own-id-1"
    assert "my-own-id-1" in answer.text
    assert "division" not in answer.text
    assert len(door.heard.faults) == 1
