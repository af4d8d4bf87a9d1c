"""A period, as the numbers of a time axis that it means."""

import math
from dataclasses import dataclass

from atoll.errors import InvalidParameter
from atoll.model.coverage import Axis
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, Selection
from atoll.planning.axes import index_range, tolerance_of
from atoll.planning.calendar import moment_text, number_after, number_of, words_of
from atoll.planning.clock import Clock, clock_of
from atoll.planning.nodes import Nodes
from atoll.planning.refusals import Wording


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """An axis of times whose numbers can be told as moments."""

    axis: Axis

    def first(self, moment: Moment) -> float:
        """The number of a moment's first instant."""
        return number_of(moment, self.axis.units, self.axis.calendar)

    def last(self, moment: Moment) -> float:
        """The number of a moment's last instant; a node at the next midnight lies after it."""
        after = number_after(moment, self.axis.units, self.axis.calendar)
        if moment.second is not None:
            return after
        tolerance = tolerance_of(self.axis)
        return after - 2 * tolerance if tolerance else math.nextafter(after, -math.inf)

    def touched_by(self, moment: Moment) -> bool:
        """Whether some instant of a moment lies between the first and the last time."""
        nodes, tolerance = Nodes(self.axis), tolerance_of(self.axis)
        begins, ends = self.first(moment) - tolerance, self.last(moment) + tolerance
        return ends >= nodes[0] and begins <= nodes[-1]


def time_range(axis: Axis, period: Period, selection: Selection) -> range:
    """The stored indices of the times that a period takes.

    A year, month or day is taken whole, as a lower and as an upper bound; under
    `strict-inside` it need only touch the axis. One instant takes the nearest time.

    Raises:
        EmptySelection: no time is taken.
        InvalidParameter: the period ends before it starts, the calendar lacks a date, or the
            axis's units cannot be told as dates.
    """
    if clock_of(axis.units, axis.calendar) is None:
        raise InvalidParameter(
            "datetime",
            period_text(period),
            f"axis {axis.name} counts {axis.units!r} in calendar {axis.calendar!r}, which no "
            f"date can be told in; bound it under axes by its name, in its own units",
        )
    times = TimeAxis(axis)
    bounds = _bounds(times, period)
    words = Wording("datetime", axis.name, lambda value: time_text(axis, value))
    if selection != "strict-inside":
        return index_range(axis, bounds, selection, words)
    given = [moment for moment in (period.start, period.end) if moment is not None]
    if axis.size and not all(times.touched_by(moment) for moment in given):
        raise words.beyond(Nodes(axis), bounds)
    return index_range(axis, bounds, "inside", words)


def time_text(axis: Axis, value: float) -> str:
    """A time as users read it: ISO 8601; of a climatology, and where no date is meant, its number.

    Examples:
        >>> from atoll.model.coverage import ExplicitValues
        >>> axis = Axis(name="t", role="T", dtype="<f8", values=ExplicitValues(values=(366.0,)),
        ...             units="hour since 0000-01-01", climatology=True)
        >>> time_text(axis, 366.0)
        '366.0'
    """
    if shown_clock(axis) is None:
        return f"{value}"
    return moment_text(value, axis.units, axis.calendar)


def shown_clock(axis: Axis) -> Clock | None:
    """What the numbers of a time axis count; None where they are shown as they are."""
    return None if axis.climatology else clock_of(axis.units, axis.calendar)


def _bounds(times: TimeAxis, period: Period) -> Interval:
    lower = None if period.start is None else times.first(period.start)
    upper = None if period.end is None else times.last(period.end)
    if lower is not None and upper is not None and lower > upper:
        raise InvalidParameter(
            "datetime", period_text(period), "the end must not come before the start"
        )
    return Interval(lower=lower, upper=upper)


def period_text(period: Period) -> str:
    """A period as one writes it, for messages."""
    return f"{words_of(period.start)}/{words_of(period.end)}"
