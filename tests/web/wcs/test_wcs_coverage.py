"""GetCoverage: an order, and an answer that waits for it."""

import asyncio
from dataclasses import replace
from email import message_from_bytes
from email.policy import HTTP

import pytest
from lxml import etree

from atoll.model.job import GUEST, Reason
from atoll.model.policy import Allowance, Policy, PolicyVersion
from atoll.web.wcs.deliver import SAME_ORDER_S
from tests.dialects.wcs.test_wcs_post import get_coverage
from tests.web.wcs.builders import JOB, TEMP, URL, UWND, WcsDoor, get, text_of, told

BOX = get("GetCoverage", coverageId=TEMP) | {"subset": "Lat(0,10)"}
LARGE = b"CDF" + bytes(4 * 2**20)


def asked(door: WcsDoor, bearer: str | None = "ann", **said: str):
    client = door.client(bearer)
    client.follow_redirects = False
    return client.get("/wcs", params=BOX | said)


def parts_of(answer):
    header = f"Content-Type: {answer.headers['content-type']}\r\n\r\n"
    return list(message_from_bytes(header.encode() + answer.content, policy=HTTP).iter_parts())


@pytest.mark.parametrize("path", ["/wcs", "/motu-web/wcs"])
def test_a_small_coverage_is_in_the_answer(path):
    door = WcsDoor()
    door.makes(b"CDF of ours")
    answer = door.client().get(path, params=BOX)
    assert (answer.status_code, answer.content) == (200, b"CDF of ours")
    assert answer.headers["content-type"] == "application/netcdf"
    assert answer.headers["content-disposition"] == 'attachment; filename="subset.nc"'
    assert answer.headers["cache-control"] == "no-store"
    job = door.world.ledger.get(JOB)
    assert (job.account_id, job.origin.door, job.correlation_id) == ("ann-id", "wcs", "id-00001")
    assert door.heard.orders == [JOB]


def test_a_coverage_is_ordered_by_post():
    door = WcsDoor()
    door.makes(b"CDF")
    body = get_coverage().replace(b"a__b", TEMP.encode())
    answer = door.client().post("/wcs", content=body, headers={"content-type": "text/xml"})
    assert (answer.status_code, answer.content) == (200, b"CDF")


def test_a_large_coverage_is_a_redirect_to_its_file():
    door = WcsDoor()
    door.makes(LARGE)
    answer = asked(door)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"https://results.test/results/{JOB}/subset.nc")
    assert answer.headers["cache-control"] == "no-store"


def test_the_largest_that_is_answered_with_is_of_four_mebibytes():
    door = WcsDoor()
    door.makes(LARGE[: 4 * 2**20])
    answer = asked(door)
    assert (answer.status_code, len(answer.content)) == (200, 4 * 2**20)


def test_a_message_has_the_description_and_the_file():
    door = WcsDoor()
    door.makes(b"CDF\r\n--of ours")
    gml, file = parts_of(asked(door, mediaType="multipart/related"))
    root = etree.fromstring(gml.get_content())
    assert root.findtext(".//{*}fileReference") == "cid:subset.nc"
    assert file["content-id"] == "<subset.nc>"
    assert file.get_content() == b"CDF\r\n--of ours"
    assert root.findtext(".//{*}high") == "359 9"


@pytest.mark.parametrize(
    ("crs", "corner", "labels"), [("CRS:84", "20.5 0.5", "Long Lat"), ("", "0.5 20.5", "Lat Long")]
)
def test_a_description_is_in_the_system_that_is_asked_for(crs, corner, labels):
    door = WcsDoor()
    door.makes(b"CDF")
    gml, _ = parts_of(asked(door, mediaType="multipart/related", outputCrs=crs))
    root = etree.fromstring(gml.get_content())
    assert root.findtext(".//{*}lowerCorner") == corner
    envelope = root.find(".//{*}Envelope")
    assert envelope is not None
    assert envelope.get("axisLabels") == f"{labels} depth"
    assert {one.get("srsName") for one in root.iter() if "srsName" in one.attrib} == {
        envelope.get("srsName")
    }


def test_a_message_of_a_large_coverage_has_its_address():
    door = WcsDoor()
    door.makes(LARGE)
    (gml,) = parts_of(asked(door, mediaType="multipart/related"))
    reference = etree.fromstring(gml.get_content()).findtext(".//{*}fileReference") or ""
    assert reference.startswith(f"https://results.test/results/{JOB}/subset.nc?")


def test_when_time_is_up_the_way_without_a_clock_is_told():
    door = WcsDoor()
    answer = asked(door)
    assert told(answer) == (503, "NoApplicableCode", JOB)
    assert answer.headers["retry-after"] == "10"
    assert f"{URL}/processes/subset/execution" in text_of(answer)
    assert f"job {JOB} is accepted" in text_of(answer)
    assert sum(door.pauses_s) == pytest.approx(24)
    assert door.world.ledger.get(JOB).status == "accepted"


def test_who_asks_again_waits_for_the_same_extraction():
    door = WcsDoor()
    asked(door)
    again = asked(door)
    assert told(again)[0] == 503
    assert list(door.world.workflow.started) == [JOB]
    door.makes(b"CDF")
    assert asked(door).content == b"CDF"
    assert list(door.world.workflow.started) == [JOB]
    assert sum(door.pauses_s) == pytest.approx(24 + 24 + 1, abs=1)


def test_who_asks_the_same_again_pays_once():
    """GDAL asks for four nodes whenever it opens a coverage."""
    door = WcsDoor()
    door.makes(b"CDF")
    assert [asked(door).content for _ in range(3)] == [b"CDF"] * 3
    assert list(door.world.ledger.rows) == [JOB]
    assert door.heard.orders == [JOB]
    assert asked(door, subset="Lat(0,11)").status_code == 503
    asked(door, "nav")
    door.world.later(SAME_ORDER_S)
    asked(door)
    assert len(door.world.ledger.rows) == 4


def test_what_has_come_to_nothing_is_made_anew():
    door = WcsDoor()
    reason = Reason(code="data-error", detail="chunk 7 is damaged")
    ledger = door.world.ledger
    door.later(1, lambda: ledger.release(ledger.get(JOB), reason, door.world.now()))
    assert told(asked(door))[0] == 500
    assert told(asked(door))[0] == 503
    assert len(ledger.rows) == 2


def test_the_reason_of_a_failure_is_told():
    door = WcsDoor()
    reason = Reason(code="data-error", detail="chunk 7 is damaged")
    ledger = door.world.ledger
    door.later(1, lambda: ledger.release(ledger.get(JOB), reason, door.world.now()))
    answer = asked(door)
    assert told(answer) == (500, "NoApplicableCode", JOB)
    assert "chunk 7 is damaged" in text_of(answer)


def test_a_job_that_is_cancelled_meanwhile_has_no_coverage():
    door = WcsDoor()
    ledger = door.world.ledger
    door.later(1, lambda: ledger.dismiss(ledger.get(JOB), door.world.now()))
    answer = asked(door)
    assert told(answer)[:2] == (404, "NoApplicableCode")
    assert "dismissed" in text_of(answer)


def test_a_set_of_files_is_told_where_it_is():
    door = WcsDoor()
    door.makes(b"CDF")

    def doubled() -> None:
        ledger, job = door.world.ledger, door.world.ledger.get(JOB)
        ledger.rows[JOB] = job.model_copy(update={"deliveries": job.deliveries * 2})

    door.later(1, doubled)
    answer = asked(door)
    assert told(answer) == (413, "NoApplicableCode", JOB)
    assert f"{URL}/jobs/{JOB}/results" in text_of(answer)


def test_who_has_not_signed_in_is_refused_and_nothing_is_changed():
    door = WcsDoor()
    answer = asked(door, None)
    assert told(answer) == (401, "NoApplicableCode", "")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert door.world.untouched()


def test_a_guest_orders_where_guests_are_served():
    door = WcsDoor(guests=True)
    door.makes(b"CDF")
    assert asked(door, None).content == b"CDF"
    job = door.world.ledger.get(JOB)
    assert (job.account_id, job.profiles) == (GUEST.account_id, GUEST.profiles)


@pytest.mark.parametrize("guests", [False, True])
def test_a_token_that_is_none_is_refused_also_where_guests_are_served(guests):
    door = WcsDoor(guests=guests)
    assert told(asked(door, "nonsense")) == (401, "NoApplicableCode", "Authorization")
    assert door.world.untouched()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"subset": "Lat(89.6,89.9)"}, (404, "InvalidSubsetting", "Lat")),
        ({"subset": "depth(6000)"}, (404, "InvalidSubsetting", "depth")),
        ({"subset": "time(1)"}, (404, "InvalidAxisLabel", "time")),
        ({"format": "image/tiff", "subset": "depth(0,100)"},
         (400, "InvalidParameterValue", "format")),
        ({"scaleSize": "i(359)"}, (404, "InvalidExtent", "359")),
        ({"version": "1.1.0"}, (400, "InvalidParameterValue", "version")),
    ],
)  # fmt: skip
def test_what_cannot_be_made_is_refused_and_nothing_is_changed(said, expected):
    door = WcsDoor()
    assert told(asked(door, **said)) == expected
    assert door.world.untouched()


def test_a_quota_is_a_refusal():
    door = WcsDoor()
    policy = Policy(allowances={"default": Allowance(bytes_per_month=1)})
    assert door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    assert told(asked(door))[:2] == (403, "NoApplicableCode")
    assert door.world.untouched()


def test_a_hard_limit_is_a_refusal():
    door = WcsDoor()
    door.world.limits = replace(door.world.limits, hard_limit_bytes=10)
    assert told(asked(door))[:2] == (403, "NoApplicableCode")


def test_results_that_are_away_are_told_with_a_time_to_come_back():
    door = WcsDoor()
    door.makes(b"CDF")
    door.later(1, lambda: setattr(door.world.results, "available", False))
    answer = asked(door)
    assert told(answer)[:2] == (503, "NoApplicableCode")
    assert int(answer.headers["retry-after"]) > 0


def test_a_body_is_read_no_further_than_it_may_be_long():
    door, received, answered = WcsDoor(), [], []

    async def receive():
        received.append(8192)
        return {"type": "http.request", "body": b"<" * 8192, "more_body": True}

    async def send(message):
        answered.append(message)

    scope = {"type": "http", "method": "POST", "path": "/wcs", "query_string": b"", "headers": []}
    asyncio.run(door.app(door.pause)(scope, receive, send))
    assert answered[0]["status"] == 413
    assert sum(received) == 65_536 + 8192


def test_a_document_with_entities_is_refused():
    body = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    answer = WcsDoor().client().post("/wcs", content=body)
    assert told(answer) == (400, "InvalidParameterValue", "body")
    assert "root:" not in answer.text


def test_a_restricted_coverage_is_for_those_who_may():
    door = WcsDoor()
    door.makes(b"CDF")
    answer = door.client("nav").get("/wcs", params=get("GetCoverage", coverageId=UWND))
    assert answer.content == b"CDF"
