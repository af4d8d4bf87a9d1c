"""The other actions of the Motu door."""

from typing import Any

import pytest

from atoll.model.policy import Allowance, Policy, PolicyVersion, QueueRules, Slots
from atoll.web.motu.actions import ACTIONS
from tests.web.motu.builders import (
    BOX,
    CLOSED,
    OPEN,
    ORDER,
    URL,
    MotuUnderTest,
    attributes,
    element,
)
from tests.world import ANN, NAV

SIZE = f"action=getSize&{BOX}"
NAMED = "service=Levitus-TDS&product=levitus-climatology"
PAGES = {
    "listservices": "levitus",
    f"listcatalog&{NAMED}": "levitus-climatology",
    f"listproductmetadata&{NAMED}": "sea_water_temperature",
    f"productmetadatainfo&{NAMED}": "sea_water_temperature",
    f"productdownloadhome&{NAMED}": "--motu https://motu.test/motu-open/Motu --auth-mode none",
    "about": "Motu-products: 1.0.0",
    "welcome": "listservices",
    "httperror": "017-404 : The page was not found.",
    "httperror&code=403": "017-403 : Access forbidden.",
    "debug": "Request status",
    "queue-server": "Queue server general configuration",
    "refreshcache&token=x&configServiceNames=ALL": "019-10 : There is no cache to refresh",
    "healthz": "Server is ready.",
    "nothing%3Cscript%3E": "001-28 : The requested action is unknown: 'nothing&lt;script&gt;'",
    "delete": "001-28 : ",
    "%ff": "001-28 : The requested action is unknown: '%ff'",
}


def put(door: MotuUnderTest, policy: Policy) -> None:
    door.world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op"))


@pytest.mark.parametrize("action", PAGES)
def test_pages(action):
    answer = MotuUnderTest().ask(f"action={action}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert answer.headers["cache-control"] == "no-store"
    assert PAGES[action] in answer.text, answer.text


def test_every_action_is_tried_here_or_beside():
    tried = {name.partition("&")[0] for name in PAGES} | {
        "productdownload", "getreqstatus", "waitfor", "getsize", "describeproduct", "gettimecov",
        "describecoverage", "cachestatus", "ping", "logout",
    }  # fmt: skip
    assert set(ACTIONS) - tried == set()


@pytest.mark.parametrize("raw", ["", "action=", "action=None", "x=1", "Action=LISTSERVICES"])
def test_without_an_action_the_services_are_listed(raw):
    assert "Motu available services" in MotuUnderTest().ask(raw).text


def test_the_door_says_that_it_answers():
    answer = MotuUnderTest().ask("action=ping")
    assert answer.text == "OK - response action=ping"
    assert answer.headers["content-type"] == "text/plain; charset=UTF-8"


def test_a_door_without_its_catalogue_is_not_ready():
    door = MotuUnderTest()
    door.world.catalogue.available = False
    answer = door.ask("action=healthz")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=UTF-8")
    assert "020-1 : Sorry, the system is currently not available." in answer.text


def test_what_is_described_is_what_can_be_ordered():
    described = element(MotuUnderTest().ask(f"action=describeProduct&{NAMED}"))
    assert (described.tag, described.attrib["id"]) == ("productMetadataInfo", "levitus-climatology")
    assert described.attrib["url"] == (
        f"{URL}{OPEN}?action=productdownloadhome&service=levitus&product=levitus-climatology"
    )
    coverage = element(
        MotuUnderTest().ask("action=describecoverage&service=levitus&datasetID=levitus-climatology")
    )
    assert (coverage.tag, coverage.attrib["id"]) == ("dataset", "levitus-climatology")


def test_times_are_told_to_whom_may_know_of_the_dataset():
    door, query = MotuUnderTest(), "action=gettimecov&service=navy&product=navy-winds"
    told = door.say(query, CLOSED, account=NAV)
    assert (told["code"], told["start"][:4]) == ("007-0", "1982")
    assert door.say(query, CLOSED, account=ANN)["code"] == "007-30"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("action=describeproduct&service=levitus&product=nothing", "006-29"),
        ("action=describeproduct&service=nothing&product=levitus-climatology", "006-30"),
        ("action=describeproduct", "006-26"),
        ("action=gettimecov&service=levitus&product=nothing", "007-29"),
        ("action=getsize&service=levitus&product=nothing", "005-29"),
        ("action=getsize&service=levitus&product=levitus-climatology&y_lo=91", "005-26"),
    ],
)
def test_errors_stand_in_the_action_s_own_element(query, code):
    told = MotuUnderTest().say(query)
    assert told["code"] == code
    assert told["msg"].startswith(f"{code} : ")


def test_services_that_one_may_not_know_of_are_not_listed():
    door = MotuUnderTest()
    assert "navy" not in door.ask("action=listservices").text
    assert "navy" in door.ask("action=listservices", CLOSED, account=NAV).text
    assert "011-30" in door.ask("action=listcatalog&service=navy").text


def test_the_cache_is_as_new_as_what_was_published():
    answer = MotuUnderTest().ask("action=cachestatus")
    assert answer.headers["content-type"] == "application/json"
    document: dict[str, Any] = answer.json()
    (service,) = document["cachestatus"]["configServices"]
    assert service["levitus"]["state"]["lastUpdate"] == "2026-01-01T00:00:00Z"


def test_a_size_is_that_of_the_order_and_changes_nothing():
    door = MotuUnderTest()
    told = door.say(SIZE)
    assert (told["code"], told["msg"], told["unit"]) == ("005-0", "OK", "kB")
    assert door.world.untouched()
    job = door.world.ledger.rows[door.order()]
    assert float(told["size"]) == job.plan.output_bytes / 1024


@pytest.mark.parametrize(
    ("limits", "allowance"),
    [
        ({"hard_limit_bytes": 10_240}, Allowance()),
        ({}, Allowance(bytes_per_job=10_240)),
    ],
)
def test_the_largest_size_is_what_is_really_refused(limits, allowance):
    door = MotuUnderTest()
    door.limited(**limits)
    put(door, Policy(allowances={"anonymous": allowance}))
    told = door.say(SIZE)
    assert (told["code"], told["maxAllowedSize"]) == ("005-7", "10.0")
    assert "Please narrow your request" in told["msg"]
    assert float(told["size"]) > 10
    assert door.say(ORDER)["code"] == "010-7"
    small = SIZE.replace("x_lo=-40.0&x_hi=30.0", "x_lo=1&x_hi=1")
    fits = door.say(small)
    assert float(fits["size"]) <= 10
    assert fits["code"] == "005-0"
    assert door.say(small.replace("getSize", "productdownload&mode=status"))["status"] == "0"


def test_what_is_left_of_a_month_is_a_largest_size_too():
    door = MotuUnderTest()
    put(door, Policy(allowances={"anonymous": Allowance(bytes_per_month=10_240)}))
    told = door.say(SIZE)
    assert (told["code"], told["maxAllowedSize"]) == ("005-16", "10.0")


def test_a_set_of_files_is_too_large_for_this_door():
    door = MotuUnderTest()
    door.limited(small_bytes=1, file_bytes=2**20)
    told = door.say("action=getsize&service=navy&product=navy-winds", CLOSED, account=NAV)
    assert (told["code"], told["maxAllowedSize"]) == ("005-7", "1024.0")
    inside = "&t_lo=1982-01-14&t_hi=1983-01-14"
    fits = door.say(f"action=getsize&service=navy&product=navy-winds{inside}", CLOSED, account=NAV)
    assert (fits["code"], float(fits["size"]) <= 1024) == ("005-0", True)


def test_the_page_of_requests_tells_the_caller_s_own_alone():
    door = MotuUnderTest()
    put(door, Policy(queue=QueueRules(slots=Slots(small=33))))
    mine, other = door.order(path=CLOSED), door.order(path=CLOSED, account=NAV)
    page = door.ask("action=debug", CLOSED).text
    assert mine in page
    assert other not in page
    assert "33" in page


def test_guests_share_an_account_and_see_no_requests():
    door = MotuUnderTest()
    job_id = door.order()
    assert job_id not in door.ask("action=debug").text


def test_the_order_of_statuses_can_be_asked_for():
    page = MotuUnderTest().ask("action=debug&order=DONE,ERROR,PENDING,INPROGRESS").text
    assert page.index("DONE (x0)") < page.index("INPROGRESS (x0)")
    assert "003-26" in MotuUnderTest().ask("action=debug&order=DONE").text


def test_anybody_s_page_may_ask_which_version_this_is():
    assert MotuUnderTest().ask("action=about").headers["access-control-allow-origin"] == "*"


def test_a_request_by_form_is_the_same():
    door = MotuUnderTest()
    sent = dict(pair.split("=") for pair in ORDER.split("&")) | {"t_hi": "2026-11-01 00:00:00"}
    told = attributes(door.client.post(OPEN, data=sent))
    assert told["status"] == "0"
    assert door.world.ledger.rows[told["requestId"]].request.variables == ("SALT",)
    query = attributes(door.client.post(f"{OPEN}?{ORDER}", data={"mode": "console"}))
    assert query["status"] == "0"
