"""What the numbers of a time axis count: its units and calendar, understood (CF 4.4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from atoll.planning.calendars import Calendar, calendar_named

SECONDS_PER_DAY = 86_400

UNITS_S: Mapping[str, Fraction] = {
    spelling: unit_s
    for spellings, unit_s in (
        ("week weeks", Fraction(7 * SECONDS_PER_DAY)),
        ("d day days", Fraction(SECONDS_PER_DAY)),
        ("h hr hrs hour hours", Fraction(3600)),
        ("min mins minute minutes", Fraction(60)),
        ("s sec secs second seconds", Fraction(1)),
        ("ms msec msecs millisec millisecs millisecond milliseconds", Fraction(1, 10**3)),
        ("us µs usec microsec microsecs microsecond microseconds", Fraction(1, 10**6)),
        ("ns nsec nanosec nanosecs nanosecond nanoseconds", Fraction(1, 10**9)),
    )
    for spelling in spellings.split()
}

_UNITS = re.compile(r"\s*(\S+)\s+(?:since|after|from|ref|@)\s+(.*\S)\s*", re.IGNORECASE)
_PACKED_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)(?!\d)")
_ORIGIN = re.compile(
    r"""(?P<year>[+-]?\d{1,6})-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?
    (?:(?:\s*T\s*|\s+)(?P<hour>\d{1,2})(?::(?P<minute>\d{1,2})(?::(?P<second>\d{1,2}(?:\.\d*)?))?)?)?
    \s*(?:Z|UTC|GMT|(?P<sign>[+-])(?P<zone_h>\d{1,2})(?::?(?P<zone_min>\d\d))?(?::?00)?)?""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clock:
    """Counts of `unit_s` seconds since an origin, in a calendar.

    Attributes:
        calendar: which dates there are.
        unit_s: seconds of one count.
        origin_s: UTC seconds from the calendar's day 0 to count 0.
    """

    calendar: Calendar
    unit_s: Fraction
    origin_s: Fraction


@lru_cache(maxsize=256)
def clock_of(units: str, calendar: str | None) -> Clock | None:
    """Understand `hours since 1980-01-14 14:00:00` and its like.

    Returns:
        None where nobody can say which moment a number means: units without a fixed length
        (months, years), an origin that is no date of the calendar, an unknown calendar.

    Examples:
        >>> clock_of("hour since 0000-01-01", "noleap").unit_s
        Fraction(3600, 1)
        >>> clock_of("months since 1950-01-01", "standard") is None
        True
    """
    kind = calendar_named(calendar)
    said = _UNITS.fullmatch(units)
    if kind is None or said is None:
        return None
    unit_s = UNITS_S.get(said[1].lower())
    origin_s = _origin_s(said[2], kind)
    if unit_s is None or origin_s is None:
        return None
    return Clock(kind, unit_s, origin_s)


def _origin_s(text: str, calendar: Calendar) -> Fraction | None:
    said = _ORIGIN.fullmatch(_PACKED_DATE.sub(r"\1-\2-\3", text, count=1))
    if said is None:
        return None
    day = calendar.day_number((int(said["year"]), int(said["month"]), int(said["day"] or 1)))
    if day is None:
        return None
    clock_s = 3600 * int(said["hour"] or 0) + 60 * int(said["minute"] or 0)
    offset_s = 3600 * int(said["zone_h"] or 0) + 60 * int(said["zone_min"] or 0)
    east_s = -offset_s if said["sign"] == "-" else offset_s
    return day * SECONDS_PER_DAY + clock_s + Fraction(said["second"] or 0) - east_s
