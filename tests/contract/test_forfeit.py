"""A reservation whose job's row is lost: one suite for the fake and for DynamoDB."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from atoll.model.entry import Entry
from atoll.model.job import Job
from atoll.ports import Ledger
from tests.contract.builders import MONTH, REASON, T0, delivery, job
from tests.contract.cloud import Cloud
from tests.contract.rig import Rig, dynamo_rig, fake_rig
from tests.contract.tables import LEDGER_TABLES

LATER = T0 + timedelta(days=1)


@pytest.fixture(params=["fake", "dynamodb"])
def lose(request: pytest.FixtureRequest) -> tuple[Rig, Callable[[str], object]]:
    """The ports, and what deletes a job's row."""
    if request.param == "fake":
        rig = fake_rig()
        rows: dict[str, Job] = vars(rig.ledger)["rows"]
        return rig, rows.pop
    aws: Cloud = request.getfixturevalue("aws")
    return dynamo_rig(aws), lambda job_id: aws.dynamodb.delete_item(
        TableName=LEDGER_TABLES.jobs, Key={"job_id": {"S": job_id}}
    )


def reservation(ledger: Ledger, job_id: str) -> Entry:
    return Entry.of(ledger.get(job_id), "reserved", T0)


def test_the_bytes_are_freed_once(lose: tuple[Rig, Callable[[str], object]]) -> None:
    rig, lose_row = lose
    rig.admit(job("a", reserved_bytes=300))
    rig.admit(job("b", reserved_bytes=70))
    entry = reservation(rig.ledger, "a")
    lose_row("a")

    assert rig.ledger.forfeit(entry, LATER)
    assert rig.balance("ann-id", MONTH).reserved_bytes == 70
    before = rig.state()
    assert not rig.ledger.forfeit(entry, LATER)
    assert rig.state() == before


def test_a_job_that_is_there_keeps_them(lose: tuple[Rig, Callable[[str], object]]) -> None:
    rig, _ = lose
    rig.admit(job("a"))
    entry = reservation(rig.ledger, "a")
    before = rig.state()
    assert not rig.ledger.forfeit(entry, LATER)
    assert rig.state() == before


@pytest.mark.parametrize("end", ["release", "settle"])
def test_a_job_that_had_ended_has_nothing_left(
    lose: tuple[Rig, Callable[[str], object]], end: str
) -> None:
    rig, lose_row = lose
    admitted = rig.admit(job("a"))
    entry = reservation(rig.ledger, "a")
    if end == "settle":
        assert rig.ledger.settle(admitted, (delivery("a"),), T0)
    else:
        assert rig.ledger.release(admitted, REASON, T0)
    lose_row("a")
    before = rig.state()
    assert not rig.ledger.forfeit(entry, LATER)
    assert rig.state() == before
