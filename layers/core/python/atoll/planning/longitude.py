"""Longitudes go round: an interval of them as at most two pieces of one plan."""

import math
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from atoll.model.coverage import Axis
from atoll.model.plan import Piece
from atoll.model.request import Interval, LongitudeInterval, Selection
from atoll.planning.axes import DEGREES_TOLERANCE, piece_of, positions_within, tolerance_of
from atoll.planning.meridians import TURN, Meridians, meridians_of
from atoll.planning.nodes import Nodes, snapped
from atoll.planning.refusals import Wording

FAR = 10 * TURN  # beyond, longitudes are named from 0 again: digits would be lost


@dataclass(frozen=True, slots=True)
class Box:
    """An interval of longitudes, unrolled.

    Attributes:
        west, east: degrees, west <= east.
        selection: how bounds between meridians are met.
        tolerance: degrees.
    """

    west: float
    east: float
    selection: Selection
    tolerance: float

    @property
    def interval(self) -> Interval:
        """Both edges."""
        return Interval(lower=self.west, upper=self.east)

    def touches(self, meridians: Meridians) -> bool:
        """Whether some meridian, or a gap between two, lies in the box."""
        west, east = self.west - self.tolerance, self.east + self.tolerance
        return meridians[0] <= east and west <= meridians[-1]

    def ends_within(self, copies: list[Meridians]) -> bool:
        """Whether neither edge lies beyond the ends of a regional grid."""
        edges = [Box(edge, edge, self.selection, self.tolerance) for edge in (self.west, self.east)]
        return all(any(edge.touches(copy) for copy in copies) for edge in edges)


def longitude_pieces(
    axis: Axis, longitude: LongitudeInterval, selection: Selection, stride: int = 1
) -> tuple[Piece, ...]:
    """The nodes that an interval of longitudes takes, rising from its west edge.

    Args:
        axis: one that wraps.
        longitude: any real numbers; a span of 360 or more is everything.
        selection: as index_range.
        stride: every n-th, counted from the west edge on, across the seam.

    Raises:
        EmptySelection: no meridian is taken.
        InvalidParameter: `strict-inside`, and a bound lies beyond a regional grid.

    Examples:
        >>> from atoll.model.coverage import RegularValues
        >>> axis = Axis(name="x", role="X", dtype="<f8", wraps=True,
        ...             values=RegularValues(start=20.5, step=1, count=360))
        >>> for piece in longitude_pieces(axis, LongitudeInterval(west=-2, east=22), "inside"):
        ...     print(piece.indices, piece.shift)
        range(338, 360) -360.0
        range(0, 2) 0.0
    """
    nodes = Nodes(axis)
    words = Wording("bbox", axis.name)
    west, east = unrolled(longitude)
    if not nodes:
        raise words.empty(nodes, Interval(lower=west, upper=east))
    meridians = meridians_of(nodes)
    places = _places(meridians, Box(west, east, selection, tolerance_of(axis)), words)
    return tuple(_pieces(meridians, places[::stride]))


def unrolled(longitude: LongitudeInterval) -> tuple[float, float]:
    """West and east with east >= west, in the turn that west was given in.

    Examples:
        >>> unrolled(LongitudeInterval(west=350, east=10))
        (350.0, 370.0)
        >>> unrolled(LongitudeInterval(west=1e300, east=1.5e300))[1] > 359
        True
    """
    west, east = longitude.west, longitude.east
    span = min(east - west, TURN)
    if span < 0:
        span = (math.fmod(east, TURN) - math.fmod(west, TURN)) % TURN
        # Rounding must not turn a single meridian, said a turn apart, into the whole circle.
        span = 0.0 if TURN - span < DEGREES_TOLERANCE else span
    west = west if abs(west) <= FAR else math.fmod(west, TURN)
    return west, west + span


def _places(meridians: Meridians, box: Box, words: Wording) -> range:
    """The run of places that a box takes."""
    if box.east - box.west >= TURN:
        return _everything(meridians, box)
    sight = meridians.seen_from(box.west)
    if meridians.goes_round:
        places = _taken(sight, box)
    elif box.selection == "strict-inside" and not box.ends_within(sight.copies()):
        raise words.beyond(meridians, box.interval)
    else:
        places = _regional(sight, box)
    if not places:
        raise words.empty(sight, box.interval)
    return places[: meridians.size]


def _everything(meridians: Meridians, box: Box) -> range:
    """All of them: from the west edge on, but a regional grid is not torn apart."""
    sight = meridians.seen_from(box.west)
    first = sight.first_place + bisect_left(sight, box.west - box.tolerance)
    if not meridians.goes_round:
        first = math.ceil(first / meridians.size) * meridians.size
    return range(first, first + meridians.size)


def _taken(meridians: Meridians, box: Box) -> range:
    bounds = snapped(meridians, box.interval, box.tolerance)
    found = positions_within(meridians, bounds, box.selection)
    return range(found.start + meridians.first_place, found.stop + meridians.first_place)


def _regional(sight: Meridians, box: Box) -> range:
    """The places taken of a grid that covers a part of the circle only.

    The box may touch the grid twice, at its eastern end and a turn later at its western one.
    No bound is widened across the gap; only a box within it has its nearest meridian there.
    """
    # `nearest` finds a meridian on every copy, however far: ask those only that are touched.
    near = [copy for copy in sight.copies() if box.selection != "nearest" or box.touches(copy)]
    found = [places for copy in near if (places := _taken(copy, box))]
    if found:
        return range(found[0].start, found[-1].stop)
    if box.selection != "nearest":
        return range(0)
    after = bisect_left(sight, box.west)
    before_is_nearer = box.west - sight[after - 1] <= sight[after] - box.east
    place = sight.first_place + after - before_is_nearer
    return range(place, place + 1)


def _pieces(meridians: Meridians, places: range) -> Iterator[Piece]:
    """The places as stored indices, cut where a turn ends."""
    size, stride = meridians.size, places.step
    for turn in range(places[0] // size, places[-1] // size + 1):
        skipped = max(0, math.ceil((turn * size - places.start) / stride))
        start = places.start + skipped * stride - turn * size
        stop = min(places[-1] + 1 - turn * size, size)
        if start < stop:
            indices = meridians.nodes.rising(range(start, stop, stride))
            yield piece_of(indices, TURN * turn)
