"""Jobs and the bytes they cost, in DynamoDB tables that change together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from atoll.aws.faults import answering, unavailable
from atoll.aws.listing import newest
from atoll.aws.names import JOB_ID, is_name
from atoll.aws.rows import deliveries_text, job_of
from atoll.aws.sharing import Sharing
from atoll.aws.transactions import Transactions
from atoll.aws.writes import LEADER, Writes, key_item
from atoll.errors import UnknownJob, shorten
from atoll.model.entry import Entry
from atoll.model.job import ENDED
from atoll.ports import NO_TERMS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from atoll.aws.rows import Item
    from atoll.aws.writes import LedgerTables
    from atoll.model.entry import Kind
    from atoll.model.job import Delivery, Job, Reason
    from atoll.ports import Hindrance, JobPage, Terms, Wanted

    type Demand = tuple[Hindrance, TransactWriteItemTypeDef]

# A job that is being ended may get a slot, or a leader, meanwhile; it is then read again.
LOOKS = 4


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a job ends.

    Attributes:
        kind: what becomes of its bytes.
        at: when.
        changes: what is otherwise in the job from then on.
        documents: the same, as its row has it.
    """

    kind: Kind
    at: datetime
    changes: Mapping[str, object]
    documents: Mapping[str, str]

    def line(self, job: Job) -> Entry:
        """What the ledger says of it."""
        return Entry.of(job.model_copy(update=self.changes), self.kind, self.at)


class DynamoLedger:
    """The Ledger port. Every change is one transaction."""

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
        self._sharing = Sharing(tables)

    def admit(self, job: Job, terms: Terms = NO_TERMS) -> frozenset[Hindrance]:
        """Write the job as `accepted` and reserve its bytes; see `ports.Ledger`."""
        new_entry = self._writes.note(Entry.of(job, "reserved", job.created_at))
        shared = self._sharing.admitted(job, terms.instead_of) if terms.shares else []
        demands: list[Demand] = [
            ("repeated", self._writes.new_job(job)),
            ("repeated", new_entry),
            *self._costs(job, terms),
            *(("share", item) for item in shared),
        ]
        held = self._transactions.write([item for _, item in demands])
        is_new_job, is_new_entry, *_ = held
        # The entry too: where it stood already, this is a repetition of what was done.
        if is_new_entry and not is_new_job:
            raise RuntimeError(f"job id {job.job_id} is taken by another account's job")
        if not is_new_job:
            return frozenset({"repeated"})
        return frozenset(name for (name, _), fine in zip(demands, held, strict=True) if not fine)

    def get(self, job_id: str) -> Job:
        """One job, as it is at this moment; see `ports.Ledger`."""
        item = self._item(self._tables.jobs, {"job_id": job_id}) if _is_id(job_id) else None
        if item is None:
            shown = shorten(job_id)
            raise UnknownJob(f"There is no job {shown}.", {"parameter": "job_id", "value": shown})
        return job_of(item)

    def jobs(self, account_id: str, wanted: Wanted) -> JobPage:
        """Some of an account's jobs, newest first; see `ports.Ledger`."""
        return newest(self._dynamodb, self._tables.jobs, account_id, wanted)

    def settle(
        self,
        job: Job,
        deliveries: tuple[Delivery, ...],
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        """End as `successful`; reserved bytes become settled bytes; see `ports.Ledger`."""
        changes = {"status": "successful", "deliveries": deliveries}
        documents = {"deliveries": deliveries_text(deliveries)}
        return self._end(job, _Ending("settled", now, changes, documents), until)

    def release(self, job: Job, reason: Reason, now: datetime) -> bool:
        """End as `failed`; the reserved bytes are free; see `ports.Ledger`."""
        changes = {"status": "failed", "reason": reason}
        documents = {"reason": reason.model_dump_json()}
        return self._end(job, _Ending("released", now, changes, documents))

    def dismiss(self, job: Job, now: datetime) -> bool:
        """End as `dismissed`; the reserved bytes are free; see `ports.Ledger`."""
        return self._end(job, _Ending("released", now, {"status": "dismissed"}, {}))

    def forfeit(self, entry: Entry, now: datetime) -> bool:
        """Free what was reserved for a job whose row is lost; see `ports.Ledger`."""
        writes = self._writes
        settled = entry.model_copy(update={"kind": "settled"})
        return all(
            self._transactions.write(
                [
                    writes.no_job(entry.job_id),
                    writes.no_line(settled),
                    writes.note(entry.lost(now)),
                    writes.book(entry, -entry.reserved_bytes, 0),
                ]
            )
        )

    def relabel(self, job: Job, label: str | None) -> Job:
        """Give the job another label, or none; see `ports.Ledger`."""
        given = {"ExpressionAttributeValues": {":label": {"S": label}}} if label else {}
        try:
            with answering("ledger"):
                self._dynamodb.update_item(
                    TableName=self._tables.jobs,
                    Key={"job_id": {"S": job.job_id}},
                    UpdateExpression="SET label = :label" if label else "REMOVE label",
                    ConditionExpression="attribute_exists(job_id)",
                    **given,  # type: ignore[arg-type]
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            pass  # said below
        return self.get(job.job_id)

    def promote(self, job: Job, now: datetime) -> bool:
        """Let a follower lead; see `ports.Ledger`."""
        del now
        if job.leader is None or job.status in ENDED:
            return False
        waiting = self._writes.count(job.account_id, {f"waiting_{job.tier}": 1})
        return all(
            self._transactions.write(
                [
                    self._sharing.lead(job, job.leader),
                    self._sharing.leave(job),
                    self._sharing.waits_itself(job),
                    waiting,
                ]
            )
        )

    def follow(self, job: Job, leader: str) -> bool:
        """Let a follower wait for another leader; see `ports.Ledger`."""
        if job.leader is None or job.status in ENDED:
            return False
        return all(self._transactions.write([self._sharing.follows(job, leader)]))

    def leader(self, fingerprint: str) -> str | None:
        """Id of the job whose extraction others may share; see `ports.Ledger`."""
        key = {"fingerprint": fingerprint, "member": LEADER}
        item = self._item(self._tables.shares, key)
        return item["job_id"]["S"] if item else None

    def followers(self, fingerprint: str) -> list[str]:
        """Ids of the jobs that wait for the extraction of another; see `ports.Ledger`."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._tables.shares,
            KeyConditionExpression="fingerprint = :fingerprint",
            ExpressionAttributeValues={":fingerprint": {"S": fingerprint}},
            ConsistentRead=True,
        )
        with answering("ledger"):
            members = [item["member"]["S"] for page in pages for item in page["Items"]]
        return [member for member in members if member != LEADER]

    def keyed(self, account_id: str, key: str) -> str | None:
        """Id of the job that the account has ordered with this key; see `ports.Ledger`."""
        item = self._item(self._tables.accounts, {"account_id": account_id, "item": key_item(key)})
        return item["job_id"]["S"] if item else None

    def _costs(self, job: Job, terms: Terms) -> list[Demand]:
        """What the job takes of its account and its unit."""
        allowance, writes = terms.allowance, self._writes
        booked = writes.book(job, job.reserved_bytes, 0, allowance.bytes_per_month)
        demands: list[Demand] = [("quota", booked)]
        if job.slot is not None:
            slot = (job.tier, job.slot)
            taken = writes.take_slot(job.job_id, job.account_id, slot, job.created_at)
            demands += [
                ("running", self._one_more("running", job, allowance.running.of(job.tier))),
                ("slot", taken),
            ]
        elif job.leader is None:
            limit = allowance.waiting.of(job.tier)
            demands.append(("waiting", self._one_more("waiting", job, limit)))
        if terms.key is not None:
            demands.append(("key", writes.use_key(job, terms.key, terms.retried)))
        return demands

    def _one_more(self, state: str, job: Job, limit: int | None) -> TransactWriteItemTypeDef:
        name = f"{state}_{job.tier}"
        most = None if limit is None else (name, limit)
        return self._writes.count(job.account_id, {name: 1}, most)

    def _end(self, job: Job, ending: _Ending, until: datetime | None = None) -> bool:
        """End the job, unless it has ended: then change nothing and answer False."""
        forgotten_at = until or ending.at + (job.expires_at - job.created_at)
        for _ in range(LOOKS):
            if job.status in ENDED:
                return False
            writes, line = self._writes, ending.line(job)
            held = self._transactions.write(
                [
                    writes.note(line),
                    writes.ended_job(job, line, ending.documents, forgotten_at),
                    writes.book(job, -job.reserved_bytes, line.settled_bytes),
                    *self._places(job),
                ]
            )
            if all(held):
                return True
            try:
                job = self.get(job.job_id)  # since it was read it may have ended, or moved
            except UnknownJob:
                return False
        raise unavailable("ledger")

    def _places(self, job: Job) -> list[TransactWriteItemTypeDef]:
        """What a job gives back beside its bytes."""
        if job.slot is not None:
            fewer = self._writes.count(job.account_id, {f"running_{job.tier}": -1})
            return [fewer, self._writes.free_slot(job, job.slot)]
        if job.leader is not None:
            return [self._sharing.leave(job)]
        return [self._writes.count(job.account_id, {f"waiting_{job.tier}": -1})]

    def _item(self, table: str, key: dict[str, str]) -> Item | None:
        """One item, as it is at this moment."""
        with answering("ledger"):
            return self._dynamodb.get_item(
                TableName=table,
                Key={name: {"S": value} for name, value in key.items()},
                ConsistentRead=True,
            ).get("Item")


def _is_id(job_id: str) -> bool:
    return is_name(job_id, JOB_ID)
