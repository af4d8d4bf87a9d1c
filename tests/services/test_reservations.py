"""Bytes reserved for nobody."""

import pytest

from atoll.errors import Unavailable
from atoll.model.job import Job
from atoll.ports import Balance
from atoll.services.reservations import free_reservations
from tests.services.crashes import fragile, kills
from tests.services.orders import BOB, ordered, world_of
from tests.world import World

DAY_S = 86_400


def lost() -> tuple[World, Job, Job]:
    """One job whose row is lost, and one that still runs."""
    world = world_of(slots=9)
    gone, runs = ordered(world, 100), ordered(world, 200)
    ended = ordered(world, 300, BOB)
    world.ledger.dismiss(ended, world.now())
    del world.ledger.rows[gone.job_id], world.ledger.rows[ended.job_id]
    return world, gone, runs


def freed(world: World) -> list[str]:
    return free_reservations(world.journal, world.ports.ends)


def test_what_is_reserved_for_nobody_is_freed_once():
    world, gone, runs = lost()
    world.later(DAY_S)
    assert freed(world) == [gone.job_id]
    assert freed(world) == []
    balance = world.accounts.balance("ann-id", "2026-11")
    assert balance == Balance(reserved_bytes=runs.reserved_bytes, settled_bytes=0)
    last = world.ledger.entries[-1]
    assert (last.job_id, last.kind, last.status) == (gone.job_id, "released", "failed")
    assert (last.code, last.at) == ("worker-lost", world.now())


def test_what_is_of_today_is_left_alone():
    world, _, _ = lost()
    world.later(DAY_S - 60)
    assert freed(world) == []


def test_a_missed_night_is_made_up_for():
    world, gone, _ = lost()
    world.later(2 * DAY_S)
    assert freed(world) == [gone.job_id]


def test_whoever_is_killed_the_next_night_frees_it_once():
    worlds: list[tuple[World, Job]] = []

    def carry_out(calls: int) -> None:
        world, gone, _ = lost()
        worlds.append((world, gone))
        world.later(DAY_S)
        free_reservations(world.journal, fragile(world.ports.ends, calls))

    assert len(list(kills(carry_out))) == 3
    for world, gone in worlds:
        freed(world)
        kinds = [entry.kind for entry in world.ledger.entries if entry.job_id == gone.job_id]
        assert kinds == ["reserved", "released"]


def test_a_ledger_that_is_down_is_told():
    world, _, _ = lost()
    world.later(DAY_S)
    world.ledger.available = False
    with pytest.raises(Unavailable):
        freed(world)
