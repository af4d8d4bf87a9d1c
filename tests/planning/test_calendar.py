"""Own calendar arithmetic against cftime, which serves as the oracle here only."""

from datetime import timedelta
from fractions import Fraction

import cftime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import InvalidParameter
from atoll.model.moment import Moment
from atoll.planning.calendar import moment_text, number_after, number_of, words_of
from atoll.planning.calendars import CALENDARS, calendar_named
from atoll.planning.clock import clock_of

UNITS = ("weeks", "days", "hours", "minutes", "seconds", "milliseconds")
names = st.sampled_from(sorted(CALENDARS))
dates = st.tuples(st.integers(-20, 2600), st.integers(1, 12), st.integers(1, 31))


def cf_date(year: int, month: int, day: int, calendar: str) -> cftime.datetime | None:
    try:
        return cftime.datetime(year, month, day, calendar=calendar, has_year_zero=True)
    except ValueError:
        return None


@pytest.mark.filterwarnings("ignore:this date/calendar/year zero")  # the oracle's, of year 0
@given(calendar=names, date=dates, origin=dates)
def test_days_agree_with_cftime(
    calendar: str, date: tuple[int, int, int], origin: tuple[int, int, int]
) -> None:
    moment = Moment(year=date[0], month=date[1], day=date[2])
    theirs, since = cf_date(*date, calendar), cf_date(*origin, calendar)
    units = "days since {:04}-{}-{}".format(*origin)
    if theirs is None or since is None:
        with pytest.raises(InvalidParameter):
            number_of(moment, units, calendar)
        return
    expected = (theirs - since) / timedelta(days=1)
    assert number_of(moment, units, calendar) == expected
    assert moment_text(expected, units, calendar) == words_of(moment) + "T00:00:00Z"


@given(calendar=names, days=st.integers(-1_000_000, 1_000_000))
def test_every_day_has_one_date_and_every_date_its_day(calendar: str, days: int) -> None:
    kind = CALENDARS[calendar]
    date, following = kind.date(days), kind.date(days + 1)
    assert kind.day_number(date) == days
    assert following > date


@given(
    calendar=names,
    unit=st.sampled_from(UNITS),
    year=st.integers(1500, 2200),
    ms=st.integers(-(10**12), 10**12),
)
def test_text_and_number_are_inverse_to_the_millisecond(
    calendar: str, unit: str, year: int, ms: int
) -> None:
    units = f"{unit} since {year}-03-01 06:30:00"
    clock = clock_of(units, calendar)
    assert clock is not None
    number = float(Fraction(ms, 1000) / clock.unit_s)
    text = moment_text(number, units, calendar)
    assert number_of(moment_of(text), units, calendar) == pytest.approx(
        number, abs=0.0006 / float(clock.unit_s)
    )
    theirs = cftime.num2date(
        ms, f"milliseconds since {year}-03-01 06:30:00", calendar, has_year_zero=True
    )
    assert text == theirs.isoformat(timespec="milliseconds").replace(".000", "") + "Z"


def moment_of(text: str) -> Moment:
    date, _, clock = text.removesuffix("Z").partition("T")
    hour, minute, second = clock.split(":")
    year, month, day = (int(part) for part in date.split("-"))
    return Moment(
        year=year, month=month, day=day, second=int(hour) * 3600 + int(minute) * 60 + float(second)
    )


@pytest.mark.parametrize(
    ("units", "text"),
    [
        ("hour since 0000-01-01", "0000-01-01T00:00:00Z"),
        ("hours since 1980-01-14 14:00:00", "1980-01-14T14:00:00Z"),
        ("days since 1950-1-1", "1950-01-01T00:00:00Z"),
        ("Days Since 1950-1-1 0:0:0.0", "1950-01-01T00:00:00Z"),
        ("seconds since 1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"),
        ("seconds since 1970-01-01 00:00:00 UTC", "1970-01-01T00:00:00Z"),
        ("seconds since 1970-01-01 00:00:00+00:00", "1970-01-01T00:00:00Z"),
        ("seconds since 1992-10-8 15:15:42.5 -6:00", "1992-10-08T21:15:42.500Z"),
        ("hours since 2000-01-01 00:00 +0530", "1999-12-31T18:30:00Z"),
        ("hours since 2000-01-01 12:30", "2000-01-01T12:30:00Z"),
        ("hours since 2000-01-01 12", "2000-01-01T12:00:00Z"),
        ("days since 20000102", "2000-01-02T00:00:00Z"),
        ("days since 20000102T06:00:00", "2000-01-02T06:00:00Z"),
        ("days after 2000-03", "2000-03-01T00:00:00Z"),
        ("d since -0044-03-15", "-0044-03-15T00:00:00Z"),
        ("  msec  @  2000-01-01  ", "2000-01-01T00:00:00Z"),
    ],
)
def test_origins_as_files_write_them(units: str, text: str) -> None:
    assert moment_text(0, units, "standard") == text


@pytest.mark.parametrize(
    "units",
    [
        "months since 1950-01-01",
        "years since 1950-01-01",
        "days",
        "days since",
        "days since then",
        "days since 1950-13-01",
        "days since 1950-02-30",
        "days since 0000-00-00",
        "fortnights since 1950-01-01",
        "",
    ],
)
def test_units_that_no_date_can_be_told_in_are_refused(units: str) -> None:
    assert clock_of(units, "standard") is None
    with pytest.raises(InvalidParameter) as refused:
        number_of(Moment(year=2000), units, "standard")
    assert refused.value.facts["parameter"] == "units"
    with pytest.raises(InvalidParameter):
        moment_text(0, units, "standard")


@pytest.mark.parametrize("calendar", ["none", "mayan"])
def test_an_unknown_calendar_is_refused_with_those_that_are_known(calendar: str) -> None:
    with pytest.raises(InvalidParameter, match="proleptic_gregorian"):
        number_of(Moment(year=2000), "days since 2000-01-01", calendar)


def test_no_calendar_is_the_standard_one() -> None:
    assert calendar_named(None) is calendar_named("") is calendar_named(" Gregorian ")


@pytest.mark.parametrize(
    ("calendar", "year", "month", "day", "exists"),
    [
        ("360_day", 2001, 2, 30, True),
        ("360_day", 2001, 1, 31, False),
        ("gregorian", 2000, 2, 30, False),
        ("gregorian", 1900, 2, 29, False),
        ("julian", 1900, 2, 29, True),
        ("noleap", 2000, 2, 29, False),
        ("all_leap", 2001, 2, 29, True),
        ("standard", 1582, 10, 4, True),
        ("standard", 1582, 10, 10, False),
        ("standard", 1582, 10, 15, True),
        ("proleptic_gregorian", 1582, 10, 10, True),
        ("standard", 2000, 13, 1, False),
        ("standard", 2000, 0, 1, False),
        ("standard", 2000, 1, 0, False),
        ("standard", 10**400, 1, 1, False),
    ],
)
def test_a_date_belongs_to_its_calendar(
    calendar: str, year: int, month: int, day: int, *, exists: bool
) -> None:
    moment = Moment(year=year, month=month, day=day)
    if exists:
        assert number_of(moment, "days since 2000-01-01", calendar) < 10**6
        return
    with pytest.raises(InvalidParameter) as refused:
        number_of(moment, "days since 2000-01-01", calendar)
    assert refused.value.facts["parameter"] == "datetime"
    assert calendar in refused.value.detail


@pytest.mark.parametrize(
    ("moment", "first", "after"),
    [
        (Moment(year=2000), 0, 366),
        (Moment(year=2000, month=2), 31, 60),
        (Moment(year=2000, month=12), 335, 366),
        (Moment(year=2000, month=2, day=29), 59, 60),
        (Moment(year=2000, month=1, day=1, second=21_600), 0.25, 0.25),
        (Moment(year=2000, month=1, day=2, second=-21_600), 0.75, 0.75),
    ],
)
def test_a_moment_reaches_from_its_first_instant_to_the_next_moment(
    moment: Moment, first: float, after: float
) -> None:
    assert number_of(moment, "days since 2000-01-01", "standard") == first
    assert number_after(moment, "days since 2000-01-01", "standard") == after


@pytest.mark.parametrize(
    "moment", [Moment(year=2000, month=13), Moment(year=2001, month=2, day=29)]
)
def test_a_moment_that_is_none_does_not_end(moment: Moment) -> None:
    with pytest.raises(InvalidParameter):
        number_after(moment, "days since 2000-01-01", "standard")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (None, ".."),
        (Moment(year=0), "0000"),
        (Moment(year=-44, month=3), "-0044-03"),
        (Moment(year=1982, month=1, day=16), "1982-01-16"),
        (Moment(year=1982, month=1, day=16, second=72_000), "1982-01-16T20:00:00Z"),
        (Moment(year=1982, month=1, day=16, second=3_661.5), "1982-01-16T01:01:01.500Z"),
    ],
)
def test_moments_are_shown_as_one_writes_them(moment: Moment | None, words: str) -> None:
    assert words_of(moment) == words
