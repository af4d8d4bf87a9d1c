"""The items of the transactions that admit and end jobs: one function for each thing that changes.

jobs      (job_id)               the job; `queue` = it waits for a slot, or follows a leader
accounts  (account_id, item)     `month#2026-11` bytes; `queue` numbers of jobs; `key#...`
ledger    (account_id, entry_id) what happened, for ever
slots     (slot)                 `small#17`, there while a job holds it
shares    (fingerprint, member)  `leader`, and the ids of those who follow it
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from atoll.aws.entries import entry_item
from atoll.aws.rows import job_item, month_of, timestamp
from atoll.aws.shards import shard_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from types_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

    from atoll.model.entry import Entry
    from atoll.model.job import Job, Tier

FOLLOWING = "shared"
LEADER = "leader"
QUEUE_ITEM = "queue"
KEY_LIFETIME_S = 86_400


@dataclass(frozen=True, slots=True)
class LedgerTables:
    """Names of the tables that change together."""

    jobs: str
    accounts: str
    ledger: str
    slots: str
    shares: str


def slot_name(tier: Tier, number: int) -> str:
    """The name of a slot: `small#17`."""
    return f"{tier}#{number}"


def queue_of(job: Job) -> str | None:
    """Where the job is found while it waits; None = it holds a slot."""
    if job.slot is not None:
        return None
    return shard_name(job.tier if job.leader is None else FOLLOWING, job.job_id)


def key_item(key: str) -> str:
    """Where an account's idempotency key is kept; it may be of any length and alphabet."""
    return f"key#{sha256(key.encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Writes:
    """Makes the items.

    Attributes:
        tables: where they are.
    """

    tables: LedgerTables

    def new_job(self, job: Job) -> TransactWriteItemTypeDef:
        """The job's row, where there is none."""
        queue = queue_of(job)
        waits: dict[str, AttributeValueTypeDef] = {}
        if queue is not None:
            # The index of those who wait holds what the order in the queue needs, and no more.
            waits = {
                "queue": {"S": queue},
                "tier": {"S": job.tier},
                "profiles": {"L": [{"S": profile} for profile in job.profiles]},
                "work_bytes": {"N": str(job.reserved_bytes)},
            }
        return {
            "Put": {
                "TableName": self.tables.jobs,
                "Item": {**job_item(job), **waits},
                "ConditionExpression": "attribute_not_exists(job_id)",
            }
        }

    def no_job(self, job_id: str) -> TransactWriteItemTypeDef:
        """There is no row of such a job."""
        return _absent(self.tables.jobs, {"job_id": {"S": job_id}})

    def no_line(self, entry: Entry) -> TransactWriteItemTypeDef:
        """There is no such line of the ledger."""
        key = {"account_id": entry.account_id, "entry_id": entry.entry_id}
        return _absent(self.tables.ledger, {name: {"S": text} for name, text in key.items()})

    def ended_job(
        self, job: Job, ending: Entry, documents: Mapping[str, str], until: datetime
    ) -> TransactWriteItemTypeDef:
        """The job's row, ended, unless it has other slots or leaders than when it was read."""
        texts = {"status": ending.status, "finished_at": timestamp(ending.at), **documents}
        values: dict[str, AttributeValueTypeDef] = {
            ":accepted": {"S": "accepted"},
            ":running": {"S": "running"},
            ":expires_at": {"N": str(int(until.timestamp()))},
            **{f":{name}": {"S": text} for name, text in texts.items()},
        }
        names = {f"#{name}": name for name in (*texts, "slot", "queue", "leader", "expires_at")}
        sets = ", ".join(f"#{name} = :{name}" for name in (*texts, "expires_at"))
        seen = ["#status IN (:accepted, :running)"]
        for name, value in (("slot", _number(job.slot)), ("leader", _text(job.leader))):
            seen.append(f"#{name} = :{name}" if value else f"attribute_not_exists(#{name})")
            values |= {f":{name}": value} if value else {}
        return {
            "Update": {
                "TableName": self.tables.jobs,
                "Key": {"job_id": {"S": job.job_id}},
                "UpdateExpression": f"SET {sets} REMOVE #slot, #queue",
                "ConditionExpression": " AND ".join(seen),
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values,
            }
        }

    def book(
        self,
        job: Job | Entry,
        reserved_bytes: int,
        settled_bytes: int,
        most_bytes: int | None = None,
    ) -> TransactWriteItemTypeDef:
        """Add to the bytes of the account's month, which may then be `most_bytes` in all."""
        used_bytes = reserved_bytes + settled_bytes
        update: UpdateTypeDef = {
            "TableName": self.tables.accounts,
            "Key": _account_key(job.account_id, f"month#{month_of(job)}"),
            "UpdateExpression": (
                "ADD reserved_bytes :reserved, settled_bytes :settled, used_bytes :used"
            ),
            "ExpressionAttributeValues": {
                ":reserved": {"N": str(reserved_bytes)},
                ":settled": {"N": str(settled_bytes)},
                ":used": {"N": str(used_bytes)},
            },
        }
        if most_bytes is not None:
            room_bytes = most_bytes - used_bytes
            fits = "used_bytes <= :room"
            unused = "attribute_not_exists(used_bytes) OR " if room_bytes >= 0 else ""
            update["ConditionExpression"] = f"{unused}{fits}"
            update["ExpressionAttributeValues"] = {
                **update["ExpressionAttributeValues"],
                ":room": {"N": str(room_bytes)},
            }
        return {"Update": update}

    def count(
        self, account_id: str, changes: Mapping[str, int], most: tuple[str, int] | None = None
    ) -> TransactWriteItemTypeDef:
        """Add to the account's numbers of jobs.

        Args:
            account_id: whose.
            changes: e.g. `{"waiting_small": 1}`.
            most: one of them, and what it may be afterwards.
        """
        update: UpdateTypeDef = {
            "TableName": self.tables.accounts,
            "Key": _account_key(account_id, QUEUE_ITEM),
            "UpdateExpression": "ADD " + ", ".join(f"{name} :{name}" for name in changes),
            "ExpressionAttributeValues": {
                f":{name}": {"N": str(number)} for name, number in changes.items()
            },
        }
        if most is not None:
            name, limit = most
            none_yet = f"attribute_not_exists({name}) OR " if limit > 0 else ""
            update["ConditionExpression"] = f"{none_yet}{name} < :most"
            update["ExpressionAttributeValues"] = {
                **update["ExpressionAttributeValues"],
                ":most": {"N": str(limit)},
            }
        return {"Update": update}

    def note(self, entry: Entry) -> TransactWriteItemTypeDef:
        """A line of the ledger, where it is not there."""
        return {
            "Put": {
                "TableName": self.tables.ledger,
                "Item": entry_item(entry),
                "ConditionExpression": "attribute_not_exists(entry_id)",
            }
        }

    def take_slot(
        self, job_id: str, account_id: str, slot: tuple[Tier, int], now: datetime
    ) -> TransactWriteItemTypeDef:
        """The slot, where nobody holds it."""
        tier, number = slot
        return {
            "Put": {
                "TableName": self.tables.slots,
                "Item": {
                    "slot": {"S": slot_name(tier, number)},
                    "tier": {"S": tier},
                    "number": {"N": str(number)},
                    "job_id": {"S": job_id},
                    "account_id": {"S": account_id},
                    "claimed_at": {"S": timestamp(now)},
                },
                "ConditionExpression": "attribute_not_exists(slot)",
            }
        }

    def free_slot(self, job: Job, number: int) -> TransactWriteItemTypeDef:
        """The job's slot is nobody's."""
        return {
            "Delete": {
                "TableName": self.tables.slots,
                "Key": {"slot": {"S": slot_name(job.tier, number)}},
                "ConditionExpression": "job_id = :job",
                "ExpressionAttributeValues": {":job": {"S": job.job_id}},
            }
        }

    def use_key(self, job: Job, key: str, retried: str | None) -> TransactWriteItemTypeDef:
        """The caller's key stands for this job, unless it stands for another than `retried`."""
        now = int(job.created_at.timestamp())
        return {
            "Put": {
                "TableName": self.tables.accounts,
                "Item": {
                    **_account_key(job.account_id, key_item(key)),
                    "job_id": {"S": job.job_id},
                    "expires_at": {"N": str(now + KEY_LIFETIME_S)},
                },
                "ConditionExpression": (
                    "attribute_not_exists(job_id) OR expires_at < :now OR job_id = :retried"
                ),
                "ExpressionAttributeValues": {
                    ":now": {"N": str(now)},
                    ":retried": {"S": retried or ""},  # no id is empty
                },
            }
        }


def _absent(table: str, key: Mapping[str, AttributeValueTypeDef]) -> TransactWriteItemTypeDef:
    names = " AND ".join(f"attribute_not_exists({name})" for name in key)
    return {"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": names}}


def _account_key(account_id: str, item: str) -> dict[str, AttributeValueTypeDef]:
    return {"account_id": {"S": account_id}, "item": {"S": item}}


def _number(value: int | None) -> AttributeValueTypeDef | None:
    return None if value is None else {"N": str(value)}


def _text(value: str | None) -> AttributeValueTypeDef | None:
    return None if value is None else {"S": value}
