"""How long revisions are kept, and that no job's is missing among those that are read."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from atoll.errors import Unavailable
from atoll.model.job import Job
from atoll.services.revisions import LONGEST_JOB, kept_for, revisions_read
from stacks.unit.storage import MAKING_DAYS
from tests.services.orders import BOB, ordered, world_of
from tests.world import World

PUBLICATION = Path("stacks/state_machines/publication.asl.json")
DATASET = "levitus-climatology"


def read(world: World) -> dict[str, frozenset[str]]:
    return revisions_read(world.ledger, world.ledger)


def of_revision(world: World, job: Job, revision: str) -> Job:
    """The job, as if it had been ordered when that revision was `main`."""
    plan = job.plan.model_copy(update={"revision": revision})
    world.ledger.rows[job.job_id] = job.model_copy(update={"plan": plan})
    return world.ledger.rows[job.job_id]


def three() -> tuple[World, Job, Job, Job]:
    """One runs, one waits for its slot, and one for its result."""
    world = world_of(slots=1)
    runs = of_revision(world, ordered(world, 100), "RUNS")
    waits = of_revision(world, ordered(world, 200), "WAITS")
    follows = of_revision(world, ordered(world, 100, BOB), "FOLLOWS")
    assert (runs.slot, waits.slot, waits.leader, follows.leader) == (0, None, None, runs.job_id)
    return world, runs, waits, follows


def test_it_is_longer_than_a_job_its_result_and_its_addresses_together():
    assert kept_for(86_400, 3600) == LONGEST_JOB + timedelta(days=1, hours=1)
    assert kept_for(604_800, 900) == LONGEST_JOB + timedelta(days=7, minutes=15)


def test_jobs_are_given_the_time_that_their_results_are_given():
    assert timedelta(days=MAKING_DAYS) == LONGEST_JOB


def test_objects_of_a_delivery_under_way_are_younger():
    publish = json.loads(PUBLICATION.read_text())["States"]["Publish"]
    assert timedelta(seconds=publish["TimeoutSeconds"]) < kept_for(86_400, 60)


def test_whoever_runs_waits_or_follows_reads():
    world, *_ = three()
    assert read(world) == {DATASET: {"RUNS", "WAITS", "FOLLOWS"}}


def test_it_is_so_however_long_they_wait_or_run():
    world, *_ = three()
    world.later(10 * kept_for(604_800, 3600).total_seconds())
    assert read(world) == {DATASET: {"RUNS", "WAITS", "FOLLOWS"}}


def test_what_has_ended_reads_no_more():
    world, runs, *_ = three()
    assert world.ledger.settle(runs, (), world.now())
    assert read(world) == {DATASET: {"WAITS", "FOLLOWS"}}


def test_one_that_goes_on_meanwhile_is_seen_in_its_next_place():
    world, runs, waits, _ = three()
    waiting = world.ledger.waiting

    def late(tier):
        found = waiting(tier)
        if world.ledger.rows[waits.job_id].slot is None and found:
            world.ledger.settle(runs, (), world.now())
            assert world.ledger.claim(found[0], 0, None, world.now())
        return found

    world.ledger.waiting = late  # type: ignore[method-assign]  # between two calls
    assert read(world) == {DATASET: {"WAITS", "FOLLOWS"}}


def test_a_job_that_is_gone_reads_nothing():
    world, runs, *_ = three()
    del world.ledger.rows[runs.job_id]
    assert read(world) == {DATASET: {"WAITS", "FOLLOWS"}}


def test_where_nobody_knows_nothing_is_said():
    world, *_ = three()
    world.ledger.available = False
    with pytest.raises(Unavailable):
        read(world)
