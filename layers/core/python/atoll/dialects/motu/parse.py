"""Motu's parameters to the model (productdownload, getsize)."""

import math
import re
from dataclasses import dataclass
from typing import Literal, get_args

from atoll.dialects.iso8601 import parse_datetime
from atoll.dialects.motu.pages.debug import ORDER, Status
from atoll.dialects.motu.query import Query
from atoll.errors import InvalidParameter, UnknownDataset, UnknownJob, shorten
from atoll.model.moment import Moment, Period
from atoll.model.names import is_dataset_id
from atoll.model.request import Format, Interval, LongitudeInterval, SubsetRequest

type Mode = Literal["status", "console", "url"]

MODES: tuple[Mode, ...] = get_args(Mode.__value__)
OUTPUTS: dict[str, Format] = {"netcdf": "netcdf3", "netcdf4": "netcdf4"}
ALL_ROUND = 360.0
POLE = 90.0
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d*)?)?\s*[Zz]?", re.ASCII)
_JOB_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
LONGEST_NUMBER = 40


@dataclass(frozen=True, slots=True)
class Order:
    """What a request for a subset says.

    Attributes:
        service: the product that the dataset belongs to, see `service_id`.
        request: the box.
    """

    service: str
    request: SubsetRequest


def parse_mode(query: Query) -> Mode:
    """How the caller wants to be answered.

    Raises:
        InvalidParameter: there is no such mode.
    """
    said = query.first("mode") or "url"
    for mode in MODES:
        if said.lower() == mode:
            return mode
    raise InvalidParameter("mode", said, "status, console and url are")


def parse_order(query: Query) -> Order:
    """A box of a dataset. Bounds that are said in reverse are turned; a whole globe is no bound.

    Raises:
        UnknownDataset: nothing can be called what `product` says.
        InvalidParameter: a parameter is missing or malformed; it is named.
    """
    output = query.first("output") or "netcdf"
    form = OUTPUTS.get(output.lower())
    if form is None:
        raise InvalidParameter("output", output, "netcdf and netcdf4 are")
    return Order(
        service=parse_service(query),
        request=SubsetRequest(
            dataset=parse_product(query),
            variables=query.every("variable"),
            longitude=_longitude(query),
            latitude=_latitude(query),
            depth=_depth(query),
            time=_time(query),
            format=form,
        ),
    )


def parse_service(query: Query) -> str:
    """The service that a request names.

    Raises:
        InvalidParameter: it names none.
    """
    return _demanded(query, "service")


def parse_product(query: Query, name: str = "product") -> str:
    """The dataset that a request names; of `prefix#id` the id, its letters in either case.

    Raises:
        InvalidParameter: it names none.
        UnknownDataset: nothing can be called that.
    """
    said = _demanded(query, name)
    dataset = said.rpartition("#")[2].lower()
    if not is_dataset_id(dataset):
        facts = {"parameter": name, "value": said}
        raise UnknownDataset(f"{name}: no dataset is called {shorten(said)}.", facts)
    return dataset


def parse_request_id(query: Query) -> str:
    """The job that a poll asks for.

    Raises:
        UnknownJob: none is named, or nothing that could be one.
    """
    said = query.first("requestid") or ""
    if not _JOB_ID.fullmatch(said):
        facts = {"parameter": "requestid", "value": shorten(said)}
        raise UnknownJob(f"requestid: {shorten(said)} names no request.", facts)
    return said


def parse_statuses(query: Query) -> tuple[Status, ...]:
    """The order of statuses on the page of requests: all four of them.

    Raises:
        InvalidParameter: it is no order of these.
    """
    said = (query.first("order") or ",".join(ORDER)).split(",")
    found = tuple(status for name in said for status in ORDER if status == name)
    if len(said) != len(ORDER) or set(found) != set(ORDER):
        raise InvalidParameter("order", ",".join(said), f"{','.join(ORDER)} are, in any order")
    return found


def service_id(service: str) -> str:
    """The product that a service stands for; two services are the same where this is.

    Examples:
        >>> service_id("Levitus-TDS")
        'levitus'
    """
    return service.lower().removesuffix("-tds")


def _demanded(query: Query, name: str) -> str:
    value = query.twice_decoded(name)
    if value is None:
        raise InvalidParameter(name, None, "It is mandatory")
    return value


def _longitude(query: Query) -> LongitudeInterval | None:
    west, east = _number(query, "x_lo"), _number(query, "x_hi")
    west, east = -ALL_ROUND / 2 if west is None else west, ALL_ROUND / 2 if east is None else east
    return None if east - west >= ALL_ROUND else LongitudeInterval(west=west, east=east)


def _latitude(query: Query) -> Interval | None:
    bounds = [_number(query, name) for name in ("y_lo", "y_hi")]
    for name, bound in zip(("y_lo", "y_hi"), bounds, strict=True):
        if bound is not None and not -POLE <= bound <= POLE:
            accepted = "It should be in the following boundaries: [-90;90]"
            raise InvalidParameter(name, bound, accepted)
    south, north = bounds
    south, north = sorted((-POLE if south is None else south, POLE if north is None else north))
    return None if north - south >= 2 * POLE else Interval(lower=south, upper=north)


def _depth(query: Query) -> Interval | None:
    lower, upper = _level(query, "z_lo"), _level(query, "z_hi")
    if lower is None and upper is None:
        return None
    if lower is not None and upper is not None:
        lower, upper = sorted((lower, upper))
    return Interval(lower=lower, upper=upper)


def _level(query: Query, name: str) -> float | None:
    said = query.first(name) or ""
    return 0.0 if said.lower() == "surface" else _number(query, name)


def _number(query: Query, name: str) -> float | None:
    said = query.first(name)
    if said is None:
        return None
    if len(said) > LONGEST_NUMBER or not _NUMBER.fullmatch(said) or math.isinf(float(said)):
        raise InvalidParameter(name, said, "It should be a number")
    return float(said) + 0.0


def _time(query: Query) -> Period | None:
    start, end = _moment(query, "t_lo"), _moment(query, "t_hi")
    if start is None and end is None:
        return None
    if start is not None and end is not None and _begin(start) > _end(end):
        start, end = end, start
    return Period(start=start, end=end)


def _moment(query: Query, name: str) -> Moment | None:
    said = query.first(name)
    if said is None:
        return None
    found = _TIME.fullmatch(said)
    if found is None:
        accepted = "Write yyyy-MM-dd HH:mm:ss, yyyy-MM-ddTHH:mm:ss or yyyy-MM-dd, in UTC"
        raise InvalidParameter(name, said, accepted)
    day, clock = found.groups()
    return parse_datetime(day if clock is None else f"{day}T{clock}", name).start


def _begin(moment: Moment) -> tuple[int, int, int, float]:
    return (moment.year, moment.month or 1, moment.day or 1, moment.second or 0.0)


def _end(moment: Moment) -> tuple[int, int, int, float]:
    year, month, day, second = _begin(moment)
    return (year, month, day, math.inf if moment.second is None else second)
