"""REST JSON to the model."""

import re
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from atoll.dialects.iso8601 import parse_datetime
from atoll.dialects.rest.subscriber import SubscriberMembers, parse_subscriber
from atoll.dialects.rest.wire import Execute, JobChange, SubsetInputs
from atoll.errors import InvalidParameter, RequestTooLong
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.model.subscriber import Subscriber

LONGEST_BODY_BYTES = 65_536
LONGEST_NAME = 60


# RFC 9110 lets a header hold more; these mean the same to everybody.
KEY_FORM = "[!-~]{1,255}"


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an execute request says.

    Attributes:
        request: the box; None = that of the quote.
        quote: token of the quote that is taken up.
        subscriber: whom to tell of the job; None = nobody.
    """

    request: SubsetRequest | None
    quote: str | None
    subscriber: Subscriber | None


def parse_execute(body: bytes) -> Ordered:
    """An execute request.

    Raises:
        RequestTooLong: above 64 KiB.
        InvalidParameter: not JSON, or not an execute request; it names the member.
    """
    execute = _document(body, Execute)
    if execute.inputs is None and execute.quote is None:
        raise _nothing_wanted()
    request = None if execute.inputs is None else _request(execute.inputs)
    return Ordered(request, execute.quote, parse_subscriber(execute.subscriber))


def parse_quote(body: bytes) -> SubsetRequest:
    """The box that a quote is asked for.

    Raises:
        RequestTooLong, InvalidParameter: see `parse_execute`.
    """
    ordered = parse_execute(body)
    if ordered.request is None:
        raise _nothing_wanted()
    return ordered.request


def parse_change(body: bytes) -> str | None:
    """The label that a job is to have; None = none.

    Raises:
        RequestTooLong, InvalidParameter: see `parse_execute`.
    """
    return _document(body, JobChange).label


def parse_key(header: str | None) -> str | None:
    """The caller's own key for an order; None = it has none.

    Raises:
        InvalidParameter: it is malformed.
    """
    if header is not None and not re.fullmatch(KEY_FORM, header):
        raise InvalidParameter(
            "Idempotency-Key", header, "1 to 255 visible characters of ASCII are"
        )
    return header


def _document[Document: BaseModel](body: bytes, kind: type[Document]) -> Document:
    if len(body) > LONGEST_BODY_BYTES:
        raise RequestTooLong(
            f"The request has {len(body)} bytes; up to {LONGEST_BODY_BYTES} are accepted.",
            {"request_bytes": len(body), "limit_bytes": LONGEST_BODY_BYTES},
        )
    try:
        document = from_json(body, allow_inf_nan=False)
    except ValueError as fault:
        raise InvalidParameter("body", str(fault), "give one JSON document (RFC 8259)") from fault
    try:
        return kind.model_validate(document)
    except ValidationError as fault:
        raise _invalid(fault.errors()[0], kind) from fault


def _nothing_wanted() -> InvalidParameter:
    accepted = f"give the inputs, at least their dataset; they have: {_members(SubsetInputs)}"
    return InvalidParameter("inputs", None, accepted)


def _members(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)


def _request(inputs: SubsetInputs) -> SubsetRequest:
    longitude, latitude = _bbox(inputs.bbox)
    return SubsetRequest(
        dataset=inputs.dataset,
        variables=tuple(inputs.variables),
        longitude=longitude,
        latitude=latitude,
        depth=_interval("depth", inputs.depth),
        time=None if inputs.datetime is None else parse_datetime(inputs.datetime),
        trims={name: _trim(bounds) for name, bounds in inputs.axes.items()},
        selection=inputs.selection,
        stride=inputs.stride,
        packing=inputs.packing,
        format=inputs.format,
        revision=inputs.revision,
    )


def _bbox(bbox: list[float] | None) -> tuple[LongitudeInterval | None, Interval | None]:
    if bbox is None:
        return None, None
    west, south, east, north = bbox
    for place, latitude in (("bbox[1]", south), ("bbox[3]", north)):
        if not -90 <= latitude <= 90:  # noqa: PLR2004  degrees
            raise InvalidParameter(place, latitude, "latitudes lie in -90..90")
    if south > north:
        raise InvalidParameter(
            "bbox", bbox, "bbox is west, south, east, north; south may not exceed north"
        )
    return LongitudeInterval(west=west, east=east), Interval(lower=south, upper=north)


def _trim(bounds: list[float | None]) -> Interval:
    lower, upper = bounds
    # Along a descending axis (pressure) people write the larger bound first, and mean the same.
    if lower is not None and upper is not None and lower > upper:
        lower, upper = upper, lower
    return Interval(lower=lower, upper=upper)


def _interval(parameter: str, bounds: list[float | None] | None) -> Interval | None:
    if bounds is None:
        return None
    lower, upper = bounds
    if lower is not None and upper is not None and lower > upper:
        raise InvalidParameter(parameter, bounds, "the first bound may not exceed the second")
    return Interval(lower=lower, upper=upper)


def _invalid(found: ErrorDetails, kind: type[BaseModel]) -> InvalidParameter:
    """Pydantic's first complaint as ours, by the member's own name."""
    place = [part for part in found["loc"] if part != "inputs" or len(found["loc"]) == 1]
    names = [f"[{p}]" if isinstance(p, int) else f".{p[:LONGEST_NAME]}" for p in place]
    name = "".join(names).lstrip(".")
    accepted = found["msg"][0].lower() + found["msg"][1:]
    if found["type"] == "extra_forbidden":
        accepted = f"there is no such member; {_neighbours(found['loc'], kind)}"
    # Addresses to call may hold secrets wherever they stand, and what is refused is logged.
    to_tell = "subscriber" in found["loc"] or "://" in repr(found["input"])
    value = "(not shown)" if to_tell else found["input"]
    return InvalidParameter(name or "body", value, accepted)


def _neighbours(place: tuple[int | str, ...], kind: type[BaseModel]) -> str:
    """Which members there are where an unknown one stands."""
    if kind is not Execute:
        return f"it has: {_members(kind)}"
    if place[0] == "subscriber":
        return f"subscriber has: {_members(SubscriberMembers)}"
    inputs = f"inputs has: {_members(SubsetInputs)}"
    # Most likely one of the inputs, that stands beside them.
    return inputs if len(place) > 1 else f"a request has: {_members(Execute)}; {inputs}"
