"""HEAD at the Motu door: what looks whether an address is there orders nothing by it."""

import pytest

from tests.web.motu.builders import (
    BOX,
    CLOSED,
    OPEN,
    ORDER,
    URL,
    MotuUnderTest,
    attributes,
    polling,
)


@pytest.mark.parametrize(
    "query",
    [
        ORDER,
        f"action=productdownload&mode=console&{BOX}",
        f"action=productdownload&{BOX}",
        f"action=getsize&{BOX}",
        "action=listservices",
        "",
    ],
)
@pytest.mark.parametrize("path", [OPEN, f"{OPEN}/", "/motu-open/", CLOSED, "/motu-web/"])
def test_no_action_is_carried_out(query, path):
    door = MotuUnderTest()
    answer = door.client.head(f"{path}?{query}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["cache-control"] == "no-store"
    # Those of the answer to GET, which nobody knows.
    assert not {"content-length", "content-type"} & set(answer.headers)
    assert door.world.untouched()
    assert (door.heard.orders, door.heard.faults, door.pauses_s) == ([], [], [])


def test_a_poll_is_not_held():
    door = MotuUnderTest()
    job_id = door.order()
    assert door.client.head(f"{OPEN}?{polling(job_id)}").status_code == 200
    assert door.pauses_s == []


def test_a_ticket_is_good_afterwards():
    door = MotuUnderTest()
    address = f"{CLOSED}?{ORDER}&ticket={door.cas.issue(f'{URL}{CLOSED}?{ORDER}')}"
    door.client.head(address)
    assert door.cas.asked == 0
    assert attributes(door.client.get(address))["status"] == "0"


@pytest.mark.parametrize("path", ["/motu-web", "/motu-open", "/motu-web/proxyCallback"])
def test_other_paths_answer_as_they_do_to_get(path):
    client = MotuUnderTest().client
    told, asked = client.head(path), client.get(path)
    assert told.status_code == asked.status_code
    assert told.headers.get("location") == asked.headers.get("location")
