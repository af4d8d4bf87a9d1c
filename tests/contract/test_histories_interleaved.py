"""Two things at once, one of them between any two calls of the other; and crashes there."""

import pytest

from tests.contract.history import POLICIES, Happening, Unit
from tests.contract.test_histories import in_memory, in_tables

# Jobs by number: 0 leads, 1 follows it, 2 and 3 are alone.
LINE: tuple[Happening, ...] = (
    ("submit", (0, 0, None, True)),
    ("submit", (1, 0, None, True)),
    ("submit", (1, 1, None, False)),
    ("submit", (0, 1, None, False)),
)
DISPATCH: Happening = ("dispatch", ())
DISMISS_LEADER: Happening = ("dismiss", (0,))
DISMISS_FOLLOWER: Happening = ("dismiss", (1,))
DISMISS_ALONE: Happening = ("dismiss", (2,))
FOLLOW: Happening = ("submit", (1, 0, "k", True))
ALONE: Happening = ("submit", (1, 1, "k", False))
SUCCEED: Happening = ("execute", (0, "succeed"))
FAIL: Happening = ("execute", (0, "fail"))
LOSE: Happening = ("execute", (0, "lost"))
REAP: Happening = ("reap", ())
ALL = (
    DISPATCH, DISMISS_LEADER, DISMISS_FOLLOWER, DISMISS_ALONE, FOLLOW, ALONE, SUCCEED, FAIL, LOSE,
    REAP,
)  # fmt: skip
# What the adapters' transactions must not do to each other.
MEETING = (
    (DISMISS_ALONE, DISPATCH),
    (DISPATCH, DISPATCH),
    (DISPATCH, DISMISS_ALONE),
    (DISPATCH, ALONE),
    (DISMISS_LEADER, FOLLOW),
)


def prepared(unit: Unit, *, run: bool) -> Unit:
    """Four jobs wait though there are slots; or those that may run do."""
    unit.put_policy(POLICIES[3])
    for order in LINE:
        unit.happen(order, None, "crash")
    unit.put_policy(POLICIES[0])
    if run:
        unit.happen(DISPATCH, None, "crash")
        unit.happen(("wait", (61,)), None, "crash")
    return unit


def lived(unit: Unit, one: Happening, steps: int, other: str | Happening, *, run: bool) -> bool:
    """Let one be interrupted after so many steps; False = it was done before."""
    prepared(unit, run=run).happen(one, steps, other)
    has_happened = unit.fuse.burned > steps
    unit.quiesce()
    return has_happened


@pytest.mark.parametrize("run", [False, True], ids=["waiting", "running"])
@pytest.mark.slow
@pytest.mark.parametrize("other", ["crash", "away", *ALL], ids=str)
def test_in_memory(other: str | Happening, *, run: bool) -> None:
    # After a call is before the next one, but for an answer that is lost.
    stride = 1 if other == "away" else 2
    for one in ALL:
        steps = 0
        while lived(in_memory(), one, steps, other, run=run):
            steps += stride


@pytest.mark.slow
@pytest.mark.parametrize(("one", "other"), MEETING, ids=str)
def test_in_tables(request: pytest.FixtureRequest, one: Happening, other: Happening) -> None:
    aws = request.getfixturevalue("aws")
    steps = 0
    while lived(in_tables(aws), one, steps, other, run=False):
        steps += 2
    assert steps > 5
