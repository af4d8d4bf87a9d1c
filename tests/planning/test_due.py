"""When deliveries are due, against a search minute by minute."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import InvalidParameter
from atoll.model.delivery import DeliveryNote, Operation
from atoll.model.product import Timeliness
from atoll.planning.due import Promise, target_of

pytestmark = pytest.mark.slow

MINUTE = timedelta(minutes=1)
Y1990 = datetime(1990, 1, 1, tzinfo=UTC)
FILE = Operation(path="a.nc", sha256="0" * 64)
DELETE = Operation(action="delete", time_start="2026", time_end="2026")

moments = st.integers(0, 60 * 365 * 86_400).map(lambda second: Y1990 + timedelta(seconds=second))
targets = st.times().map(lambda time: f"{time:%H:%M}")
# That fit into a day, or days into them.
regular = st.sampled_from(["P1D", "PT1H", "PT6H", "PT12H", "PT30M", "PT24H", "P1W", "P2W", "P10D"])
by_calendar = st.sampled_from(["P1M", "P2M", "P3M", "P6M", "P12M", "P1Y"])
odd = st.sampled_from(["PT5H", "PT7M", "P1DT12H", "PT1000M", "P3DT1H"])


def promise(every: str, target: str = "12:00") -> Promise:
    return Promise.of(Timeliness(every=every, target=target))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def begins(every: str, midnight: datetime) -> bool:
    """Whether a cycle of months or years begins at a midnight, by counting."""
    months = 12 if every == "P1Y" else int(every[1:-1])
    return midnight.day == 1 and (midnight.month - 1) % months == 0


@pytest.mark.parametrize(
    ("every", "target", "moment", "due"),
    [
        ("P1D", "12:00", "2026-11-23T00:00", "2026-11-23T12:00"),
        ("P1D", "12:00", "2026-11-23T23:59", "2026-11-23T12:00"),
        ("P1D", "00:00", "2026-11-23T10:00", "2026-11-24T00:00"),
        ("PT6H", "12:00", "2026-11-23T00:00", "2026-11-23T06:00"),
        ("PT6H", "02:30", "2026-11-23T07:00", "2026-11-23T08:30"),
        ("PT1H", "00:20", "2026-11-23T07:59", "2026-11-23T07:20"),
        ("P1W", "12:00", "2026-11-23T00:00", "2026-11-29T12:00"),  # from Monday to Sunday
        ("P1M", "12:00", "2026-11-23T00:00", "2026-11-30T12:00"),
        ("P1M", "12:00", "2028-02-01T00:00", "2028-02-29T12:00"),
        ("P3M", "12:00", "2026-11-23T00:00", "2026-12-31T12:00"),
        ("P1Y", "12:00", "2026-11-23T00:00", "2026-12-31T12:00"),
    ],
)
def test_when_it_is_due(every, target, moment, due):
    assert promise(every, target).cycle_at(utc(moment)).due == utc(due)


@given(every=regular | by_calendar | odd, target=targets, moment=moments)
def test_a_cycle_has_the_moment_and_its_target_time(every, target, moment):
    cycle = promise(every, target).cycle_at(moment)
    assert cycle.start <= moment < cycle.end
    assert cycle.start < cycle.due <= cycle.end
    assert promise(every, target).cycle_at(cycle.end).start == cycle.end
    assert promise(every, target).cycle_at(cycle.end - MINUTE) == cycle


@given(every=regular, target=targets, moment=moments)
def test_regular_cycles_are_as_counted_from_a_monday(every, target, moment):
    length = {"W": timedelta(weeks=1), "D": timedelta(days=1)}.get(every[-1])
    length = length or (timedelta(hours=1) if every[-1] == "H" else MINUTE)
    length *= int(every.strip("PTWDHM"))
    start = datetime(1969, 12, 29, tzinfo=UTC)  # a Monday too, 7 days before ours
    if every in {"P2W", "P10D"}:
        start = datetime(1970, 1, 5, tzinfo=UTC)
    start += (moment - start) // length * length
    cycle = promise(every, target).cycle_at(moment)
    assert (cycle.start, cycle.end) == (start, start + length)


@given(every=regular | by_calendar, target=targets, moment=moments)
def test_it_is_due_at_the_last_target_time_within(every, target, moment):
    cycle = promise(every, target).cycle_at(moment)
    looked_at = cycle.end
    hour, minute = (int(part) for part in target.split(":"))
    short = cycle.end - cycle.start < timedelta(days=1)
    step = (cycle.end - cycle.start) if short else timedelta(days=1)
    days_target = timedelta(hours=hour, minutes=minute)

    def is_target(at: datetime) -> bool:
        since_midnight = timedelta(hours=at.hour, minutes=at.minute)
        return (since_midnight - days_target) % step == timedelta(0)

    while not is_target(looked_at):
        looked_at -= MINUTE
    assert cycle.due == looked_at > cycle.start


@given(every=by_calendar, moment=moments)
def test_cycles_of_months_begin_with_the_calendars(every, moment):
    start = moment.replace(hour=0, minute=0, second=0)
    end = start + timedelta(days=1)
    while not begins(every, start):
        start -= timedelta(days=1)
    while not begins(every, end):
        end += timedelta(days=1)
    cycle = promise(every).cycle_at(moment)
    assert (cycle.start, cycle.end) == (start, end)


@given(
    every=regular | by_calendar | odd,
    target=targets,
    first=moments,
    hours=st.integers(min_value=0, max_value=200),
)
def test_what_is_due_within_a_span_is_what_a_search_finds(every, target, first, hours):
    said = promise(every, target)
    end = first + timedelta(hours=hours)
    found = {
        cycle.due: cycle
        for step in range(-2 * 60, (hours + 26) * 60, 3)
        if first <= (cycle := said.cycle_at(first + step * MINUTE)).due < end
    }
    # One that is due there may have begun long before, or end long after.
    within = list(said.due_within(first, end))
    assert [cycle.due for cycle in within] == sorted({cycle.due for cycle in within})
    assert found.items() <= {cycle.due: cycle for cycle in within}.items()
    assert all(first <= cycle.due < end for cycle in within)
    assert all(one.end == other.start for one, other in pairwise(within))
    if within:
        assert said.cycle_at(within[0].start - MINUTE).due < first
        assert said.cycle_at(within[-1].end).due >= end


@given(every=regular | by_calendar | odd, target=targets, now=moments)
def test_the_newest_that_is_over(every, target, now):
    said = promise(every, target)
    last = said.last_due(now)
    assert last.due < now <= said.cycle_at(last.end).due


@pytest.mark.parametrize(
    "every",
    ["P", "PT", "P0D", "PT0H", "P0M", "P13M", "P2Y", "P367D", "P53W", "P1MT1H", "P1YT5M", "P999Y"],
)
def test_lengths_that_no_cycle_has(every):
    with pytest.raises(InvalidParameter) as caught:
        Promise.of(Timeliness.model_construct(every=every, target="12:00"))
    assert caught.value.facts["parameter"] == "timeliness.every"


def note(*operations: Operation, **said: str) -> DeliveryNote:
    return DeliveryNote(
        delivery_id="delivery-1",
        producer="met",
        product="WINDS",
        dataset="winds",
        operations=operations or (FILE,),
        **said,
    )


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ({}, "2026-11-23T12:00"),
        ({"production_time": "2026-11-22T23:00:00Z"}, "2026-11-22T12:00"),
        ({"production_time": "2026-11-25T00:00:00Z"}, "2026-11-23T12:00"),
        (
            {
                "reference_time": "2026-11-21T00:00:00Z",
                "production_time": "2026-11-22T23:00:00Z",
            },
            "2026-11-21T12:00",
        ),
        ({"reference_time": "2026-12-31T00:00:00Z"}, "2026-11-23T12:00"),
    ],
)
def test_the_cycle_of_a_delivery(said, due):
    daily = Timeliness(every="P1D")
    assert target_of(daily, note(**said), utc("2026-11-23T09:00")) == utc(due)


def test_of_what_is_nothing_promised():
    received = utc("2026-11-23T09:00")
    assert target_of(None, note(), received) is None
    assert target_of(Timeliness(every="P1D"), note(DELETE), received) is None
    assert target_of(Timeliness(every="P1D"), note(DELETE, FILE), received) is not None
