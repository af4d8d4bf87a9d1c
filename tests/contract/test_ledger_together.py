"""Many at once on one account: it adds up, and each job ends once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError
from types_boto3_dynamodb import DynamoDBClient

from atoll.aws.ledger import DynamoLedger
from atoll.errors import Unavailable
from atoll.ports import Balance, Ledger
from tests.contract.accounts import accounts_of
from tests.contract.builders import MONTH, REASON, T0, delivery, job
from tests.contract.cloud import Cloud
from tests.contract.tables import LEDGER_TABLES
from tests.fakes import FakeLedger

pytestmark = pytest.mark.slow

NAMES = [f"job-{n}" for n in range(24)]


class Contended:
    """A client whose calls are atomic; of two transactions that meet, the second conflicts.

    That is what DynamoDB does. moto alone does neither.
    """

    def __init__(self, client: DynamoDBClient) -> None:
        self.conflicts = 0
        self._client = client
        self._writing = Lock()
        self._calling = Lock()

    def get_item(self, **request: Any) -> Any:
        with self._calling:
            return self._client.get_item(**request)

    def transact_write_items(self, **request: Any) -> Any:
        if not self._writing.acquire(blocking=False):
            self.conflicts += 1
            raise _conflict(len(request["TransactItems"]))
        try:
            with self._calling:
                return self._client.transact_write_items(**request)
        finally:
            self._writing.release()


def _conflict(items: int) -> ClientError:
    reasons = [{"Code": "None"}] * (items - 1) + [{"Code": "TransactionConflict"}]
    error = {"Code": "TransactionCanceledException", "Message": "as DynamoDB says it"}
    response: Any = {"Error": error, "CancellationReasons": reasons}
    return ClientError(response, "TransactWriteItems")


@pytest.fixture(params=["fake", "dynamodb"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    if request.param == "fake":
        return FakeLedger()
    aws: Cloud = request.getfixturevalue("aws")
    contended = cast("DynamoDBClient", Contended(aws.dynamodb))
    return DynamoLedger(contended, LEDGER_TABLES)


def at_once[T](work: Callable[[str], T], names: list[str]) -> list[T]:
    def until_it_answers(name: str) -> T:
        for _ in range(50):
            try:
                return work(name)
            except Unavailable:
                continue
        raise AssertionError("never answered")

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(until_it_answers, names))


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
