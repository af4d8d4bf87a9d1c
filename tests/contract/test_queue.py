"""Slots: who gets one, and what is free again when a job ends."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from atoll.model.job import Job, Tier
from atoll.model.queue import Waiting
from atoll.ports import Balance, Ledger, Terms
from tests.contract.builders import REASON, T0, delivery, job
from tests.contract.cloud import Cloud
from tests.contract.rig import Rig, dynamo_rig, fake_rig, items_of

LATER = T0 + timedelta(minutes=5)
LEADS = "f" * 64


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return fake_rig() if request.param == "fake" else dynamo_rig(request.getfixturevalue("aws"))


def order(job_id: str, **fields: Any) -> Job:
    return job(job_id).model_copy(update=fields)


def waits(rig: Rig, job_id: str, **fields: Any) -> Waiting:
    """A job that waits for a slot."""
    admitted = rig.admit(order(job_id, **fields))
    return rig.waiting(admitted.tier)[job_id]


def test_a_claim_gives_a_waiting_job_the_slot(rig: Rig) -> None:
    waiting = waits(rig, "a")
    assert rig.queue.claim(waiting, 2, None, LATER)

    assert rig.ledger.get("a") == order("a", slot=2)
    assert (rig.waiting(), rig.counts()) == ({}, {"running small": 1})
    (held,) = rig.queue.held()
    assert (held.tier, held.number, held.job_id) == ("small", 2, "a")
    assert (held.account_id, held.claimed_at) == ("ann-id", LATER)


def test_a_slot_that_is_held_is_nobody_elses(rig: Rig) -> None:
    first, second, big = waits(rig, "a"), waits(rig, "b"), waits(rig, "c", tier="big")
    assert rig.queue.claim(first, 0, None, LATER)
    before = rig.state()
    assert not rig.queue.claim(second, 0, None, LATER)
    assert rig.state() == before
    assert rig.queue.claim(big, 0, None, LATER)


def test_a_job_has_one_slot(rig: Rig) -> None:
    waiting = waits(rig, "a")
    assert rig.queue.claim(waiting, 0, None, LATER)
    before = rig.state()
    for number in (0, 1):
        assert not rig.queue.claim(waiting, number, None, LATER)
    assert rig.state() == before


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_an_account_runs_as_many_jobs_of_a_tier_as_it_may(rig: Rig, limit: int) -> None:
    lines = [waits(rig, f"a{number}") for number in range(limit + 1)]
    claimed = [
        rig.queue.claim(one, number, limit, LATER) for number, one in enumerate(lines[:limit])
    ]
    assert claimed == [True] * limit
    before = rig.state()
    assert not rig.queue.claim(lines[limit], limit, limit, LATER)
    assert rig.state() == before
    assert rig.queue.claim(waits(rig, "b", account_id="nav-id"), 10, 1, LATER)
    assert rig.queue.claim(waits(rig, "c", tier="big"), 10, 1, LATER)


def test_a_slot_that_came_with_the_order_counts_too(rig: Rig) -> None:
    rig.admit(order("a", slot=0))
    waiting = waits(rig, "b")
    assert not rig.queue.claim(waiting, 1, 1, LATER)
    assert rig.queue.claim(waiting, 1, 2, LATER)


def a_follower(rig: Rig) -> Waiting:
    rig.admit(order("leads", fingerprint=LEADS, slot=0))
    rig.admit(order("follows", fingerprint=LEADS, leader="leads"))
    return as_waiting(order("follows"))


def an_ended_one(rig: Rig) -> Waiting:
    waiting = waits(rig, "a")
    assert rig.ledger.dismiss(rig.ledger.get("a"), LATER)
    return waiting


def as_waiting(one: Job) -> Waiting:
    return Waiting(
        job_id=one.job_id,
        account_id=one.account_id,
        tier=one.tier,
        since=one.created_at,
        profiles=(),
        work_bytes=1000,
    )


IN_NO_LINE: dict[str, Callable[[Rig], Waiting]] = {
    "follows": a_follower,
    "has ended": an_ended_one,
    "is not there": lambda _rig: as_waiting(order("a")),
}


@pytest.mark.parametrize("which", IN_NO_LINE)
def test_who_does_not_wait_gets_no_slot(rig: Rig, which: str) -> None:
    waiting = IN_NO_LINE[which](rig)
    before = rig.state()
    assert not rig.queue.claim(waiting, 7, None, LATER)
    assert rig.state() == before


ENDINGS: dict[str, Callable[[Ledger, Job], bool]] = {
    "settle": lambda ledger, job: ledger.settle(job, (delivery(output_bytes=800),), LATER),
    "release": lambda ledger, job: ledger.release(job, REASON, LATER),
    "dismiss": lambda ledger, job: ledger.dismiss(job, LATER),
}
PLACES: dict[str, dict[str, Any]] = {
    "waits": {},
    "holds": {"slot": 4},
    "follows": {"fingerprint": LEADS, "leader": "leads"},
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("place", PLACES)
def test_a_job_that_ends_gives_back_what_it_had(rig: Rig, place: str, ending: str) -> None:
    rig.admit(order("leads", fingerprint=LEADS, slot=0, account_id="nav-id"))
    rig.admit(order("other"))
    others = (rig.waiting(), rig.counts(), rig.slots(), rig.balance())
    seen = rig.admit(order("a", **PLACES[place]))

    assert ENDINGS[ending](rig.ledger, seen)

    settled = 800 if ending == "settle" else 0
    assert (rig.waiting(), rig.counts(), rig.slots()) == others[:3]
    assert rig.balance() == Balance(reserved_bytes=1000, settled_bytes=settled)
    assert (rig.queue.following(), rig.ledger.followers(LEADS)) == ([], [])
    ended = rig.ledger.get("a")
    assert (ended.slot, ended.leader) == (None, "leads" if place == "follows" else None)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("begun", [False, True])
def test_a_job_that_was_claimed_while_it_was_being_ended_ends_all_the_same(
    rig: Rig, ending: str, *, begun: bool
) -> None:
    waiting = waits(rig, "a")
    seen = rig.ledger.get("a")
    assert rig.queue.claim(waiting, 0, None, LATER)
    if begun:
        rig.begin("a", LATER)

    assert ENDINGS[ending](rig.ledger, seen)

    assert (rig.slots(), rig.counts(), rig.waiting()) == ({}, {}, {})
    assert not rig.queue.claim(waiting, 0, None, LATER)


def test_a_slot_that_is_free_again_is_given_again(rig: Rig) -> None:
    rig.admit(order("a", slot=0))
    rig.ledger.release(rig.ledger.get("a"), REASON, LATER)
    assert rig.ledger.admit(order("b", slot=0)) == frozenset()
    rig.ledger.dismiss(rig.ledger.get("b"), LATER)
    assert rig.queue.claim(waits(rig, "c"), 0, 1, LATER)


def test_a_job_that_runs_and_is_marked_so_keeps_its_slot(rig: Rig) -> None:
    rig.admit(order("a", slot=0))
    rig.begin("a", LATER)
    assert rig.ledger.admit(order("b", slot=0)) == {"slot"}
    running = rig.ledger.get("a")
    assert (running.status, running.slot) == ("running", 0)


def test_keys_of_an_account_stand_for_their_job_a_day_long(rig: Rig) -> None:
    day = timedelta(days=1)
    for key in ("k", "k" * 5000, "é ", "key#"):
        first = order(f"first-{len(key)}-{ord(key[0])}", account_id="ann-id")
        assert rig.ledger.admit(first, Terms(key=key)) == frozenset()
        assert rig.ledger.keyed("ann-id", key) == first.job_id
        assert rig.ledger.keyed("nav-id", key) is None
        same = order("same", created_at=T0 + day)
        assert rig.ledger.admit(same, Terms(key=key)) == {"key"}
    others = order("others", account_id="nav-id")
    assert rig.ledger.admit(others, Terms(key="k")) == frozenset()
    after = order("after", created_at=T0 + day + timedelta(seconds=1))
    assert rig.ledger.admit(after, Terms(key="k")) == frozenset()
    assert rig.ledger.keyed("ann-id", "k") == "after"


def row(job_id: str) -> dict[str, Any]:
    return items_of("Jobs")[job_id,]


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("place", PLACES)
def test_a_row_is_in_a_line_while_it_waits_and_has_a_time_to_live_when_it_has_ended(
    aws: Cloud, place: str, ending: str
) -> None:
    rig = dynamo_rig(aws)
    rig.admit(order("leads", fingerprint=LEADS, slot=0))
    seen = rig.admit(order("a", **PLACES[place]))
    line = row("a").get("queue", "none").rpartition("#")[0]
    assert line == {"waits": "small", "holds": "", "follows": "shared"}[place]
    assert "expires_at" not in row("a"), "what has not ended never vanishes"

    assert ENDINGS[ending](rig.ledger, seen)

    ended = row("a")
    assert not {"queue", "slot"} & set(ended)
    lifetime = seen.expires_at - seen.created_at
    assert ended["expires_at"] == int((LATER + lifetime).timestamp())


@pytest.mark.parametrize("tier", ["small", "medium", "big"])
def test_a_row_that_got_a_slot_is_in_no_line(aws: Cloud, tier: Tier) -> None:
    rig = dynamo_rig(aws)
    waiting = waits(rig, "a", tier=tier)
    assert row("a")["queue"].startswith(f"{tier}#")
    assert rig.queue.claim(waiting, 0, None, LATER)
    assert "queue" not in row("a")
    assert row("a")["slot"] == 0
