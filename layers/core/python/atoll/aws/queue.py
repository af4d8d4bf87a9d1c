"""Who waits for a slot, and who holds one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.aws.shards import shard_names
from atoll.aws.transactions import Transactions
from atoll.aws.writes import FOLLOWING, Writes
from atoll.model.queue import Held, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from atoll.aws.rows import Item
    from atoll.aws.writes import LedgerTables
    from atoll.model.job import Tier

WAITING_JOBS = "by_queue"


class DynamoQueue:
    """The Queue port."""

    def __init__(
        self,
        dynamodb: DynamoDBClient,
        tables: LedgerTables,
        transactions: Transactions | None = None,
    ) -> None:
        self._dynamodb = dynamodb
        self._tables = tables
        self._transactions = transactions or Transactions(dynamodb)
        self._writes = Writes(tables)

    def waiting(self, tier: Tier) -> list[Waiting]:
        """Jobs that wait for a slot of a tier; see `ports.Queue`."""
        return [_waiting(item) for item in self._line(tier)]

    def following(self) -> list[str]:
        """Ids of all jobs that wait for another's extraction; see `ports.Queue`."""
        return [item["job_id"]["S"] for item in self._line(FOLLOWING)]

    def held(self) -> list[Held]:
        """Every slot that is held; see `ports.Queue`."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._tables.slots, ConsistentRead=True
        )
        with answering("ledger"):
            return [_held(item) for page in pages for item in page["Items"]]

    def claim(
        self, waiting: Waiting, number: int, running_limit: int | None, now: datetime
    ) -> bool:
        """Give a waiting job a slot; see `ports.Queue`."""
        tier, account_id = waiting.tier, waiting.account_id
        running = f"running_{tier}"
        changes = {f"waiting_{tier}": -1, running: 1}
        most = None if running_limit is None else (running, running_limit)
        return all(
            self._transactions.write(
                [
                    self._writes.take_slot(waiting.job_id, account_id, (tier, number), now),
                    self._run(waiting.job_id, number),
                    self._writes.count(account_id, changes, most),
                ]
            )
        )

    def _run(self, job_id: str, number: int) -> TransactWriteItemTypeDef:
        """The row of a job that waits for a slot has one."""
        return {
            "Update": {
                "TableName": self._tables.jobs,
                "Key": {"job_id": {"S": job_id}},
                "UpdateExpression": "SET #slot = :number REMOVE #queue",
                "ConditionExpression": (
                    "#status = :accepted AND attribute_exists(#queue) "
                    "AND attribute_not_exists(leader)"
                ),
                "ExpressionAttributeNames": {
                    "#slot": "slot",
                    "#queue": "queue",
                    "#status": "status",
                },
                "ExpressionAttributeValues": {
                    ":number": {"N": str(number)},
                    ":accepted": {"S": "accepted"},
                },
            }
        }

    def _line(self, line: str) -> Iterator[Item]:
        paginator = self._dynamodb.get_paginator("query")
        for shard in shard_names(line):
            pages = paginator.paginate(
                TableName=self._tables.jobs,
                IndexName=WAITING_JOBS,
                KeyConditionExpression="#queue = :queue",
                ExpressionAttributeNames={"#queue": "queue"},
                ExpressionAttributeValues={":queue": {"S": shard}},
            )
            with answering("ledger"):
                for page in pages:
                    yield from page["Items"]


def _waiting(item: Item) -> Waiting:
    return Waiting.model_validate(
        {
            "job_id": item["job_id"]["S"],
            "account_id": item["account_id"]["S"],
            "tier": item["tier"]["S"],
            "since": datetime.fromisoformat(item["created_at"]["S"]),
            "profiles": tuple(profile["S"] for profile in item["profiles"]["L"]),
            "work_bytes": int(item["work_bytes"]["N"]),
        }
    )


def _held(item: Item) -> Held:
    return Held.model_validate(
        {
            "tier": item["tier"]["S"],
            "number": int(item["number"]["N"]),
            "job_id": item["job_id"]["S"],
            "account_id": item["account_id"]["S"],
            "claimed_at": datetime.fromisoformat(item["claimed_at"]["S"]),
        }
    )
