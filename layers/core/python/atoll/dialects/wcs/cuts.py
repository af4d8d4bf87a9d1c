"""Trims and slices as bounds of the axes that they are of."""

import math

from atoll.dialects.iso8601 import parse_datetime
from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.offer import (
    LATITUDE,
    LONGITUDE,
    TIME,
    Offer,
    default_value,
    scale_of,
    shown_value,
)
from atoll.dialects.wcs.requests import Cut
from atoll.errors import InvalidParameter, shorten
from atoll.model.coverage import Axis
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.planning.meridians import meridians_of
from atoll.planning.nodes import Nodes, value_at
from atoll.planning.period import shown_clock, time_range, time_text

# Other words for the two that people mix up.
_SAME = {"lon": LONGITUDE}


def bounded(offer: Offer, cuts: tuple[Cut, ...]) -> SubsetRequest:
    """The box that cuts leave of a coverage; axes of which nothing is said are sliced.

    Raises:
        OwsException: InvalidAxisLabel, InvalidSubsetting.
        InvalidRequest: a slice takes no time, or one that the calendar lacks.
    """
    by_label: dict[str, Cut] = {}
    for cut in cuts:
        label = _label(cut.axis, offer)
        if label in by_label:
            raise OwsException(
                "InvalidAxisLabel", cut.axis[:80], f"subset: axis {label} is cut twice"
            )
        by_label[label] = cut
    request = SubsetRequest(
        dataset=offer.dataset.dataset,
        variables=(offer.variable.name,),
        longitude=_longitude(by_label.get(LONGITUDE), offer.axes[LONGITUDE]),
        latitude=_latitude(by_label.get(LATITUDE)),
    )
    for label, axis in offer.further.items():
        request = request.model_copy(update=_further(axis, by_label.get(label), request))
    return request


def _label(said: str, offer: Offer) -> str:
    known = {label.lower(): label for label in offer.axes} | _SAME
    label = known.get(said.lower())
    if label is None:
        raise OwsException(
            "InvalidAxisLabel",
            said[:80],
            f"subset: {offer.coverage_id} has no axis {shorten(said)}; "
            f"it has {', '.join(offer.axes)}",
        )
    return label


def _longitude(cut: Cut | None, axis: Axis) -> LongitudeInterval | None:
    if cut is None or (cut.low is None and cut.high is None):
        return None
    nodes = Nodes(axis)
    west, east = _number(cut.low, cut), _number(cut.high, cut)
    west, east = nodes[0] if west is None else west, nodes[-1] if east is None else east
    return None if _are_told_twice(nodes, west, east) else LongitudeInterval(west=west, east=east)


def _are_told_twice(nodes: Nodes, west: float, east: float) -> bool:
    """Whether bounds are those of a grid whose last meridian is its first, a turn later.

    A turn has each meridian once. Who asks for all that is described is to have as many columns.
    """
    if meridians_of(nodes).size == len(nodes):
        return False
    half = (nodes[-1] - nodes[0]) / (len(nodes) - 1) / 2
    return nodes[0] - half <= west <= nodes[0] and nodes[-1] <= east <= nodes[-1] + half


def _latitude(cut: Cut | None) -> Interval | None:
    interval = None if cut is None else _interval(cut)
    for value in () if interval is None else (interval.lower, interval.upper):
        if value is not None and not -90 <= value <= 90:  # noqa: PLR2004  degrees
            raise _invalid(LATITUDE, value, "latitudes lie in -90..90")
    return interval


def _further(axis: Axis, cut: Cut | None, request: SubsetRequest) -> dict[str, object]:
    """What a cut of an axis beside the two of the map, or that there is none, means."""
    if axis.role == "T" and shown_clock(axis) is not None:
        return {"time": _period(cut, axis)}
    if cut is None:
        value = shown_value(axis, default_value(axis))
        interval: Interval | None = Interval(lower=value, upper=value)
    else:
        interval = _interval(cut)
    if scale_of(axis) is not None:
        return {"depth": interval}
    return {} if interval is None else {"trims": request.trims | {axis.name: interval}}


def _period(cut: Cut | None, axis: Axis) -> Period | None:
    if cut is None:
        last = _moment(time_text(axis, default_value(axis)))
        return Period(start=last, end=last)
    if cut.low is None and cut.high is None:
        return None
    period = Period(
        start=None if cut.low is None else _moment(cut.low),
        end=None if cut.high is None else _moment(cut.high),
    )
    return _first_of(period, axis) if cut.is_slice else period


def _first_of(period: Period, axis: Axis) -> Period:
    """A slice has one time: of a day, month or year that has several, the first.

    Raises:
        EmptySelection: there is none.
        InvalidParameter: as `time_range`.
    """
    taken = time_range(axis, period, "inside")
    if len(taken) == 1:
        return period
    first = min(value_at(axis, taken[0]), value_at(axis, taken[-1]))
    moment = _moment(time_text(axis, first))
    return Period(start=moment, end=moment)


def _moment(text: str) -> Moment:
    try:
        moment = None if "/" in text else parse_datetime(text, TIME).start
    except InvalidParameter as fault:
        raise OwsException("InvalidSubsetting", TIME, fault.detail) from fault
    if moment is None:
        raise _invalid(TIME, text, "each bound is one date or time, such as 1982-01-16T12:00:00Z")
    return moment


def _interval(cut: Cut) -> Interval | None:
    lower, upper = _number(cut.low, cut), _number(cut.high, cut)
    if lower is None and upper is None:
        return None
    if lower is not None and upper is not None and lower > upper:
        raise _invalid(cut.axis, f"{cut.low},{cut.high}", "the low bound may not exceed the high")
    return Interval(lower=lower, upper=upper)


def _number(text: str | None, cut: Cut) -> float | None:
    if text is None:
        return None
    try:
        value = float(text) if text.isascii() and "_" not in text else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise _invalid(cut.axis, text, "a number is, or * for an open bound")
    return value


def _invalid(label: str, value: object, accepted: str) -> OwsException:
    detail = f"subset: {label[:80]}({shorten(value)}) is not accepted; {accepted}"
    return OwsException("InvalidSubsetting", label[:80], detail)
