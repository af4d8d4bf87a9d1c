"""Histories that once went wrong, each under the name of what was wrong."""

import pytest

from tests.contract.history import POLICIES, Happening, Unit
from tests.contract.test_histories import in_memory, in_tables

ORDER: Happening = ("submit", (0, 0, None, True))
ALONE: Happening = ("submit", (0, 0, None, False))


@pytest.fixture(params=["fake", "dynamodb"])
def unit(request: pytest.FixtureRequest) -> Unit:
    return in_memory() if request.param == "fake" else in_tables(request.getfixturevalue("aws"))


def test_an_order_takes_no_slot_beyond_those_that_operators_left(unit: Unit) -> None:
    unit.put_policy(POLICIES[2])
    for number, account in enumerate((0, 0, 1)):
        unit.happen(("submit", (account, number % 2, None, False)), None, "crash")
    held = unit.books.held("small")
    unit.happen(("put_policy", (POLICIES[1],)), None, "crash")
    for _ in range(2):
        unit.happen(ALONE, None, "crash")
    assert unit.books.held("small") == held
    unit.quiesce()


@pytest.mark.parametrize("steps", range(12))
def test_a_successor_is_followed_that_led_while_an_order_looked_for_one(
    unit: Unit, steps: int
) -> None:
    """The order took the place of the new leader instead, and the same was made twice."""
    for _ in range(3):
        unit.happen(ORDER, None, "crash")
    unit.happen(ORDER, steps, ("dismiss", (0,)))
    unit.quiesce()
