"""Orders whose answer is waited for: motuclient's sync mode, and browsers."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from httpx2 import Response

from atoll.model.job import Reason
from tests.web.motu.builders import BOX, CLOSED, OPEN, URL, MotuUnderTest

CONSOLE = f"action=productdownload&mode=console&{BOX}"
PAGE = f"action=productdownload&mode=url&{BOX}"
JOB = "id-00002"  # the first id is the request's correlation id
URLLIB_FOLLOWS = 10


def followed(door: MotuUnderTest, query: str, path: str = OPEN) -> Iterator[Response]:
    """The answers that urllib gets, until one is no redirect here."""
    answer = door.ask(query, path)
    yield answer
    while answer.headers.get("location", "").startswith(URL):
        answer = door.client.get(answer.headers["location"])
        yield answer


def release(door: MotuUnderTest) -> None:
    world = door.world
    reason = Reason(code="data-error", detail="chunk 7 is damaged")
    world.ledger.release(world.ledger.get(JOB), reason, world.now())


def test_a_small_job_is_one_redirect_to_its_file():
    door = MotuUnderTest()
    door.later(3, lambda: door.settle(JOB))
    (answer,) = followed(door, CONSOLE)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith(f"https://results.test/results/{JOB}/subset.nc?")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", [OPEN, CLOSED])
def test_a_longer_one_is_led_on_without_another_ticket(path):
    door = MotuUnderTest()
    door.later(45, lambda: door.settle(JOB))
    first, second, third = followed(door, CONSOLE, path)
    for hop, answer in enumerate((first, second), start=1):
        parts = urlsplit(answer.headers["location"])
        sent = parse_qs(parts.query)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{URL}{path}"
        assert (sent["action"], sent["mode"], sent["hop"]) == (["waitfor"], ["console"], [f"{hop}"])
    assert third.headers["location"].startswith("https://results.test/")
    assert 45 <= sum(door.pauses_s) < 48
    assert door.cas.asked == (path == CLOSED)


def test_it_is_led_on_no_more_often_than_clients_follow():
    door = MotuUnderTest()
    answers = list(followed(door, CONSOLE))
    *led, last = answers
    # One to the file, and one that a store may need, are left over.
    assert len(led) == URLLIB_FOLLOWS - 2
    assert len({answer.headers["location"] for answer in led}) == len(led)
    assert (last.status_code, last.headers["content-type"]) == (503, "text/plain; charset=UTF-8")
    assert f"{URL}{OPEN}?action=getreqstatus&requestid={JOB}" in last.text
    assert sum(door.pauses_s) == pytest.approx(180)


def test_a_job_that_fails_ends_the_client_in_words():
    door = MotuUnderTest()
    door.later(25, lambda: release(door))
    *_, last = followed(door, CONSOLE)
    assert (last.status_code, last.text) == (400, "010-27 : chunk 7 is damaged\n")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        (CONSOLE.replace("levitus-climatology", "nothing"), 400, "010-29 : "),
        (CONSOLE.replace("y_lo=30.0", "y_lo=91"), 400, "010-26 : Parameter 'y_lo'"),
        ("action=waitfor&mode=console&handle=no", 400, "010-19 : "),
        ("action=waitfor&mode=console", 400, "010-19 : "),
        ("action=waitfor&mode=console&hop=x", 400, "010-26 : Parameter 'hop'"),
        ("action=waitfor&mode=console&hop=%D9%A1", 400, "010-26 : Parameter 'hop'"),
    ],
)
def test_errors_end_the_client_which_would_else_crash(query, status, said):
    answer = MotuUnderTest().ask(query)
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "text/plain; charset=UTF-8",
    )
    assert answer.text.startswith(said)


def test_what_is_away_is_another_status():
    door = MotuUnderTest()
    door.world.secrets.available = False
    answer = door.ask(CONSOLE)
    assert (answer.status_code, answer.text[:8]) == (503, "010-1 : ")


def test_a_handle_is_good_for_its_own_job_and_an_hour():
    door = MotuUnderTest()
    on = door.ask(CONSOLE).headers["location"]
    door.world.later(3601)
    answer = door.client.get(on)
    assert (answer.status_code, "expired" in answer.text) == (400, True)


def test_a_handle_on_a_job_that_is_another_s_is_good_for_nothing():
    door = MotuUnderTest()
    on = door.ask(CONSOLE).headers["location"]
    door.change(JOB, account_id="somebody-else")
    assert door.client.get(on).text.startswith("010-19 : ")


def test_a_browser_gets_a_page_with_the_file():
    door = MotuUnderTest()
    door.later(3, lambda: door.settle(JOB))
    answer = door.ask(PAGE)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert f'href="https://results.test/results/{JOB}/subset.nc' in answer.text
    assert "http-equiv" not in answer.text


@pytest.mark.parametrize("path", [OPEN, CLOSED])
def test_a_browser_s_page_looks_again_by_itself_without_a_ticket(path):
    door = MotuUnderTest()
    waiting = door.ask(PAGE, path).text
    again = waiting.split('href="')[1:]
    (url,) = {part.split('"')[0].replace("&amp;", "&") for part in again if "waitfor" in part}
    assert url.startswith(f"{URL}{path}?action=waitfor&mode=url&handle=")
    assert url.replace("&", "&amp;") in waiting.split("http-equiv")[1].split(">")[0]
    assert "action=waitfor" in door.client.get(url).text
    door.settle(JOB)
    found = door.client.get(url)
    assert f"results.test/results/{JOB}" in found.text
    # The file's host does not learn the handle.
    assert found.headers["referrer-policy"] == "no-referrer"


def test_a_browser_s_page_tells_why_there_is_no_file():
    door = MotuUnderTest()
    door.later(3, lambda: release(door))
    answer = door.ask(PAGE)
    assert (answer.status_code, "010-27 : chunk 7 is damaged" in answer.text) == (200, True)
    refused = door.ask(PAGE.replace("y_lo=30.0", "y_lo=91"))
    assert (refused.status_code, "010-26 : Parameter" in refused.text) == (200, True)
    lost = door.ask("action=waitfor&mode=url&handle=x")
    assert (lost.status_code, "010-19 : " in lost.text) == (200, True)


def test_without_a_mode_there_is_a_page_and_an_unknown_mode_is_told_on_one():
    door = MotuUnderTest()
    assert "http-equiv" in door.ask(f"action=productdownload&{BOX}").text
    unknown = door.ask(f"action=productdownload&mode=mail&{BOX}")
    assert "010-26 : Parameter 'mode' has not a valid value 'mail'." in unknown.text
