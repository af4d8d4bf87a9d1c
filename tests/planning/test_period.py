"""Periods on time axes, against cftime's dates of every node."""

from datetime import timedelta

import cftime
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.coverage import Axis
from atoll.model.moment import Moment, Period
from atoll.model.request import Interval, Selection
from atoll.planning.axes import index_range
from atoll.planning.period import time_range, time_text
from tests.planning.builders import explicit, navy_coverage, regular, time_axis, values_of

CALENDARS = ["standard", "proleptic_gregorian", "julian", "noleap", "all_leap", "360_day"]


def day(year: int, month: int, day: int, second: float | None = None) -> Moment:
    return Moment(year=year, month=month, day=day, second=second)


HOUR_S = 3600
NAVY = next(axis for axis in navy_coverage().axes if axis.role == "T")
DAILY = time_axis(regular(0, 1, 31), "days since 1982-01-01")


@st.composite
def moments(draw: st.DrawFn) -> Moment:
    year = draw(st.integers(1998, 2002))
    month, date = draw(st.integers(1, 12)), draw(st.integers(1, 28))
    return draw(
        st.sampled_from(
            [
                Moment(year=year),
                Moment(year=year, month=month),
                day(year, month, date),
                day(year, month, date, draw(st.integers(0, 47)) * 1800),
            ]
        )
    )


def begins(moment: Moment, calendar: str) -> cftime.datetime:
    first = cftime.datetime(moment.year, moment.month or 1, moment.day or 1, calendar=calendar)
    return first + timedelta(seconds=moment.second or 0)


def follows(moment: Moment, calendar: str) -> cftime.datetime:
    """The first instant after a year, month or day."""
    first = begins(moment, calendar)
    if moment.day is not None:
        return first + timedelta(days=1)
    months = 12 if moment.month is None else 1
    year, month = divmod(moment.year * 12 + (moment.month or 1) - 1 + months, 12)
    return cftime.datetime(year, month + 1, 1, calendar=calendar)


@given(
    calendar=st.sampled_from(CALENDARS),
    unit=st.sampled_from([("days", 0.125), ("hours", 6.0), ("hours", 730.5), ("seconds", 43200.0)]),
    start=moments(),
    end=moments(),
)
def test_a_period_takes_the_times_that_lie_in_it(
    calendar: str, unit: tuple[str, float], start: Moment, end: Moment
) -> None:
    units = f"{unit[0]} since 1999-11-03 09:00:00"
    axis = time_axis(regular(0, unit[1], 250), units, calendar)
    lower = begins(start, calendar)
    instant = end.second is not None
    upper = begins(end, calendar) if instant else follows(end, calendar)
    period = Period(start=start, end=end)
    if upper < lower or (upper == lower and not instant):
        with pytest.raises(InvalidParameter, match="the end must not come before the start"):
            time_range(axis, period, "inside")
        return
    dates = cftime.num2date(values_of(axis), units, calendar)
    within = [
        i for i, d in enumerate(dates) if lower <= d and (d < upper or (instant and d == upper))
    ]
    if lower == upper:
        off = [abs(d - lower) for d in dates]
        edge = timedelta(**{unit[0]: unit[1] / 2})
        on_axis = dates[0] - edge <= lower <= dates[-1] + edge
        within = [off.index(min(off))] if on_axis else []
    if not within:
        with pytest.raises(EmptySelection):
            time_range(axis, period, "inside")
        return
    assert list(time_range(axis, period, "inside")) == within


def test_a_date_takes_the_whole_day_and_not_the_next_midnight() -> None:
    period = Period(start=day(1982, 1, 16), end=day(1982, 1, 17))
    assert time_range(DAILY, period, "inside") == range(15, 17)
    hourly = time_axis(regular(0, 1, 24 * 31), "hours since 1982-01-01")
    assert time_range(hourly, period, "inside") == range(15 * 24, 17 * 24)


@pytest.mark.parametrize("selection", ["inside", "strict-inside"])
def test_the_year_of_a_file_that_begins_in_january_at_20_h(selection: Selection) -> None:
    period = Period(start=day(1982, 1, 16), end=day(1983, 1, 16))
    assert time_range(NAVY, period, selection) == range(12)


def test_an_instant_takes_the_nearest_time_and_a_day_does_not() -> None:
    noon = day(1982, 1, 16, 12 * HOUR_S)
    assert time_range(NAVY, Period(start=noon, end=noon), "inside") == range(1)
    other = day(1982, 1, 17)
    with pytest.raises(EmptySelection) as refused:
        time_range(NAVY, Period(start=other, end=other), "inside")
    assert refused.value.facts["parameter"] == "datetime"
    assert refused.value.facts["below"] == "1982-01-16T20:00:00Z"
    assert refused.value.facts["above"] == "1982-02-16T06:30:00Z"


@pytest.mark.parametrize("moment", [day(2050, 1, 1, 0.0), Moment(year=1950)])
def test_a_time_off_the_axis_is_empty_whatever_its_length(moment: Moment) -> None:
    with pytest.raises(EmptySelection):
        time_range(NAVY, Period(start=moment, end=moment), "inside")


@pytest.mark.parametrize(
    ("selection", "expected"), [("nearest", range(15, 17)), ("outside", range(15, 18))]
)
def test_an_instant_bound_is_widened_or_moved_as_any_other(
    selection: Selection, expected: range
) -> None:
    period = Period(start=day(1982, 1, 16, 6 * HOUR_S), end=day(1982, 1, 17, 6 * HOUR_S))
    assert time_range(DAILY, period, selection) == expected


@pytest.mark.parametrize(
    ("start", "end", "accepted"),
    [
        (day(1982, 1, 1), day(1982, 1, 31), True),
        (Moment(year=1982), Moment(year=1982), True),
        (day(1982, 1, 1, 0.0), None, True),
        (None, day(1982, 1, 31, 0.0), True),
        (day(1981, 12, 31), None, False),
        (None, day(1982, 1, 31, 1.0), False),
        (None, day(1982, 2, 1), False),
    ],
)
def test_strict_inside_asks_that_each_moment_touches_the_axis(
    start: Moment | None, end: Moment | None, *, accepted: bool
) -> None:
    period = Period(start=start, end=end)
    if accepted:
        assert time_range(DAILY, period, "strict-inside") == range(31)
        return
    with pytest.raises(InvalidParameter, match="from 1982-01-01T00:00:00Z to 1982-01-31T00:00:00Z"):
        time_range(DAILY, period, "strict-inside")


@pytest.mark.parametrize(
    ("start", "end"),
    [(Moment(year=1983), Moment(year=1982)), (day(1982, 1, 2, 1), day(1982, 1, 2, 0))],
)
def test_a_reversed_period_is_refused(start: Moment, end: Moment) -> None:
    with pytest.raises(InvalidParameter) as refused:
        time_range(DAILY, Period(start=start, end=end), "inside")
    assert refused.value.facts["parameter"] == "datetime"


@pytest.mark.parametrize(
    ("units", "calendar"), [("months since 1950-01-01", "standard"), ("days since 1-1-1", "none")]
)
def test_an_axis_that_no_date_can_be_told_in_points_to_its_own_units(
    units: str, calendar: str
) -> None:
    axis = time_axis(regular(0, 1, 12), units, calendar)
    with pytest.raises(InvalidParameter, match="under axes by its name") as refused:
        time_range(axis, Period(start=day(1950, 1, 1)), "inside")
    assert refused.value.facts["parameter"] == "datetime"
    assert time_text(axis, 3.0) == "3.0"


def test_a_climatology_of_year_0_stays_numeric_and_can_be_asked_for() -> None:
    axis = time_axis(
        regular(366, 730.485, 12), "hour since 0000-01-01", "standard", climatology=True
    )
    period = Period(start=Moment(year=0, month=2), end=Moment(year=0, month=3))
    assert time_range(axis, period, "inside") == range(1, 3)
    assert time_text(axis, 366.0) == "366.0"
    with pytest.raises(EmptySelection) as refused:
        time_range(axis, Period(start=Moment(year=1990)), "inside")
    assert refused.value.facts["below"] == f"{366 + 11 * 730.485}"


@pytest.mark.parametrize("noise_s", [-3e-4, 0.0, 3e-4])
def test_a_time_a_hair_off_midnight_belongs_to_the_day_that_its_text_shows(noise_s: float) -> None:
    axis = time_axis(
        explicit([0.0, 1.0 + noise_s / 86_400, 2.0]), "days since 1982-01-01", "standard"
    )
    assert time_text(axis, values_of(axis)[1]) == "1982-01-02T00:00:00Z"
    first, second = day(1982, 1, 1), day(1982, 1, 2)
    assert time_range(axis, Period(start=first, end=first), "inside") == range(1)
    assert time_range(axis, Period(start=second, end=second), "inside") == range(1, 2)
    midnight = day(1982, 1, 2, 0.0)
    assert time_range(axis, Period(end=midnight), "inside") == range(2)
    assert time_range(axis, Period(start=midnight), "inside") == range(1, 3)


@pytest.mark.parametrize("dtype", ["<f4", "<i8"])
def test_the_next_midnight_is_left_out_in_every_number_type(dtype: str) -> None:
    units = "nanoseconds since 1970-01-01" if dtype == "<i8" else "days since 1950-01-01"
    step = 86_400e9 if dtype == "<i8" else 1.0
    axis = time_axis(regular(11_000 * step, step, 10), units, dtype=dtype)
    first = time_text(axis, values_of(axis)[0])
    year, month, date = (int(part) for part in first[:10].split("-"))
    moment = day(year, month, date)
    assert time_range(axis, Period(start=moment, end=moment), "inside") == range(1)


@given(st.integers(0, 131))
def test_the_text_of_a_time_finds_that_time_again(index: int) -> None:
    text = time_text(NAVY, values_of(NAVY)[index])
    year, month, date = (int(part) for part in text[:10].split("-"))
    hour, minute, second = (float(part) for part in text[11:-1].split(":"))
    moment = day(year, month, date, hour * 3600 + minute * 60 + second)
    found = index_range(NAVY, Interval(lower=values_of(NAVY)[index], upper=values_of(NAVY)[index]))
    assert (
        time_range(NAVY, Period(start=moment, end=moment), "inside")
        == found
        == range(index, index + 1)
    )


def test_every_hour_of_a_file_in_days_is_found_by_its_text() -> None:
    hours = np.cumsum(np.full(2000, 1 / 24))  # as accumulated by a careless producer
    axis: Axis = time_axis(explicit((20_000 + hours).tolist()), "days since 1950-01-01")
    for index in range(0, 2000, 97):
        text = time_text(axis, values_of(axis)[index])
        year, month, date = (int(part) for part in text[:10].split("-"))
        moment = day(year, month, date, float(int(text[11:13]) * 3600))
        assert time_range(axis, Period(end=moment), "inside")[-1] == index
        assert time_range(axis, Period(start=moment), "inside")[0] == index
