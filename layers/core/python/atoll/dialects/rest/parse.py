"""REST JSON to the model."""

from dataclasses import dataclass

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json

from atoll.dialects.iso8601 import parse_datetime
from atoll.dialects.rest.subscriber import SubscriberMembers, parse_subscriber
from atoll.dialects.rest.wire import Execute, SubsetInputs
from atoll.errors import InvalidParameter, RequestTooLong
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.model.subscriber import Subscriber

LONGEST_BODY_BYTES = 65_536
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an execute request says.

    Attributes:
        request: the box.
        subscriber: whom to tell of the job; None = nobody.
    """

    request: SubsetRequest
    subscriber: Subscriber | None


def parse_execute(body: bytes) -> Ordered:
    """An execute request, or the body of a quote.

    Raises:
        RequestTooLong: above 64 KiB.
        InvalidParameter: not JSON, or not an execute request; it names the member.
    """
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
        execute = Execute.model_validate(document)
    except ValidationError as fault:
        raise _invalid(fault.errors()[0]) from fault
    return Ordered(_request(execute.inputs), parse_subscriber(execute.subscriber))


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


def _invalid(found: ErrorDetails) -> InvalidParameter:
    """Pydantic's first complaint as ours, by the member's own name."""
    place = [part for part in found["loc"] if part != "inputs" or len(found["loc"]) == 1]
    names = [f"[{p}]" if isinstance(p, int) else f".{p[:LONGEST_NAME]}" for p in place]
    name = "".join(names).lstrip(".")
    accepted = found["msg"][0].lower() + found["msg"][1:]
    to_tell = found["loc"][:1] == ("subscriber",)
    if found["type"] == "extra_forbidden":
        of, members = ("subscriber", SubscriberMembers) if to_tell else ("inputs", SubsetInputs)
        accepted = f"there is no such member; {of} has: {', '.join(members.model_fields)}"
    # Addresses to call may hold secrets, and what is refused is logged.
    value = "(not shown)" if to_tell else found["input"]
    return InvalidParameter(name or "body", value, accepted)
