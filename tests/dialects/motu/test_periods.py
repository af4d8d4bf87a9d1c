"""`availableTimes` tells every time, in few words."""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.dialects.motu.periods import MOST_PERIODS, periods_text
from atoll.model.coverage import RegularValues
from atoll.planning.ticks import duration_text
from tests.dialects.motu.coverages import climatology, pressures
from tests.planning.builders import explicit, navy_coverage, regular, time_axis

ORIGIN = datetime(1982, 1, 1, tzinfo=UTC)
DURATION = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?"
)
hours = st.lists(st.integers(0, 400), min_size=1, max_size=40, unique=True).map(sorted)


def times_of(one) -> Any:
    return one.axis_of("T")


def read_duration(text):
    """A duration in which a year is 365 days and a month is 30."""
    said = DURATION.fullmatch(text)
    assert said, text
    parts = said.groups(default="0")
    years, months, days, hours, minutes, seconds = map(float, parts)
    length = years * 365 + months * 30 + days
    return timedelta(length, hours=hours, minutes=minutes, seconds=seconds)


def expanded(text):
    """All instants of periods."""
    found = []
    for period in text.split(","):
        parts = period.split("/")
        assert len(parts) in {1, 3}
        at, last = (datetime.fromisoformat(part) for part in (parts[0], parts[-2:][0]))
        step = read_duration(parts[2]) if len(parts) == 3 else timedelta(1)
        assert step > timedelta(0)
        while at <= last:
            found.append(at)
            at += step
    return found


@given(hours)
def test_the_periods_hold_every_time_and_no_other(numbers):
    text = periods_text(time_axis(explicit(numbers)))
    assert expanded(text) == [ORIGIN + timedelta(hours=n) for n in numbers]


@given(hours)
def test_a_falling_axis_is_told_as_a_rising_one(numbers):
    assert periods_text(time_axis(explicit(numbers[::-1]))) == periods_text(
        time_axis(explicit(numbers))
    )


@given(hours)
def test_a_period_takes_all_that_follow_at_its_step(numbers):
    steps = [p.split("/") for p in periods_text(time_axis(explicit(numbers))).split(",")]
    for one, following in pairwise(steps):
        if len(one) == 3:
            beyond = datetime.fromisoformat(one[1]) + read_duration(one[2])
            assert datetime.fromisoformat(following[0]) != beyond


@given(st.integers(-5_000_000, 5_000_000), st.integers(1, 100_000), st.integers(1, 50))
def test_a_regular_axis_is_one_period_like_the_same_values_one_by_one(start, step, count):
    axis = time_axis(regular(start, step, count), "seconds since 1982-01-01")
    same = time_axis(explicit([start + i * step for i in range(count)]), axis.units)
    assert periods_text(axis) == periods_text(same)


def test_a_regular_axis_is_never_built():
    axis = time_axis(RegularValues(start=0, step=0.25, count=10**12), "seconds since 1970-01-01")
    assert periods_text(axis) == "1970-01-01T00:00:00Z/9892-03-08T12:26:39.750Z/PT0.25S"


def test_months_of_the_demos_winds():
    axis = times_of(navy_coverage())
    assert periods_text(axis) == "1982-01-16T20:00:00Z/1992-12-17T03:30:00Z/P1MT10H30M"


def test_a_million_irregular_times_are_few_words_and_hold_them_all():
    seconds = [60 * i + (i * i % 7) * 10 for i in range(1_000_000)]
    text = periods_text(time_axis(explicit(seconds), "seconds since 2000-01-01"))
    assert text == "2000-01-01T00:00:00Z/2001-11-25T10:39:00Z/PT10S"


def test_as_many_periods_as_are_told_stay_below_a_megabyte():
    longest = [n * 40 * 365.0 + 20 * 365.02345678 * (n % 2) for n in range(2 * MOST_PERIODS)]
    text = periods_text(time_axis(explicit(longest), "days since 1000-01-01"))
    assert text.count(",") == MOST_PERIODS - 1
    assert len(text) < 600_000


def test_steps_that_rounding_has_made_unequal_are_equal():
    axis = time_axis(explicit([i / 24 for i in range(1000)]), "days since 1950-01-01")
    assert periods_text(axis) == "1950-01-01T00:00:00Z/1950-02-11T15:00:00Z/PT1H"


def test_what_has_no_dates_is_told_in_its_numbers():
    assert periods_text(times_of(climatology())) == "366.0/8401.335/730.485"
    months = time_axis([0, 1, 2, 5], "months since 1950-01-01")
    assert periods_text(months) == "0.0/2.0/1.0,5.0"


def test_other_calendars_have_their_own_dates():
    text = periods_text(times_of(pressures()))
    assert text == "2000-01-30T00:00:00Z/2000-02-01T00:00:00Z/P1D,2000-02-30T00:00:00Z"


def test_counts_shorter_than_what_a_text_shows():
    axis = time_axis(explicit([0, 250, 500]), "microseconds since 2000-01-01")
    assert periods_text(axis) == "2000-01-01T00:00:00Z/2000-01-01T00:00:00Z/PT0.00025S"


def test_no_time_is_no_period():
    assert periods_text(time_axis(regular(0, 1, 0))) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "PT0S"),
        (1, "PT1S"),
        (3600, "PT1H"),
        (6 * 3600, "PT6H"),
        (86_400, "P1D"),
        (7 * 86_400, "P7D"),
        (30 * 86_400, "P1M"),
        (31 * 86_400, "P1M1D"),
        (365 * 86_400, "P1Y"),
        (400 * 86_400 + 61, "P1Y1M5DT1M1S"),
        (Fraction(1, 1000), "PT0.001S"),
    ],
)
def test_durations(seconds, text):
    assert duration_text(Fraction(seconds)) == text
