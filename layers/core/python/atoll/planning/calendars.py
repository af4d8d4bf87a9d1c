"""The calendars of CF (section 4.4.1) as counts of days, in whole numbers.

Years are astronomical: year 0 is the year before year 1, in every calendar.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

type Date = tuple[int, int, int]

_COMMON = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_LEAP = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EQUAL = (30,) * 12


class Calendar(Protocol):
    """How dates are counted."""

    def day_number(self, date: Date) -> int | None:
        """Days since the calendar's own day 0; None = there is no such date."""
        ...

    def date(self, day_number: int) -> Date:
        """The date of a day."""
        ...


@dataclass(frozen=True, slots=True)
class PlainCalendar:
    """A calendar of one rule. Its day 0 is 1 January of year 0.

    Attributes:
        days_before: days from day 0 to 1 January of a year.
    """

    days_before: Callable[[int], int]

    def months(self, year: int) -> tuple[int, ...]:
        """Days of each month of a year."""
        length = self.days_before(year + 1) - self.days_before(year)
        return {365: _COMMON, 366: _LEAP}.get(length, _EQUAL)

    def day_number(self, date: Date) -> int | None:
        """Days since day 0; None = there is no such date."""
        year, month, day = date
        if not 1 <= month <= len(_COMMON):
            return None
        months = self.months(year)
        if not 1 <= day <= months[month - 1]:
            return None
        return self.days_before(year) + sum(months[: month - 1]) + day - 1

    def date(self, day_number: int) -> Date:
        """The date of a day."""
        year = day_number * 400 // self.days_before(400)  # at most one year off
        while self.days_before(year + 1) <= day_number:
            year += 1
        while self.days_before(year) > day_number:
            year -= 1
        rest = day_number - self.days_before(year)
        ends = list(accumulate(self.months(year)))
        month = next(number for number, end in enumerate(ends, 1) if rest < end)
        return year, month, rest - (ends[month - 2] if month > 1 else 0) + 1


def _julian(year: int) -> int:
    return 365 * year + (year + 3) // 4


def _gregorian(year: int) -> int:
    return _julian(year) - (year + 99) // 100 + (year + 399) // 400


JULIAN = PlainCalendar(_julian)
PROLEPTIC_GREGORIAN = PlainCalendar(_gregorian)
NO_LEAP = PlainCalendar(lambda year: 365 * year)
ALL_LEAP = PlainCalendar(lambda year: 366 * year)
EQUAL_MONTHS = PlainCalendar(lambda year: 360 * year)

_REFORM: Date = (1582, 10, 15)
_LAST_JULIAN: Date = (1582, 10, 4)
_REFORM_DAY = _gregorian(1582) + 287  # 15 October is day 287 of that year, from 0
_LAG = _julian(1582) + 277 - _REFORM_DAY  # 5 October, Julian, would be the same day


class MixedCalendar:
    """Julian until 4 October 1582, Gregorian from the next day, 15 October. Days as Gregorian."""

    def day_number(self, date: Date) -> int | None:
        """Days since the proleptic Gregorian day 0; None = there is no such date."""
        if date >= _REFORM:
            return PROLEPTIC_GREGORIAN.day_number(date)
        number = JULIAN.day_number(date)
        return None if number is None or date > _LAST_JULIAN else number - _LAG

    def date(self, day_number: int) -> Date:
        """The date of a day."""
        if day_number >= _REFORM_DAY:
            return PROLEPTIC_GREGORIAN.date(day_number)
        return JULIAN.date(day_number + _LAG)


STANDARD = MixedCalendar()

CALENDARS: Mapping[str, Calendar] = {
    "standard": STANDARD,
    "gregorian": STANDARD,
    "proleptic_gregorian": PROLEPTIC_GREGORIAN,
    "julian": JULIAN,
    "noleap": NO_LEAP,
    "365_day": NO_LEAP,
    "all_leap": ALL_LEAP,
    "366_day": ALL_LEAP,
    "360_day": EQUAL_MONTHS,
}


def calendar_named(name: str | None) -> Calendar | None:
    """The calendar of that CF name; none given = `standard`; None = there is no such calendar."""
    return CALENDARS.get((name or "standard").strip().lower())
