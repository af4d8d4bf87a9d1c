"""`Prefer: wait`: an order whose answer waits for the job's end."""

import asyncio
from typing import Any

import pytest
from httpx2 import ASGITransport, AsyncClient

from atoll.dialects.rest.prefer import LONGEST_WAIT_S
from atoll.model.job import Reason
from atoll.services.completion import settle_job
from tests.web.builders import DoorUnderTest, token

ORDER = {"inputs": {"dataset": "levitus-climatology", "bbox": [0, 0, 10, 10]}}
EXECUTION = "/processes/subset/execution"
JOB = "id-00002"  # the first id is the request's correlation id


def ordered(door: DoorUnderTest, prefer: str) -> Any:
    return door.client().post(EXECUTION, json=ORDER, headers={"prefer": prefer})


def settle(door: DoorUnderTest) -> None:
    world = door.world
    settle_job(JOB, world.make_result(JOB), world.ports.ends)


def test_a_job_that_ends_in_time_is_answered_with_its_results_document():
    door = DoorUnderTest()
    door.later(1.5, lambda: settle(door))
    answer = ordered(door, "wait=20")
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=20"
    client = door.client()
    assert answer.json() == client.get(f"/jobs/{JOB}/results").json()
    followed = client.get(str(answer.request.url.join(answer.headers["location"])))
    assert followed.json()["status"] == "successful"
    assert 1.5 <= sum(door.pauses_s) < 3


def test_a_job_that_fails_in_time_is_answered_as_its_results_are():
    door = DoorUnderTest()
    reason = Reason(code="data-error", detail="chunk 7 is damaged", facts={"chunk": "7"})
    door.later(
        1, lambda: door.world.ledger.release(door.world.ledger.get(JOB), reason, door.world.now())
    )
    answer, asked_later = ordered(door, "wait=20"), door.client().get(f"/jobs/{JOB}/results")
    assert answer.status_code == asked_later.status_code == 404
    told, told_later = answer.json(), asked_later.json()
    assert told.pop("correlation_id") != told_later.pop("correlation_id")
    assert told == told_later
    assert "chunk 7 is damaged" in told["detail"]
    assert told["value"] == JOB


def test_a_job_that_is_cancelled_meanwhile_has_no_result():
    door = DoorUnderTest()
    door.later(1, lambda: door.world.ledger.dismiss(door.world.ledger.get(JOB), door.world.now()))
    answer = ordered(door, "wait=20")
    assert (answer.status_code, answer.json()["status"]) == (404, 404)
    assert "dismissed" in answer.json()["detail"]


@pytest.mark.parametrize(("asked", "wait_s"), [("wait=7", 7), ("wait=900", LONGEST_WAIT_S)])
def test_when_time_is_up_the_job_is_told_as_it_is(asked, wait_s):
    door = DoorUnderTest()
    door.later(2, lambda: door.world.ledger.begin(JOB, door.world.now()))
    answer = ordered(door, asked)
    assert answer.status_code == 202
    assert answer.headers["preference-applied"] == f"wait={wait_s}"
    assert answer.json()["status"] == "running"
    assert sum(door.pauses_s) == pytest.approx(wait_s)
    # The last one is what is left of the time.
    assert door.pauses_s[:-1] == sorted(door.pauses_s[:-1])
    assert len(door.pauses_s) < 20


@pytest.mark.parametrize("prefer", ["", "wait=0", "wait=soon", "respond-async, wait=10"])
def test_without_a_wait_nothing_is_waited_for(prefer):
    door = DoorUnderTest()
    assert ordered(door, prefer).status_code == 202
    assert door.pauses_s == []


def test_several_headers_are_one():
    door = DoorUnderTest()
    headers = [("prefer", "return=minimal"), ("prefer", "wait=3")]
    answer = door.client().post(EXECUTION, json=ORDER, headers=headers)
    assert answer.headers["preference-applied"] == "wait=3"


def test_a_ledger_that_is_away_for_a_while_ends_no_order():
    door = DoorUnderTest()
    ledger = door.world.ledger

    def away(*, available: bool) -> None:
        ledger.available = available

    door.later(1, lambda: away(available=False))
    door.later(4, lambda: away(available=True))
    door.later(5, lambda: settle(door))
    assert ordered(door, "wait=20").status_code == 200
    assert door.heard.faults == []


def test_those_who_wait_hold_nobody_up():
    """More of them than the process has threads."""
    door, ended, all_wait = DoorUnderTest(), asyncio.Event(), asyncio.Barrier(60 + 1)

    async def until_the_end(_seconds: float) -> None:
        await all_wait.wait()
        await ended.wait()
        door.world.later(LONGEST_WAIT_S)

    async def visit() -> tuple[int, set[int]]:
        transport = ASGITransport(door.app(pause=until_the_end))
        headers = {"authorization": f"Bearer {token()}", "prefer": "wait=20"}
        async with AsyncClient(
            transport=transport, base_url="http://door.test", headers=headers
        ) as client:
            waiting = [asyncio.create_task(client.post(EXECUTION, json=ORDER)) for _ in range(60)]
            await all_wait.wait()
            other = await client.get("/jobs")
            assert not any(task.done() for task in waiting)
            ended.set()
            return other.status_code, {(await task).status_code for task in waiting}

    assert asyncio.run(asyncio.wait_for(visit(), 30)) == (200, {202})
