"""CAS and guests at the Motu door."""

from urllib.parse import parse_qs, urlsplit

import pytest

from atoll.errors import DataError, Unavailable
from atoll.model.job import GUEST
from atoll.model.service_url import AllowedServices
from tests.web.motu.builders import (
    CAS_URL,
    CLOSED,
    OPEN,
    ORDER,
    URL,
    MotuUnderTest,
    attributes,
    polling,
)
from tests.world import ANN, NAV

FREE = ["ping", "healthz", "about", "httperror", "logout"]
BROWSER = "action=listservices"


def service_of(location: str) -> str:
    """The address that a sign-in is asked for, as motuclient decodes it."""
    assert location.startswith(f"{CAS_URL}/login?service=")
    (service,) = parse_qs(urlsplit(location).query, strict_parsing=True)["service"]
    return service


@pytest.mark.parametrize(
    "raw",
    [
        ORDER,
        polling("1"),
        "action=describeProduct&service=a%23b%20c&t_lo=2020-01-01%2000:00:00&z=1+2&x=%2B",
        "action=getSize&service=%C3%A9&empty=&&twice=1&twice=2",
        "action=nothing",
    ],
)
def test_who_has_no_ticket_is_sent_to_sign_in_with_the_parameters_as_they_were_sent(raw):
    answer = MotuUnderTest().client.get(f"{CLOSED}?{raw}")
    assert answer.status_code == 302
    assert answer.headers["cache-control"] == "no-store"
    door, _, query = service_of(answer.headers["location"]).partition("?")
    assert door == f"{URL}{CLOSED}"
    # Not decoded, and sorted: a load balancer keeps no order of names.
    sent = [part for part in raw.split("&") if part]
    assert query.split("&") == sorted(sent, key=lambda part: part.partition("=")[0])
    assert answer.headers["location"].count("?") == 1


@pytest.mark.parametrize(
    ("path", "raw"), [(CLOSED, "action=listservices"), ("/motu-web/", "action=welcome")]
)
def test_an_address_to_come_back_to_always_has_a_query(path, raw):
    answer = MotuUnderTest().client.get(path)
    assert service_of(answer.headers["location"]) == f"{URL}{path}?{raw}"


def test_a_form_is_carried_through_the_sign_in_as_an_address():
    answer = MotuUnderTest().client.post(f"{CLOSED}?a=1", data={"action": "ping2", "t": "x y"})
    assert service_of(answer.headers["location"]) == f"{URL}{CLOSED}?a=1&action=ping2&t=x+y"


def test_what_no_address_has_is_encoded_in_the_one_to_come_back_to():
    door = MotuUnderTest()
    form = b"action=getsize&service=a#b\\c\r\nd\xff e\r\n"
    location = door.client.post(CLOSED, content=form).headers["location"]
    service = service_of(location)
    assert service == f"{URL}{CLOSED}?action=getsize&service=a%23b%5Cc%0D%0Ad%FF%20e"
    AllowedServices.parse(f"{URL}/motu-web").demand(service)


def test_with_the_ticket_the_address_is_answered():
    door = MotuUnderTest()
    service = service_of(door.client.get(f"{CLOSED}?{ORDER}").headers["location"])
    told = attributes(door.client.get(f"{service}&ticket={door.cas.issue(service)}"))
    assert told["status"] == "0"
    job = door.world.ledger.rows[told["requestId"]]
    assert (job.account_id, job.profiles) == (ANN.account_id, ANN.profiles)


def test_each_poll_has_a_ticket_of_its_own_and_sees_the_account_s_jobs_alone():
    door = MotuUnderTest()
    job_id = door.order(path=CLOSED)
    assert door.poll(job_id, CLOSED)["requestId"] == job_id
    for told in (door.poll(job_id, CLOSED, account=NAV), door.poll(job_id, OPEN)):
        assert (told["status"], told["code"]) == ("2", "004-19")
        assert "remoteUri" not in told


def test_a_profile_sees_what_is_its_own():
    door = MotuUnderTest()
    box = "action=productdownload&mode=status&service=navy-TDS&product=navy-winds&t_lo=1982-01-14"
    assert door.say(box, CLOSED)["code"] == "010-30"
    assert door.order(box, CLOSED, account=NAV)


def test_a_ticket_is_good_once():
    door = MotuUnderTest()
    query = f"{ORDER}&ticket={door.cas.issue(f'{URL}{CLOSED}?{ORDER}')}"
    first, again = (attributes(door.client.get(f"{CLOSED}?{query}")) for _ in range(2))
    assert (first["status"], again["status"]) == ("0", "2")
    assert "ticket" in again["msg"]
    assert len(door.world.ledger.rows) == 1


@pytest.mark.parametrize(
    "service", [f"{URL}{OPEN}?{ORDER}", f"{URL}{CLOSED}?{ORDER}x", "https://else.test/?a=1"]
)
def test_a_ticket_for_another_address_is_not_good(service):
    door = MotuUnderTest()
    told = attributes(door.client.get(f"{CLOSED}?{ORDER}&ticket={door.cas.issue(service)}"))
    assert (told["status"], told["code"]) == ("2", "010-2")
    assert told["msg"].startswith("010-2 : ticket: it is not valid for this address")
    assert door.world.untouched()


def test_a_ticket_is_never_repeated_nor_logged():
    door = MotuUnderTest()
    answer = door.client.get(f"{CLOSED}?{ORDER}&ticket=ST-secret")
    assert "ST-secret" not in answer.text
    assert door.heard.refusals == ["not-authenticated"]


def test_a_browser_with_a_stale_ticket_signs_in_again_and_not_for_ever():
    door = MotuUnderTest()
    stale = door.client.get(f"{CLOSED}?{BROWSER}&ticket=ST-stale")
    service = service_of(stale.headers["location"])
    assert service == f"{URL}{CLOSED}?{BROWSER}&signin=again"
    good = door.client.get(f"{service}&ticket={door.cas.issue(service)}")
    assert "Motu available services" in good.text
    bad = door.client.get(f"{service}&ticket=ST-stale")
    assert (bad.status_code, bad.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert "014-2 : ticket: it is not valid for this address" in bad.text


def test_a_form_with_a_bad_ticket_is_sent_nowhere():
    answer = MotuUnderTest().client.post(CLOSED, data={"action": "about2", "ticket": "ST-1"})
    assert (answer.status_code, "ticket" in answer.text) == (200, True)


@pytest.mark.parametrize("fault", [Unavailable("CAS is away."), DataError("CAS says no word.")])
def test_a_sign_in_that_is_away_ends_no_polling_and_refuses_orders_in_words(fault):
    door = MotuUnderTest()
    job_id = door.order(path=CLOSED)
    door.cas.fault = fault
    assert door.poll(job_id, CLOSED)["status"] == "3"
    told = door.say(ORDER, CLOSED)
    assert (told["status"], told["code"]) == ("2", "010-1")
    assert "sign-in" in told["msg"] or "CAS is away" in told["msg"]
    assert len(door.heard.faults) == 2


@pytest.mark.parametrize("action", FREE)
def test_some_actions_need_nobody(action):
    door = MotuUnderTest(guests=False)
    answer = door.client.get(f"{CLOSED}?action={action}")
    assert "login" not in answer.headers.get("location", "")
    assert door.cas.asked == 0


def test_where_guests_are_let_in_the_open_door_asks_for_no_ticket():
    door = MotuUnderTest()
    job_id = door.order(path=OPEN)
    assert door.world.ledger.rows[job_id].account_id == GUEST.account_id
    assert door.poll(job_id, OPEN)["requestId"] == job_id
    assert door.cas.asked == 0


def test_without_a_sign_in_everybody_is_a_guest():
    door = MotuUnderTest(cas_url="")
    assert door.poll(door.order(path=CLOSED), CLOSED)["status"] == "3"


@pytest.mark.parametrize("path", [OPEN, CLOSED])
@pytest.mark.parametrize(
    ("query", "said"),
    [
        (ORDER, 'status="2"'),
        (polling("1"), 'code="004-2"'),
        ("action=getsize", 'code="005-2"'),
        ("action=describeproduct", 'productMetadataInfo code="006-2"'),
        ("action=gettimecov", 'timeCoverage code="007-2"'),
        ("action=listservices", "014-2 : This door serves"),
        ("action=describecoverage", "015-2 : This door serves"),
        (ORDER.replace("mode=status", "mode=url"), "010-2 : This door serves"),
    ],
)
def test_where_no_guests_are_let_in_that_is_said_as_each_action_says_it(path, query, said):
    door = MotuUnderTest(guests=False, cas_url="")
    answer = door.client.get(f"{path}?{query}")
    assert answer.status_code == 200
    assert said in answer.text
    assert "signed in" in answer.text
    assert door.world.untouched()


def test_what_does_not_fit_into_the_address_of_a_sign_in_is_refused():
    answer = MotuUnderTest().client.post(CLOSED, data={"action": "getsize", "x": "y" * 9000})
    assert answer.status_code == 200
    assert "up to 8192 are accepted" in answer.text


def test_signing_out_ends_the_sign_in():
    assert MotuUnderTest().ask("action=logout").headers["location"] == f"{CAS_URL}/logout"
    answer = MotuUnderTest(cas_url="").ask("action=logout")
    assert (answer.status_code, answer.text) == (200, "")
