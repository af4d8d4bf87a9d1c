"""How a job does, as it is told to its owner."""

from datetime import timedelta

import pytest

from atoll.admission.estimates import Spread
from atoll.admission.queue import CLAIMED, SHARES
from atoll.errors import Unavailable
from atoll.model.job import ENDED, Account, Job, Reason, Tier
from atoll.model.parts import Progress
from atoll.model.policy import Slots
from atoll.model.request import SubsetRequest
from atoll.services.completion import settle_job
from atoll.services.explain import Explanation, explain
from atoll.services.history import ENOUGH_LINES, History
from atoll.services.submit import Placement, submit
from tests.services.test_quoting import allowed
from tests.services.test_subset import BOX, WHOLE
from tests.world import ANN, NAV, World

TABLE = BOX.model_copy(update={"format": "csv"})


def order(world: World, request: SubsetRequest = BOX, account: Account = ANN) -> Job:
    return submit(request, account, Placement("c", shares=False), world.ports).job


def told(world: World, job: Job, history: History | None = None) -> Explanation:
    return explain(world.ledger.get(job.job_id), world.ports, history or History(world.ports))


def made(world: World, waited_s: float, ran_s: float) -> None:
    """A job of the past."""
    job = order(world)
    world.later(waited_s)
    world.ledger.begin(job.job_id, world.now())
    world.later(ran_s)
    settle_job(job.job_id, world.make_result(job.job_id), world.ports.ends)


def test_a_job_with_a_slot_is_being_started():
    world = World()
    explained = told(world, order(world))
    assert (explained.percent, explained.place, explained.expected) == (0, CLAIMED, None)


def test_a_job_that_waits_is_told_its_place_and_the_rule_that_holds_it():
    world = allowed(Slots(small=1))
    order(world, account=NAV)
    first, second = order(world), order(world)
    for number, job in enumerate((first, second)):
        place = told(world, job).place
        assert place is not None
        assert place.ahead == number
        assert "1 slots of this tier are taken" in place.rule


def test_a_follower_is_told_how_the_other_does():
    world = World()
    leader = submit(BOX, NAV, Placement("c"), world.ports).job
    follower = submit(BOX, ANN, Placement("c"), world.ports).job
    assert follower.leader == leader.job_id
    assert told(world, follower) == Explanation(world.now(), 0, place=SHARES)
    world.ledger.begin(leader.job_id, world.now())
    assert told(world, follower).place == SHARES
    del world.ledger.rows[leader.job_id]
    assert told(world, follower) == Explanation(world.now(), 0, place=SHARES)


@pytest.mark.parametrize(
    ("counted", "files", "percent", "total"),
    [
        ((0, 8, 1), 1, 0, 8),
        ((3, 8, 1), 1, 37, 8),
        ((8, 8, 1), 1, 99, 8),
        ((3, 8, 1), 4, 9, 32),
        ((11, 16, 2), 4, 34, 32),
        ((32, 32, 4), 4, 99, 32),
        ((1, 1, 3), 2, 99, 1),
    ],
)
def test_a_job_that_many_make_is_as_far_as_its_parts(
    counted: tuple[int, int, int], files: int, percent: int, total: int
):
    made_parts, planned, begun = counted
    world = World()
    job = order(world, WHOLE).model_copy(update={"files": files, "tier": "big"})
    world.ledger.rows[job.job_id] = job
    world.ledger.begin(job.job_id, world.now())
    progress = Progress(made=made_parts, planned=planned, files_begun=begun)
    world.results.parts[job.job_id] = progress
    explained = told(world, job)
    assert (explained.percent, explained.progress) == (percent, progress)
    assert progress.total(files) == total
    assert explained.place is None


@pytest.mark.parametrize(("request_", "tier"), [(BOX, "small"), (TABLE, "big")])
def test_what_one_worker_makes_has_no_parts(request_: SubsetRequest, tier: Tier):
    world = World()
    job = order(world, request_).model_copy(update={"tier": tier})
    world.ledger.rows[job.job_id] = job
    world.ledger.begin(job.job_id, world.now())
    world.results.available = False
    assert told(world, job) == Explanation(world.now(), 0)


@pytest.mark.parametrize("end", sorted(ENDED))
def test_a_job_that_has_ended_needs_no_look_at_anything(end: str):
    world = World()
    job = order(world)
    if end == "successful":
        settle_job(job.job_id, world.make_result(job.job_id), world.ports.ends)
    elif end == "failed":
        world.ledger.release(job, Reason(code="x", detail="y"), world.now())
    else:
        world.ledger.dismiss(job, world.now())
    ended, history = world.ledger.get(job.job_id), History(world.ports)
    for port in (world.ledger, world.policies, world.journal, world.results):
        port.available = False
    percent = 100 if end == "successful" else None
    assert explain(ended, world.ports, history) == Explanation(world.now(), percent)


def test_what_is_expected_is_concluded_from_jobs_of_the_last_days():
    world = World()
    for number in range(1, 11):
        made(world, number, 100 * number)
    world.later(86_400)
    waits, runs = order(world), order(world)
    world.ledger.begin(runs.job_id, world.now())
    expected = told(world, waits).expected
    assert expected is not None
    assert (expected.start, expected.end) == (Spread(5, 10), Spread(505, 1010))
    expected = told(world, runs).expected
    assert expected is not None
    assert (expected.start, expected.end) == (None, Spread(500, 1000))


def test_jobs_that_failed_that_were_served_by_others_or_long_ago_tell_nothing():
    world = World()
    for _ in range(10):
        made(world, 1, 1)
    world.later(4 * 86_400)
    for _ in range(10):
        job = order(world)
        world.ledger.begin(job.job_id, world.now())
        world.ledger.release(job, Reason(code="x", detail="y"), world.now())
    assert History(world.ports).past() == ()


def test_the_past_is_looked_up_once_a_minute():
    world = World()
    history = History(world.ports)
    made(world, 1, 1)
    before = world.now()
    assert len(history.past()) == 1
    world.time = before + timedelta(seconds=1)
    made(world, 1, 1)
    assert len(history.past()) == 1
    world.time = before + timedelta(seconds=61)
    assert len(history.past()) == 2


def test_without_a_journal_nothing_is_expected_and_all_else_is_told():
    world = World()
    history = History(world.ports)
    for _ in range(5):
        made(world, 1, 1)
    assert len(history.past()) == 5
    world.later(61)
    world.journal.available = False
    assert len(history.past()) == 5
    job = order(world)
    assert told(world, job) == Explanation(world.now(), 0, place=CLAIMED)
    with pytest.raises(Unavailable):
        world.journal.newest(world.now().date(), 1)


def test_no_more_lines_are_read_than_tell_enough():
    world = World()
    made(world, 1, 1)
    (line, end) = world.journal.entries
    world.journal.entries += [end] * (2 * ENOUGH_LINES)
    assert line.kind == "reserved"
    assert len(History(world.ports).past()) == ENOUGH_LINES
