"""Orders at the Motu door, as motuclient places and follows them."""

from urllib.parse import urlsplit

import pytest

from atoll.errors import Unavailable
from atoll.model.job import GUEST, Download, Reason
from atoll.model.policy import Allowance, Policy, PolicyVersion
from atoll.model.request import Interval
from atoll.services.completion import settle_job
from tests.fakes import FakeResults
from tests.web.motu.builders import OPEN, ORDER, MotuUnderTest, attributes, polling

MOTUCLIENT = {"x-client-id": "motuclient-python", "x-client-version": "3.0.0"}


class SignedResults(FakeResults):
    """A store whose addresses are signed."""

    def url(self, wanted: Download, lifetime_s: int) -> str:
        return f"https://s3.test/{wanted.key}?a={lifetime_s}&b=<2>"


def test_an_order_is_accepted_at_once_and_is_the_same_order_as_at_any_door():
    door = MotuUnderTest()
    told = door.say(ORDER, headers=MOTUCLIENT)
    assert told == {
        "code": "010-0",
        "msg": "request in progress",
        "scriptVersion": "3.0.0",
        "requestId": told["requestId"],
        "status": "0",
    }
    job = door.world.ledger.rows[told["requestId"]]
    assert job.account_id == GUEST.account_id
    assert (job.origin.door, job.origin.host) == ("motu", "")
    assert job.origin.agent == "motuclient-python/3.0.0 (script 3.0.0)"
    assert job.request.depth == Interval(lower=0, upper=500)
    assert job.request.variables == ("sea_water_temperature", "SALT")
    assert job.request.time is None  # the dataset has no times, and motuclient always sends one
    assert job.plan.format == "netcdf3"
    assert door.heard.orders == [job.job_id]
    assert door.world.workflow.started[job.job_id].correlation_id == job.correlation_id
    assert door.pauses_s == []


def test_the_same_order_again_is_served_by_the_first():
    door = MotuUnderTest()
    first, second = door.order(), door.order()
    assert first != second
    assert door.world.ledger.rows[second].leader == first
    assert len(door.world.workflow.started) == 1


def test_the_host_is_kept_where_the_operator_keeps_it():
    door = MotuUnderTest()
    door.limited(keeps_hosts=True)
    assert door.world.ledger.rows[door.order()].origin.host == "testclient"


def test_a_small_job_is_done_at_the_first_poll():
    door = MotuUnderTest()
    job_id = door.order()
    door.later(1.5, lambda: door.settle(job_id))
    told = door.poll(job_id)
    assert told["status"] == "1"
    assert told["remoteUri"].startswith(f"https://results.test/results/{job_id}/subset.nc?")
    assert (told["code"], told["msg"], told["requestId"]) == ("004-0", "", job_id)
    assert told["dateSubmit"] == "2026-11-01T12:00:00.000Z"
    assert told["dateProc"] > told["dateSubmit"]
    assert float(told["size"]) == 3 / 2**20
    assert 1.5 <= sum(door.pauses_s) < 3


def test_the_address_is_signed_at_each_poll_and_its_ampersand_escaped():
    door = MotuUnderTest()
    door.world.results = SignedResults()
    job_id = door.order()
    door.settle(job_id)
    answer = door.ask(polling(job_id))
    assert "?a=3600&amp;b=&lt;2&gt;" in answer.text
    assert attributes(answer)["remoteUri"].endswith("?a=3600&b=<2>")


@pytest.mark.parametrize(("status", "told"), [("accepted", "3"), ("running", "0")])
def test_a_job_that_is_not_done_is_polled_on(status, told):
    door = MotuUnderTest()
    job_id = door.order()
    door.change(job_id, status=status)
    answer = door.poll(job_id)
    assert (answer["status"], answer["msg"]) == (told, "request in progress")
    assert "remoteUri" not in answer
    assert sum(door.pauses_s) == pytest.approx(10)
    assert door.poll(job_id)["status"] == told
    assert sum(door.pauses_s) == pytest.approx(10)  # it is not young any more


def test_a_job_that_failed_says_why_in_one_line():
    door = MotuUnderTest()
    job_id = door.order()
    job, world = door.world.ledger.rows[job_id], door.world
    reason = Reason(code="data-error", detail="chunk 7\nis damaged & <gone>")
    world.ledger.release(job, reason, world.now())
    told = door.poll(job_id)
    assert (told["status"], told["code"]) == ("2", "004-27")
    assert told["msg"] == "010-27 : chunk 7 is damaged & <gone>"


def test_a_job_that_was_cancelled_is_no_success():
    door = MotuUnderTest()
    job_id = door.order()
    door.world.ledger.dismiss(door.world.ledger.rows[job_id], door.world.now())
    assert (door.poll(job_id)["status"], door.poll(job_id)["code"]) == ("2", "004-19")


def test_a_result_that_has_expired_is_an_error():
    door = MotuUnderTest()
    job_id = door.order()
    door.settle(job_id)
    door.world.later(86_400 * 2)
    told = door.poll(job_id)
    assert (told["status"], told["code"]) == ("2", "004-19")
    assert "expired" in told["msg"]


@pytest.mark.parametrize("requestid", ["", "1474304182183", "a%20b", "%00", "x" * 3000])
def test_an_unknown_request_is_told_in_xml(requestid):
    told = MotuUnderTest().say(f"action=getreqstatus&requestid={requestid}")
    assert (told["status"], told["code"]) == ("2", "004-19")
    assert told["msg"].startswith("004-19 : The request id is not valid.")


def test_a_ledger_that_is_away_ends_no_polling():
    door = MotuUnderTest()
    job_id = door.order()
    door.world.ledger.available = False
    assert door.poll(job_id)["status"] == "3"
    assert isinstance(door.heard.faults[-1], Unavailable)


def test_signing_that_is_away_ends_no_polling_of_a_job_that_is_done():
    door = MotuUnderTest()
    job_id = door.order()
    door.settle(job_id)
    door.world.results.available = False
    assert door.poll(job_id)["status"] == "0"


def test_a_set_of_files_of_another_door_is_not_handed_out_in_part():
    door = MotuUnderTest()
    job_id = door.order()
    door.change(job_id, tier="big", files=2)
    made = tuple(door.world.make_result(job_id, name=name) for name in ("a.nc", "b.nc"))
    door.world.results.reports[job_id] = made
    settle_job(job_id, None, door.world.ports.ends)
    told = door.poll(job_id)
    assert told["status"] == "2"
    assert f"GET /jobs/{job_id}/results" in told["msg"]


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        (ORDER.replace("Levitus-TDS", "nowhere"), 30, "service is unknown: 'nowhere'"),
        (ORDER.replace("Levitus-TDS", "GLO%23x%20y%26%C3%A9"), 30, "unknown: 'GLO#x y&é'"),
        (ORDER.replace("Levitus-TDS", "A&B"), 30, "service is unknown: 'A'"),
        (ORDER.replace("Levitus-TDS", "%00%01%3C"), 30, r"'\x00\x01<'"),
        (ORDER.replace("levitus-climatology", "nothing"), 29, "product/dataset is unknown"),
        (ORDER.replace("levitus-climatology", "a%20b"), 29, "product/dataset is unknown: 'a b'"),
        (ORDER.replace("levitus-climatology", "%25ff"), 26, "percent-encode text as UTF-8"),
        (ORDER.replace("y_lo=30.0", "y_lo=100"), 26, "Parameter 'y_lo' has not a valid value 100"),
        (ORDER.replace("SALT", "sugar"), 13, "sugar"),
        (ORDER.replace("output=netcdf", "output=csv"), 26, "Parameter 'output'"),
        (ORDER.replace("z_lo=0.0&z_hi=500", "z_lo=31&z_hi=32"), 9, "values >= 50.0"),
        (ORDER.replace("SALT", "%ff"), 26, "Parameter 'variable'"),
        ("action=productdownload&mode=status", 26, "Parameter 'service' is not defined"),
    ],
)
def test_what_is_wrong_with_an_order_is_told_in_xml_and_changes_nothing(query, code, said):
    door = MotuUnderTest()
    told = door.say(query)
    assert (told["status"], told["code"]) == ("2", f"010-{code}"), told
    assert told["msg"].startswith(f"010-{code} : ")
    assert said in told["msg"]
    assert "requestId" not in told
    assert door.world.untouched()
    assert door.heard.faults == []


def test_a_dataset_that_one_may_not_know_of_looks_like_one_that_is_not_there():
    door = MotuUnderTest()
    unknown = door.say(ORDER.replace("levitus-climatology", "nothing"))["msg"]
    kept = door.say(ORDER.replace("levitus-climatology", "navy-winds"))["msg"]
    assert kept == unknown.replace("nothing", "navy-winds")
    service = door.say(ORDER.replace("Levitus-TDS", "navy"))["msg"]
    assert "navy" not in service.replace("unknown: 'navy'", "")


def test_a_dataset_of_another_service_is_not_of_this_one():
    door = MotuUnderTest()
    told = door.say(ORDER.replace("Levitus-TDS", "nav"), OPEN)
    assert told["code"] == "010-30"
    assert told["msg"].endswith("Known to this account: levitus.")


@pytest.mark.parametrize("service", ["levitus", "LEVITUS-tds", "levitus-TDS"])
def test_a_service_is_a_product_in_either_case_with_or_without_its_ending(service):
    assert MotuUnderTest().order(ORDER.replace("Levitus-TDS", service))


def test_quotas_hold_for_all_guests_together():
    door = MotuUnderTest()
    policy = Policy(allowances={"anonymous": Allowance(bytes_per_month=10)})
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))
    told = door.say(ORDER)
    assert (told["status"], told["code"]) == ("2", "010-16")


def test_an_unforeseen_error_is_told_in_xml_and_to_operators():
    door = MotuUnderTest()
    door.world.workflow.started = None  # type: ignore[assignment]
    told = door.say(ORDER)
    assert (told["status"], told["code"]) == ("2", "010-1")
    assert "NoneType" not in told["msg"]
    assert len(door.heard.faults) == 1


def public_winds(door: MotuUnderTest) -> str:
    """The restricted dataset, open to everybody; an order of all of it."""
    coverage = door.world.catalogue.coverages["navy-winds", "r1"]
    public = coverage.model_copy(update={"dataset": "winds", "profiles": None})
    door.world.catalogue.publish(public)
    return "action=productdownload&mode=status&service=navy&product=winds"


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ("t_hi=1970-01-01%2000:00:00", "Valid range is: [1982-01-16 20:00:00,1992-12-17"),
        ("t_lo=2020-01-01&t_hi=2020-01-02", "Invalid date range: [2020-01-01 00:00:00,2020-01-0"),
        ("t_lo=1982-01-17&t_hi=1982-01-18", "values <= 1982-01-16 20:00:00 and values >= 1982-02"),
    ],
)
def test_a_time_without_data_is_told_with_what_lies_beside_it(bounds, said):
    door = MotuUnderTest()
    told = door.say(f"{public_winds(door)}&{bounds}")
    assert (told["status"], told["code"]) == ("2", "010-6")
    assert said in told["msg"], told["msg"]


@pytest.mark.parametrize(
    "bounds",
    [
        "x_lo=-180.0&x_hi=180.0&y_lo=-90.0&y_hi=90.0&t_hi=2126-01-01%2000:00:00",
        "z_lo=0&z_hi=10&t_lo=1982-01-01",
        "z_lo=Surface&z_hi=Surface",
    ],
)
def test_bounds_that_do_not_matter_do_not(bounds):
    door = MotuUnderTest()
    order = public_winds(door)
    everything = door.world.ledger.rows[door.order(order)].plan
    assert door.world.ledger.rows[door.order(f"{order}&{bounds}")].plan == everything


def test_an_order_of_several_files_is_refused_and_told_where_it_is_served():
    door = MotuUnderTest()
    order = public_winds(door)
    door.limited(small_bytes=1, file_bytes=2**20)
    told = door.say(order)
    assert (told["status"], told["code"]) == ("2", "010-7")
    assert "shall be less than 1Mb" in told["msg"]
    assert "POST /processes/subset/execution" in told["msg"]
    assert door.world.untouched()


def test_scripts_are_not_echoed_where_they_are_no_plain_text():
    door = MotuUnderTest()
    sent = ORDER.replace("scriptVersion=3.0.0", "scriptVersion=%00%3Cb%3E%0A")
    assert door.say(sent)["scriptVersion"] == ""
    assert door.say(ORDER.replace("3.0.0", "a<b>"))["scriptVersion"] == "a<b>"


def test_every_answer_has_a_correlation_id():
    door = MotuUnderTest()
    answer = door.ask(ORDER, headers={"x-correlation-id": "my-own-id-1"})
    assert answer.headers["x-correlation-id"] == "my-own-id-1"
    assert door.world.ledger.rows[attributes(answer)["requestId"]].correlation_id == "my-own-id-1"
    assert urlsplit(f"{answer.url}").path == OPEN
