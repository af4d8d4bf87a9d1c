"""The Ledger port: one suite for the fake and for DynamoDB."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from atoll.aws.accounts import DynamoAccounts
from atoll.aws.ledger import DynamoLedger
from atoll.errors import InvalidParameter, UnknownJob
from atoll.model.job import Job
from atoll.ports import Accounts, Balance, Ledger, Wanted
from tests.contract.builders import MONTH, REASON, T0, delivery, job
from tests.contract.tables import LEDGER_TABLES
from tests.fakes import FakeAccounts, FakeLedger

LATER = T0 + timedelta(minutes=5)


@dataclass(frozen=True)
class Rig:
    """A ledger and the workflow's own way to begin a job in it."""

    ledger: Ledger
    accounts: Accounts
    begin: Callable[[str, datetime], None]

    def balance(self, account_id: str = "ann-id") -> Balance:
        return self.accounts.balance(account_id, MONTH)


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "fake":
        fake = FakeLedger()
        return Rig(fake, FakeAccounts(fake), fake.begin)
    aws = request.getfixturevalue("aws")
    accounts = DynamoAccounts(aws.dynamodb, LEDGER_TABLES.accounts)
    return Rig(DynamoLedger(aws.dynamodb, LEDGER_TABLES), accounts, aws.begin)


def test_an_admitted_job_is_there_as_it_was_and_its_bytes_are_reserved(rig: Rig) -> None:
    rig.ledger.admit(job())

    assert rig.ledger.get("job-1") == job()
    assert rig.balance() == Balance(reserved_bytes=1000, settled_bytes=0)


def test_the_same_job_again_changes_nothing(rig: Rig) -> None:
    rig.ledger.admit(job())
    rig.ledger.admit(job())

    assert rig.balance() == Balance(reserved_bytes=1000)


def test_the_same_job_again_after_its_end_changes_nothing(rig: Rig) -> None:
    rig.ledger.admit(job())
    rig.ledger.dismiss(rig.ledger.get("job-1"), LATER)
    rig.ledger.admit(job())

    assert rig.ledger.get("job-1").status == "dismissed"
    assert rig.balance() == Balance()


def test_a_job_id_of_another_account_is_not_taken_over(rig: Rig) -> None:
    rig.ledger.admit(job())

    with pytest.raises(RuntimeError, match="taken"):
        rig.ledger.admit(job(account_id="nav-id"))

    assert rig.ledger.get("job-1").account_id == "ann-id"
    assert rig.balance("nav-id") == Balance()


@pytest.mark.parametrize("job_id", ["none", "", "x" * 3000, "é\x00", "\ud800", "../job-1", "a b"])
def test_a_job_that_is_not_there_is_unknown(rig: Rig, job_id: str) -> None:
    with pytest.raises(UnknownJob):
        rig.ledger.get(job_id)


def test_settling_turns_reserved_bytes_into_what_was_delivered(rig: Rig) -> None:
    rig.ledger.admit(job())
    rig.begin("job-1", T0)

    assert rig.ledger.settle(rig.ledger.get("job-1"), (delivery(output_bytes=800),), LATER)

    ended = rig.ledger.get("job-1")
    assert (ended.status, ended.started_at, ended.finished_at) == ("successful", T0, LATER)
    assert ended.deliveries == (delivery(output_bytes=800),)
    assert ended.reason is None
    assert rig.balance() == Balance(reserved_bytes=0, settled_bytes=800)


def test_a_set_of_files_is_kept_in_order_and_settles_the_bytes_of_all(rig: Rig) -> None:
    rig.ledger.admit(job().model_copy(update={"files": 3}))
    made = tuple(delivery(output_bytes=size, file_name=f"{size}.nc") for size in (500, 20, 7))

    assert rig.ledger.settle(rig.ledger.get("job-1"), made, LATER)

    ended = rig.ledger.get("job-1")
    assert (ended.files, ended.deliveries) == (3, made)
    assert rig.balance() == Balance(reserved_bytes=0, settled_bytes=527)


def test_settling_more_than_was_reserved_counts_what_was_delivered(rig: Rig) -> None:
    rig.ledger.admit(job(reserved_bytes=10))
    rig.ledger.settle(rig.ledger.get("job-1"), (delivery(output_bytes=20_000_000_000),), LATER)

    assert rig.balance() == Balance(reserved_bytes=0, settled_bytes=20_000_000_000)


def test_releasing_frees_the_bytes_and_keeps_the_reason(rig: Rig) -> None:
    rig.ledger.admit(job())
    rig.begin("job-1", T0)

    assert rig.ledger.release(rig.ledger.get("job-1"), REASON, LATER)

    ended = rig.ledger.get("job-1")
    assert (ended.status, ended.finished_at) == ("failed", LATER)
    assert (ended.reason, ended.deliveries) == (REASON, ())
    assert rig.balance() == Balance()


def test_dismissing_frees_the_bytes(rig: Rig) -> None:
    rig.ledger.admit(job())

    assert rig.ledger.dismiss(rig.ledger.get("job-1"), LATER)

    ended = rig.ledger.get("job-1")
    assert (ended.status, ended.finished_at) == ("dismissed", LATER)
    assert (ended.reason, ended.deliveries, ended.started_at) == (None, (), None)
    assert rig.balance() == Balance()


ENDINGS: dict[str, Callable[[Ledger, Job], bool]] = {
    "settle": lambda ledger, job: ledger.settle(job, (delivery(),), LATER),
    "release": lambda ledger, job: ledger.release(job, REASON, LATER),
    "dismiss": lambda ledger, job: ledger.dismiss(job, LATER),
}


@pytest.mark.parametrize("second", ENDINGS)
@pytest.mark.parametrize("first", ENDINGS)
def test_a_job_ends_once(rig: Rig, first: str, second: str) -> None:
    rig.ledger.admit(job())
    rig.ledger.admit(job("job-2"))
    seen = rig.ledger.get("job-1")
    assert ENDINGS[first](rig.ledger, seen)
    ended, balance = rig.ledger.get("job-1"), rig.balance()

    assert not ENDINGS[second](rig.ledger, ended)
    assert not ENDINGS[second](rig.ledger, seen), "what was read before its end changes nothing"

    assert rig.ledger.get("job-1") == ended
    assert rig.balance() == balance


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_job_that_is_not_there_cannot_end(rig: Rig, ending: str) -> None:
    assert not ENDINGS[ending](rig.ledger, job())

    assert rig.balance() == Balance()


def test_accounts_and_months_are_counted_apart(rig: Rig) -> None:
    december = T0 + timedelta(days=31)
    rig.ledger.admit(job("a", reserved_bytes=1))
    rig.ledger.admit(job("b", account_id="nav-id", reserved_bytes=20))
    rig.ledger.admit(job("c", created_at=december, reserved_bytes=300))

    assert rig.balance().reserved_bytes == 1
    assert rig.balance("nav-id").reserved_bytes == 20
    assert rig.accounts.balance("ann-id", "2026-12").reserved_bytes == 300
    assert rig.accounts.balance("ann-id", "2027-01") == Balance()


def test_bytes_count_in_the_month_of_the_order_whenever_it_ends(rig: Rig) -> None:
    rig.ledger.admit(job())
    rig.ledger.settle(
        rig.ledger.get("job-1"), (delivery(output_bytes=800),), T0 + timedelta(days=40)
    )

    assert rig.balance() == Balance(settled_bytes=800)


def test_jobs_come_newest_first_and_each_once(rig: Rig) -> None:
    names = [f"job-{n}" for n in range(7)]
    for minute, name in enumerate(names):
        rig.ledger.admit(job(name, created_at=T0 + timedelta(minutes=minute)))
    rig.ledger.admit(job("other", account_id="nav-id"))

    assert _pages(rig.ledger, limit=3) == [names[6:3:-1], names[3:0:-1], names[0:1]]


def test_jobs_of_the_same_instant_are_each_listed_once(rig: Rig) -> None:
    names = {f"job-{n}" for n in range(5)}
    for name in sorted(names):
        rig.ledger.admit(job(name))

    pages = _pages(rig.ledger, limit=2)

    assert [len(page) for page in pages] == [2, 2, 1]
    assert {name for page in pages for name in page} == names


def test_a_full_last_page_has_no_cursor(rig: Rig) -> None:
    rig.ledger.admit(job("job-1"))
    rig.ledger.admit(job("job-2"))

    assert rig.ledger.jobs("ann-id", Wanted(2)).cursor is None
    assert rig.ledger.jobs("nobody", Wanted(2)).jobs == ()


def test_a_listed_job_is_the_job(rig: Rig) -> None:
    rig.ledger.admit(job())
    rig.ledger.settle(rig.ledger.get("job-1"), (delivery(),), LATER)

    assert rig.ledger.jobs("ann-id", Wanted(1)).jobs == (rig.ledger.get("job-1"),)


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "\ud800", "e30=", "bnVsbA==", "W10=", "[" * 1500, "after-job-9"]
)
def test_a_cursor_that_was_not_given_out_is_refused(rig: Rig, cursor: str) -> None:
    rig.ledger.admit(job())

    with pytest.raises(InvalidParameter, match="cursor"):
        rig.ledger.jobs("ann-id", Wanted(1, cursor))


def _pages(ledger: Ledger, limit: int) -> list[list[str]]:
    pages = [ledger.jobs("ann-id", Wanted(limit))]
    while (cursor := pages[-1].cursor) is not None:
        assert len(pages) < 10, "the pages go round in circles"
        pages.append(ledger.jobs("ann-id", Wanted(limit, cursor)))
    return [[one.job_id for one in page.jobs] for page in pages]
