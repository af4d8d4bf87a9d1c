"""Whatever is put, replaced and deleted in whatever order: the dataset is what the last one said.

The judge is a dictionary, time -> numbers.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from atoll.errors import DataError, EmptySelection
from atoll.model.moment import Moment, Period
from atoll.publication.work import Change
from tests.publication.builders import plain
from tests.publication.memory import Memory, contents

pytestmark = pytest.mark.slow

DAYS = 24
SHAPE = (2, 3)

days = st.sets(st.integers(0, DAYS - 1), min_size=1, max_size=8)
action = st.sampled_from(["put", "replace", "delete"])
operations = st.tuples(action, days, st.integers(0, 4))
deliveries = st.lists(st.lists(operations, min_size=1, max_size=4), min_size=1, max_size=5)
lengths = st.integers(1, 6)


def numbers(day, seed):
    """One day's; seed 0 is a map of nothing but zeros, which a repository does not store."""
    return np.full(SHAPE, seed * 100 + (day if seed else 0), "i2")


def period(first, last):
    start, end = (Moment(year=2020, month=1, day=1 + day) for day in (first, last))
    return Period(start=start, end=end)


class Judge:
    """What the dataset should be."""

    def __init__(self):
        self.days = {}

    def operation(self, action, days, seed):
        """Do it here; the same for the dataset."""
        first, last = min(days), max(days)
        if action == "delete":
            self.days = {day: each for day, each in self.days.items() if not first <= day <= last}
            return Change("delete", period=period(first, last)), None
        if action == "put":
            news = {day: self.days.get(day, numbers(day, seed)) for day in days}
        else:
            news = {day: numbers(day, seed) for day in days}
        self.days.update(news)
        values = np.stack([news[day] for day in sorted(days)])
        return Change(action), contents(values, sorted(days))

    def may(self, action, days):
        """Whether it is one that is not refused."""
        within = [day for day in self.days if min(days) <= day <= max(days)]
        return action != "delete" or 0 < len(within) < len(self.days)


@given(deliveries=deliveries, geo=lengths, series=lengths)
@settings(max_examples=40, deadline=None)
def test_the_dataset_is_what_was_said_last(deliveries, geo, series):
    memory = Memory(plain(chunks={"geo": {"time": geo}, "time": {"time": series, "latitude": 1}}))
    judge = Judge()
    for delivery in deliveries:
        done = [judge.operation(*each) for each in delivery if judge.may(*each[:2])]
        if not done:
            continue
        memory.deliver(*done)
        expected = np.stack([judge.days[day] for day in sorted(judge.days)])
        for arrays in map(memory.arrays, ("geo", "time")):
            assert arrays["time"][:].tolist() == sorted(judge.days)
            assert np.array_equal(arrays["v"][:], expected)


def series_of(first, last, seed=1):
    values = np.stack([numbers(day, seed) for day in range(first, last)])
    return contents(values, range(first, last))


def test_the_last_time_stays():
    memory = Memory()
    memory.deliver((Change("put"), series_of(0, 3)))
    with pytest.raises(DataError, match="a dataset keeps one at least"):
        memory.write((Change("delete", period=period(0, 9)), None))
    memory.deliver((Change("delete", period=period(0, 9)), None), (Change("put"), series_of(5, 6)))
    assert memory.arrays("geo")["time"][:].tolist() == [5]


def test_nothing_to_delete_names_its_neighbours():
    memory = Memory()
    memory.deliver((Change("put"), series_of(0, 3)), (Change("put"), series_of(10, 12)))
    with pytest.raises(EmptySelection, match=r"2020-01-03T00:00:00Z and 2020-01-11T00:00:00Z"):
        memory.write((Change("delete", period=period(5, 8)), None))
    everything = (Change("delete", period=period(0, 20)), None)
    with pytest.raises(DataError, match="no time is left to delete"):
        memory.write(everything, everything)


@pytest.mark.parametrize("second", [0.0, 3600.0])
def test_of_an_instant_that_is_not_there_no_neighbour_is_deleted(second):
    memory = Memory()
    memory.deliver((Change("put"), series_of(0, 3)), (Change("put"), series_of(10, 12)))
    instant = Moment(year=2020, month=1, day=4, second=second)
    with pytest.raises(EmptySelection, match=r"2020-01-03T00:00:00Z and 2020-01-11T00:00:00Z"):
        memory.write((Change("delete", period=Period(start=instant, end=instant)), None))


def test_an_instant_is_deleted_alone():
    memory = Memory()
    memory.deliver((Change("put"), series_of(0, 3)))
    instant = Moment(year=2020, month=1, day=2, second=0.0)
    memory.deliver((Change("delete", period=Period(start=instant, end=instant)), None))
    assert memory.arrays("geo")["time"][:].tolist() == [0, 2]


def test_there_must_be_something_to_delete_of():
    with pytest.raises(DataError, match="there is no dataset yet to delete times of"):
        Memory().write((Change("delete", period=period(0, 1)), None))
