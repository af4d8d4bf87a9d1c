"""What is expected of a job, by what became of others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.admission.estimates import Past, Pending, Spread, estimate
from atoll.model.job import Tier


def past(waited_s: float = 10, ran_s: float = 100, size: int = 1000, tier: Tier = "small") -> Past:
    return Past(tier, waited_s, ran_s, size)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_a_spread_is_that_of_numpy(seconds: list[float]):
    of_numpy = np.quantile(seconds, [0.5, 0.95], method="inverted_cdf")
    assert Spread.of(seconds) == Spread(*of_numpy.tolist())


@pytest.mark.parametrize(("jobs", "is_told"), [(0, False), (4, False), (5, True)])
def test_a_thin_history_tells_nothing(jobs: int, is_told: bool):  # noqa: FBT001
    assert (estimate(Pending("small", 1000), [past()] * jobs) is not None) == is_told


def test_a_quote_is_told_when_it_would_start_and_end():
    history = [past(waited_s=number, ran_s=1000 - 2 * number) for number in range(1, 101)]
    told = estimate(Pending("small", 1000), history)
    assert told is not None
    assert told.start == Spread(50, 95)
    # Who waited long ran short: what is summed are jobs, not percentiles.
    assert told.end == Spread(949, 994)
    assert told.jobs == 100


def test_other_tiers_tell_nothing():
    history = [past(tier="big")] * 50
    assert estimate(Pending("small", 1000), history) is None


def test_twenty_of_similar_size_tell_more_than_the_tier():
    large = [past(ran_s=900, size=4001)] * 200
    for size in (250, 4000):
        similar = [past(ran_s=30, size=size)]
        told = estimate(Pending("small", 1000), large + similar * 20)
        assert told is not None
        assert (told.end, told.jobs) == (Spread(40, 40), 20)
        told = estimate(Pending("small", 1000), large + similar * 19)
        assert told is not None
        assert (told.end.p50_s, told.jobs) == (910, 219)


def test_a_job_that_waits_is_compared_with_those_that_waited_as_long():
    history = [past(waited_s=wait) for wait in (1, 2, 3, 60, 70, 80, 90, 100)]
    told = estimate(Pending("small", 1000, waited_s=60), history)
    assert told is not None
    assert told.start == Spread(20, 40)
    assert told.end == Spread(120, 140)
    assert estimate(Pending("small", 1000, waited_s=61), history) is None


def test_a_job_that_runs_is_compared_with_those_that_ran_as_long():
    history = [past(ran_s=ran) for ran in (1, 60, 70, 80, 90, 100)]
    told = estimate(Pending("small", 1000, waited_s=5000, ran_s=50), history)
    assert told is not None
    assert (told.start, told.end, told.jobs) == (None, Spread(30, 50), 5)


@given(
    st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 1e4), st.integers(0, 10**6))),
    st.floats(0, 1e4),
    st.none() | st.floats(0, 1e4),
    st.integers(0, 10**6),
)
def test_nothing_is_expected_in_the_past(
    rows: list[tuple[float, float, int]], waited_s: float, ran_s: float | None, size: int
):
    told = estimate(Pending("small", size, waited_s, ran_s), [past(*row) for row in rows])
    if told is not None:
        assert (told.start is None) == (ran_s is not None)
        spreads = [told.end] if told.start is None else [told.start, told.end]
        assert all(0 <= spread.p50_s <= spread.p95_s for spread in spreads)
        assert told.start is None or told.start.p95_s <= told.end.p95_s
