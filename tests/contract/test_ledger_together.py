"""Many at once on one account: it adds up, and each job ends once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import pytest
from types_boto3_dynamodb import DynamoDBClient

from atoll.aws.ledger import DynamoLedger
from atoll.ports import Balance, Ledger
from tests.contract.accounts import accounts_of
from tests.contract.builders import MONTH, REASON, T0, delivery, job
from tests.contract.cloud import Cloud
from tests.contract.contended import Contended, at_once
from tests.contract.tables import LEDGER_TABLES
from tests.fakes import FakeLedger

pytestmark = pytest.mark.slow

NAMES = [f"job-{n}" for n in range(24)]


@pytest.fixture(params=["fake", "dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "fake":
        return FakeLedger()
    aws: Cloud = request.getfixturevalue("aws")
    contended = cast("DynamoDBClient", Contended(aws.dynamodb))
    return DynamoLedger(contended, LEDGER_TABLES)


def test_jobs_admitted_at_once_add_up(ledger: Ledger) -> None:
    at_once(lambda name: ledger.admit(job(name, reserved_bytes=1000)), NAMES * 2)

    assert accounts_of(ledger).balance("ann-id", MONTH) == Balance(reserved_bytes=24_000)


def test_jobs_settled_at_once_add_up(ledger: Ledger) -> None:
    for name in NAMES:
        ledger.admit(job(name, reserved_bytes=1000))

    at_once(
        lambda name: ledger.settle(ledger.get(name), (delivery(name, output_bytes=700),), T0), NAMES
    )

    assert accounts_of(ledger).balance("ann-id", MONTH) == Balance(settled_bytes=24 * 700)


def test_a_job_that_all_want_to_end_ends_once(ledger: Ledger) -> None:
    endings: list[Callable[[str], bool]] = [
        lambda name: ledger.settle(ledger.get(name), (delivery(name, output_bytes=700),), T0),
        lambda name: ledger.release(ledger.get(name), REASON, T0),
        lambda name: ledger.dismiss(ledger.get(name), T0),
    ]
    names = NAMES[:8]
    for name in names:
        ledger.admit(job(name, reserved_bytes=1000))

    ends = [(name, ending) for name in names for ending in endings]
    with ThreadPoolExecutor(8) as pool:
        ended = list(pool.map(lambda end: at_once(end[1], [end[0]])[0], ends))

    assert sum(ended) == len(names)
    settled = [ledger.get(name).status for name in names].count("successful")
    assert accounts_of(ledger).balance("ann-id", MONTH) == Balance(settled_bytes=settled * 700)
