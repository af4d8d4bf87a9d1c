"""Times told anew are the same instants; cftime is the judge."""

from dataclasses import replace
from functools import partial

import cftime
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.publication.fields import Contents, Field
from atoll.publication.merge import merge
from atoll.publication.times import in_units_of
from atoll.publication.work import Change

CALENDARS = ["standard", "proleptic_gregorian", "noleap", "all_leap", "360_day", "julian"]
UNITS = ["days", "hours", "minutes", "seconds", "milliseconds"]
ORIGINS = ["1970-01-01", "1900-01-01 00:00:00", "1950-06-15 12:30:00", "2000-02-28T06:00:00"]
STEP_S = {"days": 86400, "hours": 3600, "minutes": 60, "seconds": 1, "milliseconds": 0.001}


def contents(values, units, calendar, origin="file"):
    numbers = np.asarray(values, "f8")
    attributes = {"units": units, "calendar": calendar, "standard_name": "time"}
    time = Field("time", ("time",), numbers.shape, numbers.dtype, attributes,
                 lambda region: numbers[region].copy())  # fmt: skip
    return Contents(origin, {"time": time}, {}, {"time": "T"})


@given(
    calendar=st.sampled_from(CALENDARS),
    units=st.tuples(st.sampled_from(UNITS), st.sampled_from(UNITS)),
    origins=st.tuples(st.sampled_from(ORIGINS), st.sampled_from(ORIGINS)),
    seconds=st.lists(st.integers(0, 4 * 10**9), min_size=1, max_size=5),
)
def test_the_instants_stay(calendar, units, origins, seconds):
    told = [f"{unit} since {origin}" for unit, origin in zip(units, origins, strict=True)]
    values = [second / STEP_S[units[0]] for second in seconds]
    anew = in_units_of(contents(values, told[0], calendar), contents([0], told[1], calendar))
    field = anew.fields["time"]
    assert field.attributes["units"] == told[1]
    before = cftime.num2date(values, told[0], calendar)
    after = cftime.num2date(field.whole(), told[1], calendar)
    for one, other in zip(before, after, strict=True):
        assert abs((one - other).total_seconds()) < 0.001


def test_equal_units_change_no_bit():
    value = np.nextafter(1 / 3, 1)
    anew = in_units_of(contents([value], "days since 2000-01-01", "standard"),
                       contents([0], "days since 2000-01-01", "standard"))  # fmt: skip
    assert anew.fields["time"].whole()[0] == value


def test_synonyms_are_one_calendar():
    anew = in_units_of(contents([1], "days since 2000-01-01", "365_day"),
                       contents([0], "hours since 2000-01-01", "noleap"))  # fmt: skip
    assert anew.fields["time"].whole()[0] == 24
    assert anew.fields["time"].attributes["calendar"] == "noleap"


def test_another_calendar_is_refused():
    with pytest.raises(DataError, match="calendar noleap in b and 360_day in a"):
        in_units_of(contents([1], "days since 2000-01-01", "noleap", "b"),
                    contents([0], "days since 2000-01-01", "360_day", "a"))  # fmt: skip


def test_a_time_that_is_no_number_is_refused():
    anew = in_units_of(contents([np.nan], "days since 2000-01-01", "noleap"),
                       contents([0], "hours since 2000-01-01", "noleap"))  # fmt: skip
    with pytest.raises(DataError, match="time that is no number"):
        anew.fields["time"].whole()


def of_both(files, name):
    """The values of one field after a delivery of two files, and its attributes."""
    merged = merge(None, [(Change("put"), each) for each in files]).contents(None).fields[name]
    return merged.whole(), merged.attributes


def part_of(numbers, region):
    return numbers[region].copy()


def daily(day, **others):
    """A file of one day, its time told since that day; others are (values, attributes, fill)."""
    units = f"days since 2000-01-0{day}"
    time = contents([0], units, "standard", f"{day}.nc")
    fields = dict(time.fields)
    for name, (values, attributes, fill) in others.items():
        numbers = np.asarray(values, "f8")[None]
        told = {key: value.format(units=units) if isinstance(value, str) else value
                for key, value in attributes.items()}  # fmt: skip
        dimensions = ("time", *(f"d{axis}" for axis in range(1, numbers.ndim)))
        read = partial(part_of, numbers)
        fields[name] = Field(name, dimensions, numbers.shape, numbers.dtype, told, read, fill)
    if "time_bnds" in fields:
        told = {**fields["time"].attributes, "bounds": "time_bnds"}
        fields["time"] = replace(fields["time"], attributes=told)
    return replace(time, fields=fields)


@pytest.mark.parametrize(
    "own", [{}, {"units": "{units}"}, {"units": "{units}", "calendar": "standard"}]
)
def test_bounds_are_told_anew_once_whether_or_not_they_have_units_of_their_own(own):
    files = [daily(day, time_bnds=([0, 1], own, None)) for day in (1, 2)]
    values, attributes = of_both(files, "time_bnds")
    assert values.tolist() == [[0, 1], [1, 2]]
    assert attributes.get("units", "days since 2000-01-01") == "days since 2000-01-01"


def test_a_missing_time_of_a_cell_stays_missing():
    cells = [daily(day, seen=([0.25, -9, 0.25, np.nan], {"units": "{units}"}, -9.0))
             for day in (1, 2)]  # fmt: skip
    values, _ = of_both(cells, "seen")
    assert np.array_equal(values, [[0.25, -9, 0.25, np.nan], [1.25, -9, 1.25, np.nan]],
                          equal_nan=True)  # fmt: skip


def test_a_time_that_would_turn_into_the_fill_is_refused():
    cells = [daily(day, seen=([0.25], {"units": "{units}"}, 1.25)) for day in (1, 2)]
    with pytest.raises(DataError, match=r"2.nc: seen .* 1.25 as a time.*set fill_values.seen"):
        of_both(cells, "seen")


def test_limits_in_units_that_are_gone_go_with_them():
    limits = {"valid_min": 0.0, "valid_max": 0.0, "valid_range": [0.0, 0.0], "actual_range": [0.0]}
    first, second = (daily(day, seen=([0.0], {"units": "{units}", **limits}, None))
                     for day in (1, 2))  # fmt: skip
    _, attributes = of_both([first, second], "seen")
    assert not attributes.keys() & limits.keys()
    alike = in_units_of(first, first)
    assert alike.fields["seen"].attributes.keys() >= limits.keys()
