"""All ports over one set of tables, of fakes and of DynamoDB alike, and a look at all they hold."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType
from types_boto3_dynamodb import DynamoDBClient

from atoll.aws.accounts import DynamoAccounts
from atoll.aws.ledger import DynamoLedger
from atoll.aws.queue import DynamoQueue
from atoll.model.job import ENDED, Job, Tier
from atoll.model.queue import Waiting
from atoll.ports import Accounts, Balance, Counts, Ledger, Queue
from tests.contract.builders import MONTH
from tests.contract.cloud import REGION, Cloud
from tests.contract.tables import EXPIRY, LEDGER_TABLES, SHAPES
from tests.fakes import FakeAccounts, FakeLedger

TABLES = ("Jobs", "Accounts", "Ledger", "Slots", "Shares")


@dataclass(frozen=True)
class Rig:
    """The ports, and what a test sees beside them.

    Attributes:
        begin: the workflow's own way to begin a job.
        state: everything that is kept; equal before and after = nothing was written.
        forget: deletes what has expired, as time to live does.
    """

    ledger: Ledger
    queue: Queue
    accounts: Accounts
    begin: Callable[[str, datetime], None]
    state: Callable[[], Any]
    forget: Callable[[datetime], None]

    def balance(self, account_id: str = "ann-id", month: str = MONTH) -> Balance:
        return self.accounts.balance(account_id, month)

    def counts(self, account_id: str = "ann-id") -> dict[str, int]:
        """Counters that are not 0: `{"waiting small": 1}`."""
        return counted(self.accounts.counts(account_id))

    def waiting(self, tier: Tier = "small") -> dict[str, Waiting]:
        return {one.job_id: one for one in self.queue.waiting(tier)}

    def slots(self) -> dict[tuple[str, int], str]:
        """Who holds each slot."""
        return {(one.tier, one.number): one.job_id for one in self.queue.held()}

    def admit(self, job: Job) -> Job:
        """A job that must be admitted; as it is then."""
        assert self.ledger.admit(job) == frozenset()
        return self.ledger.get(job.job_id)


def counted(counts: Counts) -> dict[str, int]:
    numbers = {"waiting": counts.waiting, "running": counts.running}
    named = {
        f"{state} {tier}": number
        for state, per_tier in numbers.items()
        for tier, number in per_tier.model_dump().items()
    }
    return {name: number for name, number in named.items() if number}


def fake_rig() -> Rig:
    fake = FakeLedger()
    accounts = FakeAccounts(fake)

    def state() -> dict[str, Any]:
        kept = {**vars(fake), **vars(accounts)}
        return {name: deepcopy(kept[name]) for name in kept if name not in {"lock", "ledger"}}

    return Rig(fake, fake, accounts, fake.begin, state, lambda now: _forget_in_memory(fake, now))


def _forget_in_memory(fake: FakeLedger, now: datetime) -> None:
    kept = {name: job for name, job in fake.rows.items() if not _is_over(job, now)}
    fake.rows = kept
    fake.leaders = {name: one for name, one in fake.leaders.items() if one[1] >= now}
    fake.keys = {name: one for name, one in fake.keys.items() if one[1] >= now}


def _is_over(job: Job, now: datetime) -> bool:
    return job.status in ENDED and job.expires_at < now


def dynamo_rig(aws: Cloud, contended: DynamoDBClient | None = None) -> Rig:
    """The real adapters.

    Args:
        aws: where the tables are.
        contended: the client that many use at once; without one nobody ever has to pause.
    """
    dynamodb = contended or aws.dynamodb
    return Rig(
        DynamoLedger(dynamodb, LEDGER_TABLES),
        DynamoQueue(dynamodb, LEDGER_TABLES),
        DynamoAccounts(dynamodb, LEDGER_TABLES.accounts),
        aws.begin,
        lambda: {table: items_of(table) for table in TABLES},
        lambda now: forget(aws.dynamodb, now),
    )


def items_of(table: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """All items of a table by their keys, without the names of types; moto's own memory."""
    names = [one["AttributeName"] for one in SHAPES[table]["KeySchema"]]
    kept = dynamodb_backends[ACCOUNT][REGION].tables[table].all_items()
    plain = [{name: _plain(value) for name, value in item.attrs.items()} for item in kept]
    return {tuple(str(item[name]) for name in names): item for item in plain}


def item_of(table: str, key: Mapping[str, Mapping[str, str]]) -> dict[str, Any] | None:
    """One item as it is now; None = there is none."""
    kept = dynamodb_backends[ACCOUNT][REGION].tables[table]
    names = [one["AttributeName"] for one in SHAPES[table]["KeySchema"]]
    first, *second = [DynamoType(dict(key[name])) for name in names]
    item = kept.get_item(first, second[0] if second else None)
    return {name: _plain(value) for name, value in item.attrs.items()} if item else None


def clear() -> None:
    """Leave the tables empty; making them anew takes longer than a history."""
    for table in TABLES:
        dynamodb_backends[ACCOUNT][REGION].tables[table].items.clear()


def forget(dynamodb: DynamoDBClient, now: datetime) -> None:
    """Delete what has expired."""
    for table, attribute in EXPIRY.items():
        names = [one["AttributeName"] for one in SHAPES[table]["KeySchema"]]
        for key, item in items_of(table).items():
            if attribute in item and item[attribute] < now.timestamp():
                values = dict(zip(names, key, strict=True))
                dynamodb.delete_item(
                    TableName=table, Key={name: {"S": value} for name, value in values.items()}
                )


def _plain(value: Any) -> int | str:
    return int(value.value) if value.type == "N" else str(value.value)
