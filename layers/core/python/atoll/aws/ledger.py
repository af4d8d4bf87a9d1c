"""Jobs and the bytes they cost, in three DynamoDB tables that change together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from atoll.aws.cursor import read_cursor, write_cursor
from atoll.aws.faults import answering
from atoll.aws.names import JOB_ID, is_name
from atoll.aws.rows import Entry, deliveries_text, entry_item, job_item, job_of, month_of, timestamp
from atoll.aws.transactions import Transactions
from atoll.errors import UnknownJob, shorten
from atoll.model.job import ENDED
from atoll.ports import Balance, JobPage

if TYPE_CHECKING:
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef, TransactWriteItemTypeDef

    from atoll.aws.rows import Item
    from atoll.model.job import Delivery, Job, Reason

JOBS_OF_ACCOUNT = "by_account"


@dataclass(frozen=True, slots=True)
class LedgerTables:
    """Names of the three tables."""

    jobs: str
    accounts: str
    ledger: str


class DynamoLedger:
    """The Ledger port. Every change is one transaction over job, balance and entry."""

    def __init__(
        self,
        dynamodb: DynamoDBClient,
        tables: LedgerTables,
        transactions: Transactions | None = None,
    ) -> None:
        self._dynamodb = dynamodb
        self._tables = tables
        self._transactions = transactions or Transactions(dynamodb)

    def admit(self, job: Job) -> None:
        """Write the job as `accepted` and reserve its bytes; see `ports.Ledger`."""
        entry = Entry("reserved", 0, job.created_at, job.status)
        new_job: TransactWriteItemTypeDef = {
            "Put": {
                "TableName": self._tables.jobs,
                "Item": job_item(job),
                "ConditionExpression": "attribute_not_exists(job_id)",
            }
        }
        is_new_job, _, is_new_entry = self._transactions.write(
            [new_job, self._book(job, job.reserved_bytes, 0), self._note(job, entry)]
        )
        # The entry first: where it stood already, this is a repetition of what was done.
        if is_new_entry and not is_new_job:
            raise RuntimeError(f"job id {job.job_id} is taken by another account's job")

    def get(self, job_id: str) -> Job:
        """One job, as it is at this moment; see `ports.Ledger`."""
        item: Item | None = None
        if is_name(job_id, JOB_ID):
            with answering("ledger"):
                item = self._dynamodb.get_item(
                    TableName=self._tables.jobs, Key={"job_id": {"S": job_id}}, ConsistentRead=True
                ).get("Item")
        if item is None:
            shown = shorten(job_id)
            raise UnknownJob(f"There is no job {shown}.", {"parameter": "job_id", "value": shown})
        return job_of(item)

    def jobs(self, account_id: str, limit: int, cursor: str | None = None) -> JobPage:
        """Some of an account's jobs, newest first; see `ports.Ledger`."""
        # One more than asked for: whether there is a next page is then known, not guessed.
        items = self._newest(account_id, limit + 1, cursor)
        jobs = tuple(job_of(item) for item in items[:limit])
        following = write_cursor(jobs[-1]) if len(items) > limit else None
        return JobPage(jobs=jobs, cursor=following)

    def settle(self, job: Job, deliveries: tuple[Delivery, ...], now: datetime) -> bool:
        """End as `successful`; reserved bytes become settled bytes; see `ports.Ledger`."""
        settled_bytes = sum(delivery.output_bytes for delivery in deliveries)
        ending = Entry("settled", settled_bytes, now, "successful")
        return self._end(job, ending, {"deliveries": deliveries_text(deliveries)})

    def release(self, job: Job, reason: Reason, now: datetime) -> bool:
        """End as `failed`; the reserved bytes are free; see `ports.Ledger`."""
        ending = Entry("released", 0, now, "failed")
        return self._end(job, ending, {"reason": reason.model_dump_json()})

    def dismiss(self, job: Job, now: datetime) -> bool:
        """End as `dismissed`; the reserved bytes are free; see `ports.Ledger`."""
        return self._end(job, Entry("released", 0, now, "dismissed"), {})

    def balance(self, account_id: str, month: str) -> Balance:
        """Reserved and settled bytes of a month, at this moment; see `ports.Ledger`."""
        with answering("ledger"):
            item = self._dynamodb.get_item(
                TableName=self._tables.accounts,
                Key={"account_id": {"S": account_id}, "month": {"S": month}},
                ConsistentRead=True,
            ).get("Item", {})
        return Balance(
            **{name: int(item[name]["N"]) for name in Balance.model_fields if name in item}
        )

    def _end(self, job: Job, ending: Entry, documents: dict[str, str]) -> bool:
        """End the job, unless it has ended: then change nothing and answer False."""
        if job.status in ENDED:
            return False
        # Since it was read the job may have ended: the transaction's own condition counts.
        held = self._transactions.write(
            [
                self._change(job, ending, documents),
                self._book(job, -job.reserved_bytes, ending.settled_bytes),
                self._note(job, ending),
            ]
        )
        return all(held)

    def _change(
        self, job: Job, ending: Entry, documents: dict[str, str]
    ) -> TransactWriteItemTypeDef:
        values = {"status": ending.status, "finished_at": timestamp(ending.at), **documents}
        return {
            "Update": {
                "TableName": self._tables.jobs,
                "Key": {"job_id": {"S": job.job_id}},
                "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in values),
                "ConditionExpression": "#status IN (:accepted, :running)",
                "ExpressionAttributeNames": {f"#{name}": name for name in values},
                "ExpressionAttributeValues": {
                    ":accepted": {"S": "accepted"},
                    ":running": {"S": "running"},
                    **{f":{name}": {"S": value} for name, value in values.items()},
                },
            }
        }

    def _book(self, job: Job, reserved_bytes: int, settled_bytes: int) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._tables.accounts,
                "Key": {"account_id": {"S": job.account_id}, "month": {"S": month_of(job)}},
                "UpdateExpression": "ADD reserved_bytes :reserved, settled_bytes :settled",
                "ExpressionAttributeValues": {
                    ":reserved": {"N": str(reserved_bytes)},
                    ":settled": {"N": str(settled_bytes)},
                },
            }
        }

    def _note(self, job: Job, entry: Entry) -> TransactWriteItemTypeDef:
        return {
            "Put": {
                "TableName": self._tables.ledger,
                "Item": entry_item(job, entry),
                "ConditionExpression": "attribute_not_exists(entry_id)",
            }
        }

    def _newest(self, account_id: str, count: int, cursor: str | None) -> list[Item]:
        """Up to so many items; DynamoDB may take several answers to give them."""
        query: QueryInputTypeDef = {
            "TableName": self._tables.jobs,
            "IndexName": JOBS_OF_ACCOUNT,
            "KeyConditionExpression": "account_id = :account",
            "ExpressionAttributeValues": {":account": {"S": account_id}},
            "ScanIndexForward": False,
        }
        if cursor is not None:
            query["ExclusiveStartKey"] = _start_key(account_id, cursor)
        items: list[Item] = []
        while len(items) < count:
            query["Limit"] = count - len(items)
            with answering("ledger"):
                answer = self._dynamodb.query(**query)
            items.extend(answer["Items"])
            if "LastEvaluatedKey" not in answer:
                break
            query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
        return items


def _start_key(account_id: str, cursor: str) -> Item:
    last = read_cursor(cursor)
    return {
        "account_id": {"S": account_id},
        "created_at": {"S": last.created_at},
        "job_id": {"S": last.job_id},
    }
