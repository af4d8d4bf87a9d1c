"""How many attempts count, against a list that is counted by hand."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from atoll.model.ticket import PENDING_FOR, WINDOW, Attempts
from tests.world import T0

SECONDS = st.integers(0, 2_000)
HOW = st.sampled_from(["pending", "failed", "done"])


@given(st.lists(st.tuples(SECONDS, HOW), max_size=12), SECONDS)
def test_failures_and_those_under_way(events, looked_at):
    """Those of the last 15 minutes; what was broken off a minute ago counts as failed."""
    attempts, now = Attempts(), T0 + timedelta(seconds=looked_at)
    past = sorted((second, how) for second, how in events if second <= looked_at)
    for number, (second, how) in enumerate(past):
        moment = T0 + timedelta(seconds=second)
        attempts = attempts.begun(str(number), moment)
        if how != "pending":
            attempts = attempts.ended(str(number), moment, failed=how == "failed")
    ages = [(looked_at - second, how) for second, how in past]
    window_s, pending_s = WINDOW.total_seconds(), PENDING_FOR.total_seconds()
    failed = [age for age, how in ages if age < window_s and (
        how == "failed" or (how == "pending" and age > pending_s))]  # fmt: skip
    kept = [age for age, how in ages if age < window_s and how != "done"]
    assert attempts.failures(now) == len(failed)
    assert len(attempts.recent(now).made) == len(kept)


def test_a_failure_counts_though_the_counter_was_emptied_meanwhile():
    assert Attempts().ended("one", T0, failed=True).failures(T0) == 1
    assert Attempts().ended("one", T0, failed=False) == Attempts()


def test_an_attempt_that_is_written_twice_counts_once():
    """An answer of the table may be lost, and the change be made again."""
    once = Attempts().begun("one", T0)
    assert once.begun("one", T0) == once
