"""The worker's process: a part that is away is asked again; whatever fails has a reason."""

import os
from collections.abc import Callable

import pytest

from tests.functions.environment import ENVIRONMENT

os.environ.update({name: ENVIRONMENT[name] for name in ENVIRONMENT if "AWS" not in name})

from atoll.bootstrap.patience import ATTEMPTS, patiently
from atoll.bootstrap.worker import outcome_of
from atoll.errors import DataError, Unavailable, UploadGone
from atoll.model.job import Outcome, Reason

OUTCOME = Outcome(key="results/a/b.nc", output_bytes=1, sha256="0" * 64, cells_with_data=1)
AWAY = Unavailable("the store did not answer", {"part": "store"})


def failing(times: int, fault: Exception) -> Callable[[], Outcome]:
    """Fails so many times, then succeeds."""
    left = [fault] * times

    def extract() -> Outcome:
        if left:
            raise left.pop()
        return OUTCOME

    return extract


@pytest.mark.parametrize("times", range(ATTEMPTS))
def test_a_part_that_comes_back_is_no_failure(times):
    pauses: list[float] = []
    assert patiently(failing(times, AWAY), pauses.append) == OUTCOME
    assert len(pauses) == times
    assert pauses == sorted(pauses)


def test_a_part_that_stays_away_is_the_reason():
    pauses: list[float] = []
    found = outcome_of(lambda: patiently(failing(ATTEMPTS, AWAY), pauses.append))
    assert found == Reason(
        code="unavailable", detail="the store did not answer", facts={"part": "store"}
    )
    assert len(pauses) == ATTEMPTS - 1


def test_wrong_data_are_not_asked_for_again():
    pauses: list[float] = []
    broken = DataError("TEMP chunk 3 is broken")
    found = outcome_of(lambda: patiently(failing(1, broken), pauses.append))
    assert found == Reason(code="data-error", detail="TEMP chunk 3 is broken")
    assert pauses == []


def test_an_unforeseen_error_is_a_reason_without_its_inside():
    found = outcome_of(failing(1, KeyError("arn:aws:secret")))
    assert isinstance(found, Reason)
    assert (found.code, found.facts) == ("internal-error", {"error": "KeyError"})
    assert "secret" not in found.model_dump_json()


def test_the_end_of_an_upload_is_nobodys_reason():
    with pytest.raises(UploadGone):
        outcome_of(failing(1, UploadGone("the upload is gone")))
