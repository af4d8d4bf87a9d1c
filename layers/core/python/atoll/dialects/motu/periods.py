"""`availableTimes`: the times of an axis as ISO 8601 periods, or its numbers where it has no dates.

A period takes all times that follow each other at its step; the next begins where the step
changes. An axis of too many such is told as one period, of the longest step that meets all of
its times: the document stays below the megabyte that a load balancer passes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, pairwise
from math import gcd

from atoll.model.coverage import Axis, RegularValues
from atoll.planning.nodes import Nodes
from atoll.planning.period import shown_clock, time_text

MOST_PERIODS = 6_000  # of at most some 80 characters each
_SHORTEST_TICK_S = Fraction(1, 1000)  # what the text of a time shows
_TICKS_OF_A_NUMBER = 1_000_000
_DURATIONS_S = (("Y", 365 * 86_400), ("M", 30 * 86_400), ("D", 86_400))
_CLOCK_S = (("H", 3600), ("M", 60))


@dataclass(frozen=True, slots=True)
class Ticks:
    """A time axis counted in whole ticks, in which equal steps are equal.

    Attributes:
        per_unit: ticks of one unit of the axis.
        tick_s: None = its numbers are no dates.
    """

    per_unit: int
    tick_s: Fraction | None

    def count(self, value: float) -> int:
        """Ticks of a number of the axis."""
        return round(value * self.per_unit)

    def step_text(self, ticks: int) -> str:
        """A step: a duration, or a number of the axis."""
        if self.tick_s is None:
            return f"{ticks / self.per_unit}"
        return duration_text(ticks * self.tick_s)


def ticks_of(axis: Axis) -> Ticks:
    """The ticks of a time axis: milliseconds, or the axis's units where they are shorter."""
    clock = shown_clock(axis)
    if clock is None:
        return Ticks(_TICKS_OF_A_NUMBER, None)
    tick_s = min(_SHORTEST_TICK_S, clock.unit_s)
    return Ticks(int(clock.unit_s / tick_s), tick_s)


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


def duration_text(seconds: Fraction) -> str:
    """An ISO 8601 duration in which a month is 30 days and a year 365.

    Examples:
        >>> duration_text(Fraction(86400)), duration_text(Fraction(6 * 3600))
        ('P1D', 'PT6H')
        >>> duration_text(Fraction(730.5) * 3600), duration_text(Fraction(3, 2))
        ('P1MT10H30M', 'PT1.5S')
    """
    parts: dict[str, str] = {"date": "", "clock": ""}
    for name, units in (("date", _DURATIONS_S), ("clock", _CLOCK_S)):
        for letter, length_s in units:
            count, seconds = divmod(seconds, length_s)
            parts[name] += f"{count}{letter}" if count else ""
    if seconds or not any(parts.values()):
        parts["clock"] += f"{float(seconds):.9f}".rstrip("0").rstrip(".") + "S"
    return f"P{parts['date']}" + (f"T{parts['clock']}" if parts["clock"] else "")


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
