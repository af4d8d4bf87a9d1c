"""Times told anew are the same instants; cftime is the judge."""

import cftime
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.publication.fields import Contents, Field
from atoll.publication.times import in_units_of

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
