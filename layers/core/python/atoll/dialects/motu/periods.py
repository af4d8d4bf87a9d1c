"""`availableTimes`: the times of an axis as ISO 8601 periods, or its numbers where it has no dates.

A period takes all times that follow each other at its step; the next begins where the step
changes. An axis of too many such is told as one period, of the longest step that meets all of
its times: the document stays below the megabyte that a load balancer passes on.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from math import gcd

from atoll.model.coverage import Axis, RegularValues
from atoll.planning.nodes import Nodes
from atoll.planning.period import time_text
from atoll.planning.ticks import ticks_of

MOST_PERIODS = 6_000  # of at most some 80 characters each


def periods_text(axis: Axis) -> str:
    """All times of an axis, rising: `start/end/step` each, one on its own as it is, by commas.

    Examples:
        >>> from atoll.model.coverage import ExplicitValues
        >>> axis = Axis(name="t", role="T", dtype="<f8", units="days since 2000-01-01",
        ...             values=ExplicitValues(values=(0, 1, 2, 9)))
        >>> periods_text(axis)
        '2000-01-01T00:00:00Z/2000-01-03T00:00:00Z/P1D,2000-01-10T00:00:00Z'
    """
    nodes, ticks = Nodes(axis), ticks_of(axis)
    if not nodes:
        return ""
    if isinstance(axis.values, RegularValues):
        return _period(axis, range(axis.size), ticks.step_text(ticks.count(abs(axis.values.step))))
    counts = sorted(map(ticks.count, axis.values.values))
    steps = [after - before for before, after in pairwise(counts)]
    runs = list(islice(_runs(steps), MOST_PERIODS + 1))
    if len(runs) > MOST_PERIODS:
        return _period(axis, range(axis.size), ticks.step_text(gcd(*steps)))
    return ",".join(
        _period(axis, run, ticks.step_text(steps[run.start]) if len(run) > 1 else "")
        for run in runs
    )


def _runs(steps: Sequence[int]) -> Iterator[range]:
    """The positions of nodes in runs of one step each; a run takes all it can."""
    start, size = 0, len(steps) + 1
    while start < size:
        stop = start + 1
        while stop < size and steps[stop - 1] == steps[start]:
            stop += 1
        yield range(start, stop)
        start = stop


def _period(axis: Axis, positions: range, step: str) -> str:
    """The times at these rising positions."""
    nodes = Nodes(axis)
    first = time_text(axis, nodes[positions[0]])
    if len(positions) == 1:
        return first
    return f"{first}/{time_text(axis, nodes[positions[-1]])}/{step}"
