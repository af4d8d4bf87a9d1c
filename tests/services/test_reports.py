"""Lines of the ledger added up, held against a sum in the plainest words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import quantiles

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import InvalidParameter, NotEntitled, Unavailable
from atoll.model.entry import Entry, Kind
from atoll.model.job import Account, Origin
from atoll.services import reports
from atoll.services.reports import KEYS, Asked, Span, report, report_for
from tests.contract.builders import PLAN, REASON, T0, delivery, job
from tests.fakes.journal import FakeJournal
from tests.world import World

NOVEMBER = Span(date(2026, 11, 1), date(2026, 11, 30))
OPERATOR = Account(account_id="otto-id", profiles=("operators",))
ENDS: dict[str, Kind] = {"successful": "settled", "failed": "released", "dismissed": "released"}


def lines_of(number, status="successful", *, after_s=90, began_s=30, settled_bytes=700, **changed):
    """The lines of one job: it began 30 s after its order, and ended 60 s later."""
    at = changed.pop("created_at", T0)
    plan = PLAN.model_copy(update={"dataset": changed.pop("dataset", "levitus-climatology")})
    ordered = job(f"job-{number}", created_at=at).model_copy(update={"plan": plan, **changed})
    lines = [Entry.of(ordered, "reserved", at)]
    if status in ENDS:
        ended = ordered.model_copy(
            update={
                "status": status,
                "started_at": None if began_s is None else at + timedelta(seconds=began_s),
                "deliveries": (delivery(output_bytes=settled_bytes),) * (status == "successful"),
                "reason": REASON if status == "failed" else None,
            }
        )
        lines.append(Entry.of(ended, ENDS[status], at + timedelta(seconds=after_s)))
    return lines


def test_jobs_are_counted_once_and_their_bytes_added_up():
    lines = [
        *lines_of(1),
        *lines_of(2, settled_bytes=2**60),
        *lines_of(3, "failed"),
        *lines_of(4, "dismissed", began_s=None),
        *lines_of(5, "accepted"),
    ]
    (tally,) = report(lines, ()).values()

    assert (tally.jobs, tally.successful, tally.failed, tally.dismissed) == (5, 2, 1, 1)
    assert tally.settled_bytes == 2**60 + 700
    assert tally.reserved_bytes == 1000  # of the fifth alone
    assert tally.read_bytes == 3 * 4096
    assert (tally.waited_s, tally.ran_s) == ([30] * 3, [60] * 3)


def test_what_another_job_extracted_tells_nothing_of_waiting_and_running():
    (tally,) = report(lines_of(1, began_s=None, leader="job-0"), ()).values()
    assert (tally.waited, tally.ran, tally.read_bytes, tally.settled_bytes) == (None, None, 0, 700)


def test_a_job_counts_where_its_end_says():
    ordered = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
    rows = report(lines_of(1, created_at=ordered), ("month", "day", "status"))
    assert list(rows) == [("2026-12", "2026-12-01", "successful")]


def test_the_order_of_another_day_is_not_needed():
    (tally,) = report(lines_of(1)[1:], ()).values()
    assert (tally.jobs, tally.successful, tally.reserved_bytes) == (1, 1, 0)


def test_an_order_and_its_end_of_one_instant_are_one_job():
    both = lines_of(1, after_s=0)
    assert report(both, ()) == report(both[::-1], ())
    assert next(iter(report(both, ()).values())).jobs == 1


@pytest.mark.parametrize(
    ("key", "changed", "value"),
    [
        ("account", {"account_id": "nav-id"}, "nav-id"),
        ("dataset", {"dataset": "navy-winds"}, "navy-winds"),
        ("tier", {"tier": "big"}, "big"),
        ("month", {}, "2026-11"),
        ("day", {}, "2026-11-01"),
        ("door", {"origin": Origin(door="motu")}, "motu"),
        ("format", {}, "netcdf4"),
        ("status", {}, "successful"),
    ],
)
def test_what_rows_are_told_apart_by(key, changed, value):
    assert list(report(lines_of(1, **changed), (key,))) == [(value,)]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["successful", "failed", "dismissed", "accepted"]),
            st.sampled_from(["a", "b", "c"]),
            st.sampled_from(["small", "medium", "big"]),
            st.integers(0, 2**70),
        ),
        max_size=30,
    ),
    st.randoms(use_true_random=False),
)
def test_rows_add_up_to_the_whole(jobs, chance):
    lines = [
        line
        for number, (status, dataset, tier, size) in enumerate(jobs)
        for line in lines_of(number, status, dataset=dataset, tier=tier, settled_bytes=size)
    ]
    chance.shuffle(lines)
    rows = report(lines, ("dataset", "tier"))

    assert {values: tally.jobs for values, tally in rows.items()} == {
        (dataset, tier): sum((one[1], one[2]) == (dataset, tier) for one in jobs)
        for _, dataset, tier, _ in jobs
    }
    assert sum(tally.settled_bytes for tally in rows.values()) == sum(
        size for status, _, _, size in jobs if status == "successful"
    )
    assert sum(tally.reserved_bytes for tally in rows.values()) == 1000 * sum(
        status == "accepted" for status, *_ in jobs
    )
    assert list(rows) == sorted(rows)


def test_half_waited_no_longer_and_all_but_a_twentieth():
    lines = [line for n in range(1, 101) for line in lines_of(n, began_s=n, after_s=1000)]
    (tally,) = report(lines, ()).values()
    cuts = quantiles(range(1, 101), n=20, method="inclusive")
    assert tally.waited is not None
    assert abs(tally.waited.p50_s - cuts[9]) <= 1
    assert abs(tally.waited.p95_s - cuts[18]) <= 1


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked(("dataset",), NOVEMBER), {"winds", "waves"}),
        (Asked(("dataset",), NOVEMBER, dataset="waves"), {"waves"}),
        (Asked(("dataset",), NOVEMBER, account="nav-id"), {"winds"}),
        (Asked(("dataset",), NOVEMBER, dataset="waves", account="nav-id"), set()),
        (Asked(("dataset",), Span(date(2026, 11, 2), date(2026, 11, 2))), {"waves"}),
        (Asked(("dataset",), Span(date(2026, 10, 1), date(2026, 10, 31))), set()),
    ],
)
def test_a_report_is_of_the_days_datasets_and_accounts_asked_for(asked, found):
    journal = FakeJournal(
        entries=[
            *lines_of(1, dataset="winds", account_id="nav-id"),
            *lines_of(2, dataset="waves", created_at=T0 + timedelta(days=1)),
        ]
    )
    assert {
        dataset for (dataset,) in report_for(OPERATOR, asked, World(journal=journal).ports)
    } == found


@pytest.mark.parametrize(
    ("first", "last", "parameter"),
    [
        (date(2026, 11, 2), date(2026, 11, 1), "to"),
        (date(2026, 1, 1), date(2027, 1, 2), "from"),
        (date(1, 1, 1), date(9999, 12, 31), "from"),
    ],
)
def test_days_that_nobody_can_mean_are_refused(first, last, parameter):
    with pytest.raises(InvalidParameter) as refused:
        Span(first, last)
    assert refused.value.facts["parameter"] == parameter


def test_a_leap_year_can_be_asked_for():
    year = Span(date(2028, 1, 1), date(2028, 12, 31))
    assert len(list(year.days)) == year.count == 366


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reports, "MOST_ROWS", 2)
    lines = [line for n in range(3) for line in lines_of(n, dataset=f"d{n}")]
    assert len(report(lines[:4], ("dataset",))) == 2
    with pytest.raises(InvalidParameter, match="fewer days"):
        report(lines, ("dataset",))


class SlowJournal(FakeJournal):
    """A ledger whose days take their time, and its lines more."""

    def __init__(self, world: World, day_s: float, line_s: float, lines: list[Entry]) -> None:
        super().__init__(entries=lines)
        self.world, self.day_s, self.line_s = world, day_s, line_s

    def of_day(self, day: date) -> Iterator[Entry]:
        self.world.later(self.day_s)
        for line in super().of_day(day):
            self.world.later(self.line_s)
            yield line


@pytest.mark.parametrize(
    ("day_s", "line_s", "number", "beyond"),
    [(0, 0.1, 101, "2026-11-01"), (1, 0, 1, "2026-11-22")],
)
def test_what_takes_longer_than_an_answer_may_is_refused_by_then(day_s, line_s, number, beyond):
    world = World()
    lines = [line for job_number in range(number) for line in lines_of(job_number)]
    world.journal = SlowJournal(world, day_s, line_s, lines)
    with pytest.raises(InvalidParameter, match=f"not be read beyond {beyond}") as refused:
        report_for(OPERATOR, Asked(("dataset",), NOVEMBER), world.ports)
    assert refused.value.facts["parameter"] == "from"
    assert (world.now() - T0).total_seconds() <= 21.1


def test_what_takes_as_long_as_an_answer_may_is_told():
    world = World()
    lines = [line for number in range(100) for line in lines_of(number)]
    world.journal = SlowJournal(world, 0, 0.1, lines)
    (tally,) = report_for(OPERATOR, Asked((), NOVEMBER), world.ports).values()
    assert tally.jobs == 100


def test_a_ledger_that_is_down_is_unavailable():
    ports = World(journal=FakeJournal(available=False)).ports
    with pytest.raises(Unavailable):
        report_for(OPERATOR, Asked(tuple(KEYS), NOVEMBER), ports)


def test_nobody_but_an_operator_is_told():
    with pytest.raises(NotEntitled):
        report_for(Account(account_id="ann-id"), Asked((), NOVEMBER), World().ports)
