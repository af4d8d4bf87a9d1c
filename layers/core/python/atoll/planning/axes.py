"""Which nodes of an axis lie within an interval: 1-d index arithmetic by bisection.

Intervals are closed at both ends. Bounds within an axis's tolerance of a node are that node.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from atoll.model.coverage import Axis
from atoll.model.plan import Piece
from atoll.model.request import Interval, Selection
from atoll.planning.clock import clock_of
from atoll.planning.lengths import length_m
from atoll.planning.nodes import Nodes, nearest_position, snapped
from atoll.planning.refusals import Wording

DEPTH_TOLERANCE_M = 0.01
TIME_TOLERANCE_S = 0.0005  # half of what the text of a time shows
DEGREES_TOLERANCE = 1e-9  # a turn added to a longitude and taken away again
SINGLE_PRECISION = 2.0**-23  # half a digit for the value stored, half for the decimal asked


def index_range(
    axis: Axis,
    interval: Interval,
    selection: Selection = "inside",
    wording: Wording | None = None,
) -> range:
    """The stored indices of the nodes that an interval takes, in stored order.

    Args:
        axis: rising or falling.
        interval: in the axis's own units.
        selection: `inside` and `strict-inside` take the nodes within, `nearest` all between
            the nodes nearest to each bound, `outside` all between the nodes that enclose it.
            Equal bounds take the nearest node, whichever; it may lie half a step off the end.
        wording: of the refusals; None = in the axis's name.

    Raises:
        EmptySelection: no node is taken.
        InvalidParameter: `strict-inside`, and a bound lies beyond the axis.

    Examples:
        >>> from atoll.model.coverage import RegularValues
        >>> axis = Axis(name="y", role="Y", dtype="<f8",
        ...             values=RegularValues(start=0, step=10, count=4))
        >>> index_range(axis, Interval(lower=10, upper=25))
        range(1, 3)
        >>> index_range(axis, Interval(lower=11, upper=11))
        range(1, 2)
        >>> index_range(axis, Interval(lower=11, upper=25), "outside")
        range(1, 4)
    """
    nodes = Nodes(axis)
    words = wording or Wording(axis.name, axis.name)
    if not nodes:
        raise words.empty(nodes, interval)
    bounds = snapped(nodes, interval, tolerance_of(axis))
    if selection == "strict-inside" and not covers(nodes, bounds):
        raise words.beyond(nodes, interval)
    positions = positions_within(nodes, bounds, selection)
    if not positions:
        raise words.empty(nodes, interval, Interval(lower=nodes[0], upper=nodes[-1]))
    return nodes.stored(positions)


def positions_within(nodes: Sequence[float], interval: Interval, selection: Selection) -> range:
    """The positions that an interval takes of rising nodes; empty where it takes none."""
    lower, upper = interval.lower, interval.upper
    if selection == "nearest":
        return _nearest(nodes, interval)
    if lower is not None and lower == upper:
        return _nearest(nodes, interval) if holds(nodes, lower) else range(0)
    if selection == "outside":
        return _outside(nodes, interval)
    start = 0 if lower is None else bisect_left(nodes, lower)
    stop = len(nodes) if upper is None else bisect_right(nodes, upper)
    return range(start, max(start, stop))


def _nearest(nodes: Sequence[float], interval: Interval) -> range:
    lower, upper = interval.lower, interval.upper
    start = 0 if lower is None else nearest_position(nodes, lower)
    stop = len(nodes) if upper is None else nearest_position(nodes, upper) + 1
    return range(start, stop)


def _outside(nodes: Sequence[float], interval: Interval) -> range:
    lower, upper = interval.lower, interval.upper
    if (lower is not None and lower > nodes[-1]) or (upper is not None and upper < nodes[0]):
        return range(0)
    start = 0 if lower is None else max(bisect_right(nodes, lower) - 1, 0)
    stop = len(nodes) if upper is None else min(bisect_left(nodes, upper) + 1, len(nodes))
    return range(start, stop)


def covers(nodes: Sequence[float], interval: Interval) -> bool:
    """Whether no bound lies beyond the first or the last node."""
    given = [bound for bound in (interval.lower, interval.upper) if bound is not None]
    return all(nodes[0] <= bound <= nodes[-1] for bound in given)


def holds(nodes: Sequence[float], value: float) -> bool:
    """Whether a value lies on the axis: no more than half a step beyond its ends.

    What lies further off has no nearest node, only a silent neighbour.
    """
    if len(nodes) == 1:
        return value == nodes[0]
    before, after = (nodes[1] - nodes[0]) / 2, (nodes[-1] - nodes[-2]) / 2
    return nodes[0] - before <= value <= nodes[-1] + after


def tolerance_of(axis: Axis) -> float:
    """How far a bound may lie off a node and still mean it, in the axis's units.

    Single-precision values differ from the decimals they were written as; a person reads
    depths to the centimetre and times to the millisecond.
    """
    nodes = Nodes(axis)
    rounding = 0.0
    if axis.dtype.endswith("f4"):
        rounding = SINGLE_PRECISION * max(abs(nodes[0]), abs(nodes[-1]))
    return max(rounding, _tolerance_of_role(axis))


def _tolerance_of_role(axis: Axis) -> float:
    if axis.role == "X" and axis.wraps:
        return DEGREES_TOLERANCE
    if axis.role == "Z":
        unit_m = length_m(axis.units)
        return 0.0 if unit_m is None else DEPTH_TOLERANCE_M / unit_m
    if axis.role == "T" and (clock := clock_of(axis.units, axis.calendar)) is not None:
        # Finer counts than the text's are exact, and told apart by themselves.
        return TIME_TOLERANCE_S / float(clock.unit_s) if clock.unit_s > TIME_TOLERANCE_S else 0.0
    return 0.0


def piece_of(indices: range, shift: float = 0.0) -> Piece:
    """The one way to write down some nodes: equal nodes make equal pieces.

    Examples:
        >>> piece_of(range(0, 9, 5)) == piece_of(range(0, 6, 5))
        True
    """
    if len(indices) == 1:
        return Piece(start=indices[0], stop=indices[0] + 1, shift=shift)
    beyond = 1 if indices.step > 0 else -1
    return Piece(start=indices[0], stop=indices[-1] + beyond, step=indices.step, shift=shift)
