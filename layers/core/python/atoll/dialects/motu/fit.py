"""A Motu request on a dataset: what Motu ignores is left out, and the surface is a level."""

from atoll.model.coverage import Axis, Coverage
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, SubsetRequest
from atoll.planning.calendars import PROLEPTIC_GREGORIAN
from atoll.planning.clock import clock_of
from atoll.planning.depth import depth_scale
from atoll.planning.nodes import Nodes

SURFACE = Interval(lower=0.0, upper=0.0)
SHORTEST_MONTH = 28  # days


def fitted(request: SubsetRequest, coverage: Coverage) -> SubsetRequest:
    """The request as this dataset can be asked it.

    Bounds of depth or time are ignored where there is no such axis, for motuclient sends a
    time whether it was given or not. The surface is the level that lies nearest to it. Where
    levels are no depths, as pressures are none, bounds are in the axis's own units.

    Args:
        request: as it was parsed.
        coverage: of its dataset.
    """
    depth, time = coverage.axis_of("Z"), coverage.axis_of("T")
    changed: dict[str, object] = {}
    if depth is None:
        changed["depth"] = None
    elif request.depth is not None and depth_scale(depth) is None:
        changed |= {"depth": None, "trims": request.trims | {depth.name: request.depth}}
    elif request.depth == SURFACE:
        changed["depth"] = _top(depth)
    if time is None or not _is_meant(request, time):
        changed["time"] = None
    elif request.time is not None:
        changed["time"] = _told(request.time, time)
    return request.model_copy(update=changed)


def _is_meant(request: SubsetRequest, time: Axis) -> bool:
    """Whether a time bound is the user's own, where no date can be told in the axis.

    An end alone is what motuclient sends of itself: today.
    """
    asked = request.time
    return clock_of(time.units, time.calendar) is not None or (
        asked is not None and asked.start is not None
    )


def _told(asked: Period, axis: Axis) -> Period:
    """A period that ends in the axis's calendar.

    motuclient ends it today: on 31 October that is no date where months have 30 days.
    """
    end, clock = asked.end, clock_of(axis.units, axis.calendar)
    if end is None or clock is None or end.month is None or end.day is None:
        return asked
    date = (end.year, end.month, end.day)
    is_late = end.day > SHORTEST_MONTH and PROLEPTIC_GREGORIAN.day_number(date) is not None
    if not is_late or clock.calendar.day_number(date) is not None:
        return asked
    return Period(start=asked.start, end=Moment(year=end.year, month=end.month))


def _top(axis: Axis) -> Interval:
    """The depth of the level nearest to the surface, metres."""
    nodes, scale = Nodes(axis), depth_scale(axis)
    if not nodes or scale is None:
        return SURFACE
    shallow, deep = sorted((scale.depth_m(nodes[0]), scale.depth_m(nodes[-1])))
    if shallow <= 0 <= deep:
        return SURFACE
    top_m = shallow if shallow > 0 else deep
    return Interval(lower=top_m, upper=top_m)
