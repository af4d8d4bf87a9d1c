"""An admitted order begins, or waits; what fails for others does not fail it."""

import pytest

from atoll.errors import Unavailable
from atoll.model.job import Job, Work
from atoll.ports import Hindrance, Terms
from atoll.services.submit import Placement, submit
from tests.contract.builders import job as any_job
from tests.services.orders import BOB, ordered, rules, world_of
from tests.services.test_subset import BOX
from tests.world import ANN


def test_an_order_that_waits_is_accepted_though_anothers_start_fails():
    world = world_of(slots=1)
    ordered(world, 100)
    bobs = ordered(world, 200, BOB)
    rules(world, slots=2, running=1)
    world.workflow.available = False
    mine = ordered(world, 300)
    assert (mine.status, mine.slot) == ("accepted", None)
    assert world.ledger.rows[bobs.job_id].slot is not None, "the reaper starts it"


def test_what_an_order_that_could_not_be_started_held_is_free_for_all_at_once():
    """Also who followed it ends with it, and does not wait for the reaper."""
    world = world_of(slots=1)
    followers = []
    start = world.workflow.start

    def fails_once(work: Work) -> None:
        world.workflow.start = start  # type: ignore[method-assign]
        followers.append(submit(BOX, BOB, Placement("c"), world.ports).job)
        world.ledger.admit(any_job("waits"))
        raise Unavailable(f"{work.job_id} is not started")

    world.workflow.start = fails_once  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        submit(BOX, ANN, Placement("c"), world.ports)

    (follower,) = followers
    ended = world.ledger.rows[follower.job_id]
    assert (ended.status, ended.reason and ended.reason.code) == ("failed", "unavailable")
    assert list(world.workflow.started) == ["waits"]


def test_an_order_whose_start_was_not_answered_does_not_run_without_a_slot():
    world = world_of(slots=1)
    start = world.workflow.start

    def starts_without_an_answer(work: Work) -> None:
        start(work)
        raise Unavailable(f"nothing was heard of {work.job_id}")

    world.workflow.start = starts_without_an_answer  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        submit(BOX, ANN, Placement("c"), world.ports)
    assert world.workflow.stopped == list(world.workflow.started) != []


def test_who_succeeds_its_leader_before_it_is_answered_starts_at_once():
    """Whoever dismissed the leader was lost, and has told nobody."""
    world = world_of(slots=1)
    leader = submit(BOX, ANN, Placement("c"), world.ports).job
    admit = world.ledger.admit

    def dismissed_meanwhile(new: Job, terms: Terms) -> frozenset[Hindrance]:
        hindrances = admit(new, terms)
        if not hindrances:
            world.ledger.dismiss(world.ledger.get(leader.job_id), world.now())
        return hindrances

    world.ledger.admit = dismissed_meanwhile  # type: ignore[method-assign,assignment]
    mine = submit(BOX, BOB, Placement("c"), world.ports).job
    assert (mine.leader, mine.slot) == (None, 0)
    assert mine.job_id in world.workflow.started
