"""The Journal port: one suite for the fake and for DynamoDB."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.entries import entry_item, entry_of
from atoll.aws.journal import DynamoJournal
from atoll.aws.ledger import DynamoLedger
from atoll.errors import Unavailable
from atoll.model.entry import Entry
from atoll.ports import Journal, Ledger
from tests.contract.builders import REASON, T0, delivery, job
from tests.contract.cloud import Cloud, Faults
from tests.contract.tables import LEDGER_TABLES
from tests.fakes import FakeJournal, FakeLedger

DAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Rig:
    """A journal, and what writes a line into its ledger."""

    journal: Journal
    write: Callable[[Entry], object]

    def of_day(self, day: date = DAY) -> list[Entry]:
        return list(self.journal.of_day(day))


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "fake":
        fake = FakeJournal()
        return Rig(fake, fake.entries.append)
    aws: Cloud = request.getfixturevalue("aws")

    def put(entry: Entry) -> object:
        return aws.dynamodb.put_item(TableName="Ledger", Item=entry_item(entry))

    return Rig(DynamoJournal(aws.dynamodb, "Ledger"), put)


def reserved(number: int, at: datetime = T0, account_id: str = "ann-id") -> Entry:
    return Entry.of(job(f"job-{number:04d}", account_id, created_at=at), "reserved", at)


def test_a_day_has_its_lines_in_order_of_time(rig: Rig) -> None:
    lines = [reserved(number, T0 + timedelta(seconds=number)) for number in range(40)]
    for line in reversed(lines):
        rig.write(line)

    assert rig.of_day() == lines
    assert rig.of_day(date(2026, 11, 2)) == []


def test_a_day_is_one_of_utc_and_has_its_first_instant(rig: Rig) -> None:
    midnight = datetime(2026, 11, 2, tzinfo=UTC)
    last, first = reserved(1, midnight - timedelta(microseconds=1)), reserved(2, midnight)
    rig.write(last)
    rig.write(first)

    assert (rig.of_day(), rig.of_day(date(2026, 11, 2))) == ([last], [first])


def test_the_last_lines_of_a_day_are_found_from_its_end(rig: Rig) -> None:
    lines = [reserved(number, T0 + timedelta(seconds=number)) for number in range(40)]
    for line in lines:
        rig.write(line)

    assert rig.journal.newest(DAY, 7) == lines[:-8:-1]
    assert rig.journal.newest(DAY, 40) == rig.journal.newest(DAY, 1000) == lines[::-1]
    assert rig.journal.newest(date(2026, 11, 2), 7) == []


def test_an_account_has_the_lines_of_orders_of_a_month(rig: Rig) -> None:
    november = reserved(1, datetime(2026, 11, 30, 23, 59, tzinfo=UTC))
    later = Entry.of(
        job("job-0001", created_at=november.at), "released", november.at + timedelta(hours=1)
    )
    others = [reserved(2, datetime(2026, 12, 1, tzinfo=UTC)), reserved(3, account_id="nav-id")]
    for line in (later, november, *others):
        rig.write(line)

    assert list(rig.journal.of_account("ann-id", "2026-11")) == [later, november]
    assert list(rig.journal.of_account("nobody", "2026-11")) == []


def test_a_line_comes_back_as_it_was(rig: Rig) -> None:
    made = (delivery(output_bytes=2**53 + 1),)
    success = job().model_copy(
        update={"status": "successful", "deliveries": made, "label": "é\n=1", "leader": "job-0"}
    )
    failure = job("job-2").model_copy(update={"status": "failed", "reason": REASON})
    lines = [
        Entry.of(success, "settled", T0 + timedelta(microseconds=1)),
        Entry.of(failure, "released", T0 + timedelta(microseconds=2)),
    ]
    for line in lines:
        rig.write(line)

    assert rig.of_day() == lines


@pytest.fixture(params=["fake", "dynamodb"])
def kept(request: pytest.FixtureRequest) -> tuple[Ledger, Journal]:
    """A ledger, and the journal that reads it."""
    if request.param == "fake":
        fake = FakeLedger()
        return fake, FakeJournal(entries=fake.entries)
    aws: Cloud = request.getfixturevalue("aws")
    return DynamoLedger(aws.dynamodb, LEDGER_TABLES), DynamoJournal(aws.dynamodb, "Ledger")


def test_what_becomes_of_jobs_is_read_again(kept: tuple[Ledger, Journal]) -> None:
    ledger, journal = kept
    ends = {
        "a": lambda one, at: ledger.settle(one, (delivery("a"), delivery("a", 50)), at),
        "b": lambda one, at: ledger.release(one, REASON, at),
        "c": ledger.dismiss,
    }
    expected = []
    for number, (name, end) in enumerate(ends.items(), 1):
        ledger.admit(job(name))
        expected.append(Entry.of(job(name), "reserved", T0))
        at = T0 + timedelta(hours=number)
        assert end(ledger.get(name), at)
        ended = ledger.get(name)
        expected.append(Entry.of(ended, "settled" if name == "a" else "released", at))

    assert list(journal.of_day(DAY)) == sorted(expected, key=lambda one: (one.at, one.entry_id))
    assert [one.status for one in expected[1::2]] == ["successful", "failed", "dismissed"]
    assert [one.settled_bytes for one in expected] == [0, 850, 0, 0, 0, 0]
    assert [one.code for one in expected] == [None, None, None, "data-error", None, None]


@pytest.mark.parametrize("ask", ["of_day", "of_account"])
def test_many_lines_are_read_page_by_page(aws: Cloud, ask: str) -> None:
    """DynamoDB gives at most 1 MiB an answer."""
    long = job().model_copy(update={"label": "x" * 100_000})
    lines = [
        Entry.of(long.model_copy(update={"job_id": f"job-{number:02d}"}), "reserved", T0)
        for number in range(30)
    ]
    for line in lines:
        aws.dynamodb.put_item(TableName="Ledger", Item=entry_item(line))
    journal = DynamoJournal(aws.dynamodb, "Ledger")

    found = journal.of_day(DAY) if ask == "of_day" else journal.of_account("ann-id", "2026-11")
    assert sorted(line.job_id for line in found) == [line.job_id for line in lines]


def test_a_store_that_is_down_is_unavailable(aws: Cloud, faults: Faults) -> None:
    journal = DynamoJournal(aws.dynamodb, "Ledger")
    faults.break_off("dynamodb", "Query", ConnectTimeoutError(endpoint_url="x"))

    with pytest.raises(Unavailable):
        list(journal.of_day(DAY))
    with pytest.raises(Unavailable):
        list(journal.of_account("ann-id", "2026-11"))


def test_what_is_summed_has_an_attribute_of_its_own() -> None:
    item = entry_item(reserved(1))
    assert item["reserved_bytes"] == {"N": "1000"}
    assert item["kind"] == {"S": "reserved"}
    assert "reserved_bytes" not in item["document"]["S"]
    assert entry_of(item) == reserved(1)
