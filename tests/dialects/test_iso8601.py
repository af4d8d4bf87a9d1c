"""ISO 8601 text."""

import pytest

from atoll.dialects.iso8601 import parse_datetime
from atoll.errors import InvalidParameter
from atoll.model.moment import Moment, Period


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("1982", Moment(year=1982)),
        ("0000-01", Moment(year=0, month=1)),
        ("1982-02-30", Moment(year=1982, month=2, day=30)),
        ("1982-01-16T12:30Z", Moment(year=1982, month=1, day=16, second=45_000)),
        ("1982-01-16t12:30:01.5z", Moment(year=1982, month=1, day=16, second=45_001.5)),
        ("1982-01-16T00:00:00+02:00", Moment(year=1982, month=1, day=16, second=-7_200)),
        ("1982-01-16T23:00-0130", Moment(year=1982, month=1, day=16, second=88_200)),
        ("-0044-03-15", Moment(year=-44, month=3, day=15)),
    ],
)
def test_a_moment_is_a_period_that_begins_and_ends_with_it(text, moment):
    assert parse_datetime(text) == Period(start=moment, end=moment)


def test_intervals():
    a, b = Moment(year=1982, month=1), Moment(year=1983)
    assert parse_datetime("1982-01/1983") == Period(start=a, end=b)
    assert parse_datetime("../1983") == Period(end=b)
    assert parse_datetime("1982-01/") == Period(start=a)
    assert parse_datetime("../..") == Period()


@pytest.mark.parametrize(
    "text",
    [
        "", "..", "yesterday", "1982-13", "1982-00", "1982-01-32", "1982-01-00", "1982-1-1",
        "1982-01-16T24:00:00Z", "1982-01-16T12:60Z", "1982-01-16T12:00:61Z", "1982/1983/1984",
        "16-01-1982", "1982-01-16 12", "9" * 400, "1982-01-16T12:00:00 Europe/Paris",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_by_name_value_and_what_would_be_accepted(text):
    with pytest.raises(InvalidParameter) as caught:
        parse_datetime(text)
    assert caught.value.facts["parameter"] == "datetime"
    assert text[:20] in str(caught.value.facts["value"])
