"""Thousands of histories with crashes between any two calls: the books agree after every step,
and in the end every job has ended and nothing is held.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.books import books_in_memory, books_in_tables
from tests.contract.cloud import Cloud
from tests.contract.history import POLICIES, Happening, Unit
from tests.contract.rig import clear, dynamo_rig, fake_rig
from tests.fakes import FakeLedger

NOTHING = st.just(())
WHICH = st.integers(0, 5)
ACCOUNT = st.integers(0, 1)
REQUEST = st.sampled_from([0, 0, 0, 1, 2])
KEY = st.sampled_from([None, None, None, "k"])
SHARES = st.sampled_from([True, True, True, True, False])
HOW = st.sampled_from(["begin", "succeed", "succeed", "fail", "lost"])
SECONDS = st.sampled_from([1, 61, 61, 50_000, 2_000_000])
ORDER = st.tuples(st.just("submit"), st.tuples(ACCOUNT, REQUEST, KEY, SHARES))
EXECUTE = st.tuples(st.just("execute"), st.tuples(WHICH, HOW))
DISMISS = st.tuples(st.just("dismiss"), st.tuples(WHICH))
LOOK = st.tuples(st.sampled_from(["dispatch", "reap"]), NOTHING)
WAIT = st.tuples(st.just("wait"), st.tuples(SECONDS))
FORGET = st.tuples(st.just("forget"), NOTHING)
PUT = st.tuples(st.just("put_policy"), st.tuples(st.sampled_from(POLICIES)))
OFTEN = (ORDER, EXECUTE, DISMISS, LOOK)
HAPPENING = st.one_of(*OFTEN, *OFTEN, ORDER, ORDER, WAIT, WAIT, FORGET, PUT)
# What comes between two calls of ports, and after how many steps of them; None = nothing.
STEPS = st.none() | st.integers(0, 11) | st.integers(8, 23)
TROUBLE = st.just("crash") | st.just("away") | st.one_of(*OFTEN, ORDER)

type Step = tuple[Happening, int | None, str | Happening]


def histories(longest: int) -> st.SearchStrategy[list[Step]]:
    return st.lists(st.tuples(HAPPENING, STEPS, TROUBLE), min_size=longest // 3, max_size=longest)


def live(unit: Unit, history: list[Step]) -> None:
    for step in history:
        unit.happen(*step)
    unit.quiesce()


def in_memory() -> Unit:
    rig = fake_rig()
    fake = rig.ledger
    assert isinstance(fake, FakeLedger)
    return Unit(rig, lambda: books_in_memory(fake))


def in_tables(aws: Cloud) -> Unit:
    """A unit whose tables are empty."""
    rig = dynamo_rig(aws)
    clear()
    return Unit(rig, lambda: books_in_tables(rig.state()))


def often(number: int) -> settings:
    """So many histories, others in each run."""
    every = tuple(HealthCheck)
    return settings(max_examples=number, deadline=None, suppress_health_check=every)


@often(100)
@given(histories(20))
def test_some_histories_in_memory(history: list[Step]) -> None:
    live(in_memory(), history)


@pytest.mark.slow
@often(1900)
@given(histories(20))
def test_many_histories_in_memory(history: list[Step]) -> None:
    live(in_memory(), history)


@pytest.mark.slow
def test_histories_in_tables(aws: Cloud) -> None:
    @often(100)
    @given(histories(9))
    def run(history: list[Step]) -> None:
        live(in_tables(aws), history)

    run()
