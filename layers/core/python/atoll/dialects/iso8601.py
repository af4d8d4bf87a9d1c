"""ISO 8601 / RFC 3339 text to moments, as OGC API - Features, Part 1, section 7.15.4 has it."""

import re

from atoll.errors import InvalidParameter
from atoll.model.moment import Moment, Period

ACCEPTED = (
    "give a date or time such as 1982-01-16, 1982-01 or 1982-01-16T12:00:00Z, "
    "or an interval such as 1982-01-16/1983-01-16, with .. for an open end"
)
_MOMENT = re.compile(
    r"(?P<year>[+-]?\d{4,6})"
    r"(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})"
    r"(?:[Tt ](?P<hour>\d{2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:\.\d{1,9})?))?"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?)?)?"
)
_LONGEST_TEXT = 80


def parse_datetime(text: str, parameter: str = "datetime") -> Period:
    """An instant, a date or an interval.

    Raises:
        InvalidParameter: it is none of these.
    """
    parts = text.strip().split("/") if len(text) <= _LONGEST_TEXT else []
    match [part.strip() for part in parts]:
        case [one] if one not in {"", ".."}:
            moment = _moment(one, text, parameter)
            return Period(start=moment, end=moment)
        case [start, end]:
            return Period(
                start=None if start in {"", ".."} else _moment(start, text, parameter),
                end=None if end in {"", ".."} else _moment(end, text, parameter),
            )
        case _:
            raise InvalidParameter(parameter, text, ACCEPTED)


def _moment(part: str, text: str, parameter: str) -> Moment:
    found = _MOMENT.fullmatch(part)
    if found is None:
        raise InvalidParameter(parameter, text, ACCEPTED)
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    second = float(found["second"] or 0)
    if hour > 23 or minute > 59 or second >= 61:  # noqa: PLR2004  clocks and leap seconds
        raise InvalidParameter(parameter, text, "hours are 00-23, minutes 00-59, seconds 00-60")
    month = None if found["month"] is None else int(found["month"])
    day = None if found["day"] is None else int(found["day"])
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):  # noqa: PLR2004
        raise InvalidParameter(parameter, text, "months are 01-12, days 01-31")
    of_day = hour * 3600 + minute * 60 + second - _offset_s(found["zone"])
    return Moment(
        year=int(found["year"]),
        month=month,
        day=day,
        second=None if found["hour"] is None else of_day,
    )


def _offset_s(zone: str | None) -> int:
    if zone is None or zone in "Zz":
        return 0
    sign = -1 if zone[0] == "-" else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[-2:]) * 60)
