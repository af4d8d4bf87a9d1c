"""Moments as numbers of a time axis and back, in the axis's own calendar (CF 4.4)."""

from fractions import Fraction

from atoll.errors import InvalidParameter
from atoll.model.moment import Moment
from atoll.planning.calendars import CALENDARS, Date, calendar_named
from atoll.planning.clock import SECONDS_PER_DAY, Clock, clock_of

FARTHEST_YEAR = 1_000_000
_MS_PER_DAY = SECONDS_PER_DAY * 1000
_MONTHS = 12


def number_of(moment: Moment, units: str, calendar: str | None) -> float:
    """The number of a moment's first instant.

    Args:
        moment: a year, month, day or instant, in UTC.
        units: of the time axis, `<unit> since <origin>`.
        calendar: CF name; None = `standard`.

    Raises:
        InvalidParameter: the calendar has no such date, or the units count nothing of a
            fixed length.

    Examples:
        >>> number_of(Moment(year=1980, month=1, day=15), "hours since 1980-01-14 14:00:00", None)
        10.0
        >>> number_of(Moment(year=2000, month=2, day=30), "days since 2000-01-01", "360_day")
        59.0
    """
    month = 1 if moment.month is None else moment.month
    day = 1 if moment.day is None else moment.day
    return _number(moment, (moment.year, month, day), units, calendar)


def number_after(moment: Moment, units: str, calendar: str | None) -> float:
    """The number of the first instant after a moment has ended; of an instant, its own.

    Raises:
        InvalidParameter: as number_of.

    Examples:
        >>> number_after(Moment(year=2000, month=2), "days since 2000-02-01", "standard")
        29.0
    """
    first = number_of(moment, units, calendar)  # it must be a moment of the calendar at all
    if moment.second is not None:
        return first
    if moment.day is not None:
        midnight = moment.model_copy(update={"second": float(SECONDS_PER_DAY)})
        return number_of(midnight, units, calendar)
    month = _MONTHS if moment.month is None else moment.month
    following = (moment.year + month // _MONTHS, month % _MONTHS + 1, 1)
    return _number(moment, following, units, calendar)


def moment_text(value: float, units: str, calendar: str | None) -> str:
    """The ISO 8601 text of a number, in UTC, to the millisecond.

    Raises:
        InvalidParameter: the units count nothing of a fixed length.

    Examples:
        >>> moment_text(17598.0, "hour since 1980-01-14 14:00:00", "standard")
        '1982-01-16T20:00:00Z'
    """
    clock = _clock(units, calendar)
    since_day_0_ms = round((Fraction(value) * clock.unit_s + clock.origin_s) * 1000)
    day, in_day_ms = divmod(since_day_0_ms, _MS_PER_DAY)
    year, month, day_of_month = clock.calendar.date(day)
    second, ms = divmod(in_day_ms, 1000)
    hms = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
    fraction = f".{ms:03}" if ms else ""
    return f"{_year_text(year)}-{month:02}-{day_of_month:02}T{hms}{fraction}Z"


def words_of(moment: Moment | None) -> str:
    """A moment as one writes it, for messages; an open end is `..`.

    Examples:
        >>> words_of(Moment(year=1982, month=1)), words_of(None)
        ('1982-01', '..')
    """
    if moment is None:
        return ".."
    parts = [f"{part:02}" for part in (moment.month, moment.day) if part is not None]
    date = "-".join([_year_text(moment.year), *parts])
    if moment.second is None:
        return date
    whole, rest = divmod(moment.second, 60)
    second = f"{rest:06.3f}".removesuffix(".000")
    return f"{date}T{int(whole) // 60:02}:{int(whole) % 60:02}:{second}Z"


def _year_text(year: int) -> str:
    return f"{year:04}" if year >= 0 else f"-{-year:04}"


def _number(moment: Moment, date: Date, units: str, calendar: str | None) -> float:
    clock = _clock(units, calendar)
    day = clock.calendar.day_number(date) if abs(date[0]) <= FARTHEST_YEAR else None
    if day is None:
        name = calendar or "standard"
        raise InvalidParameter(
            "datetime", words_of(moment), f"a date of the {name} calendar is wanted"
        )
    second = Fraction(moment.second or 0)
    return float((day * SECONDS_PER_DAY + second - clock.origin_s) / clock.unit_s)


def _clock(units: str, calendar: str | None) -> Clock:
    if calendar_named(calendar) is None:
        raise InvalidParameter("calendar", calendar, f"one of {', '.join(CALENDARS)} is wanted")
    clock = clock_of(units, calendar)
    if clock is None:
        raise InvalidParameter(
            "units",
            units,
            "weeks, days, hours, minutes, seconds or fractions of a second since a date of the "
            "calendar are wanted; months and years have no fixed length",
        )
    return clock
