"""Rounds in which many workers make one result."""

import pytest

from atoll.errors import DataError, WorkerLost
from atoll.model.job import Reason
from atoll.services.rounds import MOST_ROUNDS, demand_progress
from tests.fakes import FakeResults
from tests.world import World

BROKEN = Reason(code="data-error", detail="TEMP chunk 3 is broken", facts={"chunk": "3"})


@pytest.mark.parametrize("rounds", range(MOST_ROUNDS))
def test_what_is_missing_is_made_in_another_round(rounds: int):
    demand_progress("job", rounds, 2, FakeResults())


def test_workers_that_are_lost_in_every_round_end_the_job():
    with pytest.raises(WorkerLost) as caught:
        demand_progress("job", MOST_ROUNDS, 2, FakeResults())
    assert caught.value.facts == {"rounds": MOST_ROUNDS, "missing_parts": 2}


def test_what_came_in_the_last_round_is_assembled():
    demand_progress("job", MOST_ROUNDS, 0, FakeResults())


def test_an_assembling_that_is_always_lost_ends_too():
    with pytest.raises(WorkerLost):
        demand_progress("job", MOST_ROUNDS + 1, 0, FakeResults())


@pytest.mark.parametrize("missing", [0, 2])
def test_a_reason_that_a_worker_left_is_the_jobs(missing: int):
    results = FakeResults(reports={"job": BROKEN})
    with pytest.raises(DataError, match="TEMP chunk 3") as caught:
        demand_progress("job", 1, missing, results)
    assert caught.value.facts == {"chunk": "3"}


def test_an_outcome_that_was_left_is_no_reason():
    outcome = World().make_result("job")
    demand_progress("job", 1, 0, FakeResults(reports={"job": (outcome,)}))


def test_nothing_is_asked_before_anybody_worked():
    demand_progress("job", 0, 2, FakeResults(available=False))
