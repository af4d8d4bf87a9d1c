"""How a selection that cannot be met is worded: in the terms of who asked."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.request import Interval

NOWHERE = Interval()


def as_it_is(value: float) -> float | str:
    """A value in the axis's own units."""
    return value


@dataclass(frozen=True, slots=True)
class Wording:
    """The terms in which a user has asked for a part of an axis.

    Attributes:
        parameter: of the request, e.g. `depth`.
        axis: its name.
        show: a value of the axis, in the parameter's units; a date for a time.
        reverses: the parameter falls where the axis rises (depth on an axis of heights).
    """

    parameter: str
    axis: str
    show: Callable[[float], float | str] = as_it_is
    reverses: bool = False

    def bounds(self, interval: Interval) -> tuple[float | str | None, float | str | None]:
        """An interval of the axis as it was asked for, lower bound first."""
        return self._pair(interval.lower, interval.upper)

    def _pair(
        self, low: float | None, high: float | None
    ) -> tuple[float | str | None, float | str | None]:
        shown = [None if value is None else self.show(value) for value in (low, high)]
        return (shown[1], shown[0]) if self.reverses else (shown[0], shown[1])

    def empty(
        self, nodes: Sequence[float], interval: Interval, whole: Interval = NOWHERE
    ) -> EmptySelection:
        """Nothing lies within the interval: which values do lie beside it.

        Args:
            nodes: rising; none of them within the interval.
            interval: bounded on one side at least.
            whole: from the first to the last value; open = there are no such ends.
        """
        bound = interval.upper if interval.lower is None else interval.lower
        after = bisect_left(nodes, bound) if bound is not None else 0
        below, above = self._pair(
            nodes[after - 1] if after > 0 else None,
            nodes[after] if after < len(nodes) else None,
        )
        lower, upper = self.bounds(interval)
        first, last = self.bounds(whole)
        beside = [f"{shown}" for shown in (below, above) if shown is not None]
        return EmptySelection(
            f"{self.parameter}: nothing lies between {_open(lower)} and {_open(upper)} "
            f"on axis {self.axis}; the nearest: {' and '.join(beside) or 'none, it is empty'}",
            {
                "parameter": self.parameter,
                "axis": self.axis,
                "lower": lower,
                "upper": upper,
                "below": below,
                "above": above,
                "first": first,
                "last": last,
            },
        )

    def beyond(self, nodes: Sequence[float], interval: Interval) -> InvalidParameter:
        """A bound lies beyond the axis, and the selection forbids that."""
        first, last = self._pair(nodes[0], nodes[-1])
        return InvalidParameter(
            self.parameter,
            list(self.bounds(interval)),
            f"strict-inside takes bounds from {first} to {last} on axis {self.axis}",
        )


def _open(bound: float | str | None) -> str:
    return "any" if bound is None else f"{bound}"
