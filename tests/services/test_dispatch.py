"""Slots are given out, by any number of dispatchers that may die at any moment."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from atoll.errors import Unavailable
from atoll.model.queue import Held
from atoll.services.dispatch import dispatch
from tests.contract.builders import job
from tests.fakes import FakeLedger
from tests.services.crashes import fragile, kills
from tests.services.orders import BOB, ordered, rules, world_of
from tests.world import World


def started(world: World) -> list[str]:
    return sorted(world.workflow.started)


def test_a_free_slot_goes_to_who_runs_nothing():
    world = world_of(slots=1)
    first, second, third = (ordered(world, deepest) for deepest in (100, 200, 300))
    bobs = ordered(world, 400, BOB)
    assert started(world) == [first.job_id]

    rules(world, slots=2)
    assert dispatch(world.ports.ends) == [bobs.job_id]
    assert dispatch(world.ports.ends) == []
    rules(world, slots=4)
    assert dispatch(world.ports.ends, ("small",)) == [second.job_id, third.job_id]
    assert {held.job_id for held in world.ledger.held()} == set(started(world))


def test_an_account_at_its_limit_is_passed_over():
    world = world_of(slots=1, running=1)
    mine, waits, bobs = ordered(world, 100), ordered(world, 200), ordered(world, 300, BOB)
    rules(world, slots=9, running=1)
    assert dispatch(world.ports.ends) == [bobs.job_id]
    assert world.ledger.rows[waits.job_id].slot is None
    assert mine.slot is not None


def test_other_tiers_are_left_alone():
    world = world_of(slots=1)
    ordered(world, 100)
    ordered(world, 200)
    rules(world, slots=2)
    assert dispatch(world.ports.ends, ("medium", "big")) == []


class _OldLedger(FakeLedger):
    """It does not show yet what another dispatcher has just claimed."""

    hidden: frozenset[str] = frozenset()

    def held(self) -> list[Held]:
        shown = [held for held in super().held() if held.job_id not in self.hidden]
        self.hidden = frozenset()
        return shown


def test_who_loses_a_slot_to_another_looks_again():
    world = world_of(slots=1)
    world.ledger = ledger = _OldLedger(entries=world.journal.entries)
    running = ordered(world, 100)
    second, third = ordered(world, 200), ordered(world, 300)
    rules(world, slots=2)
    ledger.hidden = frozenset({running.job_id})
    # The first look takes slot 0 for free, where the first job is; the second knows better.
    assert dispatch(world.ports.ends) == [third.job_id]
    assert dispatch(world.ports.ends) == []
    rules(world, slots=3)
    assert dispatch(world.ports.ends) == [second.job_id]


def test_a_job_that_cannot_be_started_keeps_its_slot():
    world = world_of(slots=1)
    ordered(world, 100)
    waits = ordered(world, 200)
    rules(world, slots=2)
    world.workflow.available = False
    with pytest.raises(Unavailable):
        dispatch(world.ports.ends)
    assert world.ledger.rows[waits.job_id].slot == 1
    assert waits.job_id not in world.workflow.started


def test_many_at_once_start_each_job_once_and_exceed_nothing():
    world = world_of(slots=0)
    jobs = [job(f"job-{number}", f"user-{number % 6}") for number in range(60)]
    for waits in jobs:
        assert not world.ledger.admit(waits)
    rules(world, slots=15, running=3)
    with ThreadPoolExecutor(8) as pool:
        looks = [pool.submit(dispatch, world.ports.ends) for _ in range(24)]
        told = [job_id for look in looks for job_id in look.result()]
    assert len(told) == len(set(told)) == 15
    assert (
        set(told) == {held.job_id for held in world.ledger.held()} <= {one.job_id for one in jobs}
    )
    running = Counter(held.account_id for held in world.ledger.held())
    assert max(running.values()) <= 3


def test_whoever_is_killed_no_job_is_started_twice_nor_slots_exceeded():
    worlds: list[World] = []

    def carry_out(calls: int) -> None:
        world = world_of(slots=1)
        worlds.append(world)
        for deepest in (100, 200, 300):
            ordered(world, deepest)
        ordered(world, 400, BOB)
        rules(world, slots=3)
        dispatch(fragile(world.ports.ends, calls))

    assert len(list(kills(carry_out))) > 8
    for world in worlds:
        dispatch(world.ports.ends)
        held = world.ledger.held()
        assert len(held) == 3
        assert {one.number for one in held} == {0, 1, 2}
        # At most one was claimed and not started: by who was killed in between.
        assert len({one.job_id for one in held} - set(world.workflow.started)) <= 1
        assert set(world.workflow.started) <= {one.job_id for one in held}


def test_a_job_that_ended_after_it_was_seen_waiting_is_passed_over():
    world = world_of(slots=1)
    ordered(world, 100)
    waits = ordered(world, 200)
    rules(world, slots=2)
    seen = world.ledger.waiting("small")
    world.ledger.dismiss(world.ledger.rows[waits.job_id], world.now())
    assert [one.job_id for one in seen] == [waits.job_id]
    assert not world.ledger.claim(seen[0], 1, None, world.now())
    assert dispatch(world.ports.ends) == []
