"""Whatever was broken off is brought to its end."""

from datetime import timedelta

import pytest

from atoll.errors import Unavailable
from atoll.model.job import Job, result_key
from atoll.services.dispatch import dispatch
from atoll.services.reaper import reap
from tests.fakes import FakeNotifier
from tests.services.crashes import fragile, kills
from tests.services.orders import BOB, never_started, ordered, world_of
from tests.world import World


def test_what_runs_is_left_alone():
    world = world_of(slots=2)
    job = ordered(world, 100)
    world.later(3_600)
    assert reap(world.ports.ends) == []
    assert world.ledger.rows[job.job_id].status == "accepted"


def test_what_was_claimed_and_never_started_is_started():
    world = world_of(slots=2)
    job = ordered(world, 100)
    never_started(world, job)
    world.later(50)
    assert reap(world.ports.ends) == [], "whoever claimed it may be about to start it"
    world.later(10)
    assert reap(world.ports.ends) == [job.job_id]
    assert world.workflow.started[job.job_id].plan == job.plan
    assert reap(world.ports.ends) == []


def test_an_execution_that_ended_without_a_word_releases_its_job():
    world = world_of(slots=1)
    job, waits = ordered(world, 100), ordered(world, 200)
    world.results.uploads.append(result_key(job.job_id, "subset.nc"))
    world.workflow.ended.add(job.job_id)
    world.later(60)
    assert reap(world.ports.ends) == [job.job_id]
    ended = world.ledger.rows[job.job_id]
    assert ended.status == "failed"
    assert ended.reason is not None
    assert (ended.reason.code, ended.slot) == ("worker-lost", None)
    assert "order again" in ended.reason.detail
    assert world.results.uploads == []
    assert waits.job_id in world.workflow.started, "its slot is given away"
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == waits.reserved_bytes
    assert reap(world.ports.ends) == []


def test_followers_end_with_a_leader_that_ended_without_a_word():
    world = world_of(slots=1)
    job, follows = ordered(world, 100), ordered(world, 100, BOB)
    assert follows.leader == job.job_id
    world.workflow.ended.add(job.job_id)
    world.later(60)
    reap(world.ports.ends)
    assert set(world.ledger.statuses().values()) == {"failed"}


def test_followers_whose_leader_was_settled_are_settled():
    """Whoever settled the leader was killed before it came to them."""
    world = world_of(slots=1)
    job, follows = ordered(world, 100), ordered(world, 100, BOB)
    assert world.ledger.settle(job, (), world.now())
    assert reap(world.ports.ends) == []
    assert world.ledger.rows[follows.job_id].status == "successful"


def test_a_follower_of_a_dismissed_leader_leads():
    world = world_of(slots=1)
    job, follows = ordered(world, 100), ordered(world, 100, BOB)
    assert world.ledger.dismiss(job, world.now())
    reap(world.ports.ends)
    assert world.ledger.rows[follows.job_id].leader is None
    assert dispatch(world.ports.ends) == [follows.job_id]


def test_uploads_are_discarded_that_nobody_will_complete():
    world = world_of(slots=1)
    runs, ended = ordered(world, 100), ordered(world, 200)
    world.ledger.dismiss(ended, world.now())
    uploads = {name: result_key(name, "a.nc") for name in (runs.job_id, ended.job_id, "unknown")}
    world.results.uploads.extend(uploads.values())
    world.results.began[uploads["unknown"]] = world.now() - timedelta(minutes=59)
    assert reap(world.ports.ends) == []
    assert world.results.uploads == [uploads[runs.job_id], uploads["unknown"]]
    world.later(61)
    reap(world.ports.ends)
    assert world.results.uploads == [uploads[runs.job_id]]


@pytest.mark.parametrize("part", ["ledger", "workflow", "results"])
def test_what_is_down_is_told_and_left_to_the_next_look(part: str):
    world = _neglected()
    getattr(world, part).available = False
    with pytest.raises(ExceptionGroup) as met:
        reap(world.ports.ends)
    assert {type(fault) for fault in met.value.exceptions} == {Unavailable}
    getattr(world, part).available = True
    _let_minutes_pass(world)
    _demand_all_well(world)


def test_what_is_down_keeps_nobody_from_looking_after_the_rest():
    world = _neglected()
    world.workflow.available = False
    with pytest.raises(ExceptionGroup):
        reap(world.ports.ends)
    assert world.results.uploads == []


def test_one_that_is_damaged_keeps_nobody_from_being_looked_after():
    """Say, its row is of another version of the code."""
    world = world_of(slots=3)
    damaged, claimed = ordered(world, 100), ordered(world, 200)
    never_started(world, damaged)
    never_started(world, claimed)
    get = world.ledger.get

    def as_it_is(job_id: str) -> Job:
        if job_id == damaged.job_id:
            raise ValueError("not a job")
        return get(job_id)

    world.ledger.get = as_it_is  # type: ignore[method-assign]
    world.later(60)
    with pytest.raises(ExceptionGroup) as met:
        reap(world.ports.ends)
    assert [str(fault) for fault in met.value.exceptions] == ["not a job"]
    assert claimed.job_id in world.workflow.started


def test_a_reaper_may_be_killed_at_any_moment():
    worlds: list[World] = []

    def carry_out(calls: int) -> None:
        worlds.append(_neglected())
        reap(fragile(worlds[-1].ports.ends, calls))

    assert len(list(kills(carry_out))) > 20
    for world in worlds:
        _let_minutes_pass(world)
        _demand_all_well(world)


def test_who_was_lost_is_told_of_though_a_reaper_is_killed_over_it():
    worlds: list[tuple[World, Job]] = []

    def carry_out(calls: int) -> None:
        world = World(notifier=FakeNotifier(topic=True))
        job = ordered(world, 100)
        worlds.append((world, job))
        world.workflow.ended.add(job.job_id)
        world.later(60)
        reap(fragile(world.ports.ends, calls))

    assert len(list(kills(carry_out))) > 5
    for world, job in worlds:
        _let_minutes_pass(world)
        assert (job.job_id, "job.failed") in [(n.job_id, n.event) for n in world.notifier.notices]


def _neglected() -> World:
    """Everything went wrong at once."""
    world = world_of(slots=3)
    jobs = [ordered(world, deepest) for deepest in (100, 200, 300, 400)]
    ordered(world, 100, BOB)
    lost, claimed, _, _ = jobs
    world.workflow.ended.add(lost.job_id)
    never_started(world, claimed)
    world.results.uploads.append(result_key("unknown", "a.nc"))
    world.later(60)
    return world


def _let_minutes_pass(world: World) -> None:
    """What runs every minute: whoever is killed before a start leaves it to the second look."""
    for _ in range(2):
        reap(world.ports.ends)
        dispatch(world.ports.ends)
        world.later(60)
    reap(world.ports.ends)


def _demand_all_well(world: World) -> None:
    """All but the lost one and its follower run; no byte is lost, and nothing was done twice."""
    jobs = list(world.ledger.rows.values())
    lost, claimed, runs, waits, follows = jobs
    assert {job.job_id for job in jobs if job.status == "failed"} == {lost.job_id, follows.job_id}
    assert set(world.workflow.started) - {lost.job_id} == {
        job.job_id for job in (claimed, runs, waits)
    }
    assert {held.job_id for held in world.ledger.held()} == {
        job.job_id for job in (claimed, runs, waits)
    }
    assert world.results.uploads == []
    lines = [(entry.job_id, entry.kind) for entry in world.ledger.entries]
    assert len(set(lines)) == len(lines) == 7
    reserved_bytes = sum(job.reserved_bytes for job in (claimed, runs, waits))
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == reserved_bytes
    assert world.accounts.balance("bob-id", "2026-11").reserved_bytes == 0
