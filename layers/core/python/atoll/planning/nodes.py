"""An axis's values in rising order, looked up and never materialised."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import overload, override

from atoll.model.coverage import Axis, RegularValues
from atoll.model.request import Interval


class Nodes(Sequence[float]):
    """The values of one axis, rising, whichever way they are stored.

    A million regular steps cost as little as ten: a value is computed when it is asked for.

    Examples:
        >>> from atoll.model.coverage import RegularValues
        >>> nodes = Nodes(Axis(name="y", role="Y", dtype="<f8",
        ...                    values=RegularValues(start=90, step=-0.5, count=361)))
        >>> nodes[0], nodes[360], nodes.stored(range(2, 4))
        (-90.0, 90.0, range(357, 359))
    """

    __slots__ = ("_descending", "_size", "_values")

    def __init__(self, axis: Axis) -> None:
        self._values = axis.values
        self._size = axis.size
        self._descending = self._size > 1 and self._stored(0) > self._stored(self._size - 1)

    @override
    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, position: int) -> float: ...
    @overload
    def __getitem__(self, position: slice) -> Sequence[float]: ...
    @override
    def __getitem__(self, position: int | slice) -> float | Sequence[float]:
        if isinstance(position, slice):
            return [self[i] for i in range(*position.indices(self._size))]
        if not -self._size <= position < self._size:
            raise IndexError(position)
        index = position % self._size
        return self._stored(self._size - 1 - index if self._descending else index)

    def _stored(self, index: int) -> float:
        if isinstance(self._values, RegularValues):
            return self._values.start + index * self._values.step
        return self._values.values[index]

    def stored(self, positions: range) -> range:
        """The stored indices of these rising positions, in stored order.

        Args:
            positions: of step 1.
        """
        if self._descending:
            return range(self._size - positions.stop, self._size - positions.start)
        return positions

    def rising(self, positions: range) -> range:
        """The stored indices of these rising positions, in their own order: values rise."""
        if not self._descending:
            return positions
        last = self._size - 1
        return range(last - positions.start, last - positions.stop, -positions.step)


def value_at(axis: Axis, index: int) -> float:
    """The value stored at an index."""
    if isinstance(axis.values, RegularValues):
        return axis.values.start + index * axis.values.step
    return axis.values.values[index]


def nearest_position(nodes: Sequence[float], value: float) -> int:
    """The position of the node nearest to a value; of two equally near, the smaller one's.

    Examples:
        >>> nearest_position([0.0, 1.0, 2.0], 1.5), nearest_position([0.0, 1.0], 99.0)
        (1, 1)
    """
    right = bisect_left(nodes, value)
    if right == 0:
        return 0
    if right == len(nodes):
        return right - 1
    return right - 1 if value - nodes[right - 1] <= nodes[right] - value else right


def snapped(nodes: Sequence[float], interval: Interval, tolerance: float) -> Interval:
    """The interval with each bound moved onto the node that lies within the tolerance of it."""
    return Interval(
        lower=_snapped(nodes, interval.lower, tolerance),
        upper=_snapped(nodes, interval.upper, tolerance),
    )


def _snapped(nodes: Sequence[float], bound: float | None, tolerance: float) -> float | None:
    if bound is None:
        return None
    node = nodes[nearest_position(nodes, bound)]
    return node if abs(node - bound) <= tolerance else bound
