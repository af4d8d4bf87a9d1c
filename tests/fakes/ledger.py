"""Jobs, balances and entries in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import Literal

from atoll.errors import InvalidParameter, UnknownJob
from atoll.model.job import ENDED, Delivery, Job, JobStatus, Reason
from atoll.ports import Balance, JobPage
from tests.fakes.available import demand_up

type Kind = Literal["reserved", "settled", "released"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger; it never changes."""

    account_id: str
    job_id: str
    kind: Kind
    entry_bytes: int


@dataclass
class FakeLedger:
    """Jobs, balances and entries in memory.

    Attributes:
        rows: jobs by id.
        balances: by (account id, month).
        entries: in the order of writing.
    """

    available: bool = True
    rows: dict[str, Job] = field(default_factory=dict)
    balances: dict[tuple[str, str], Balance] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def admit(self, job: Job) -> None:
        demand_up("ledger", available=self.available)
        with self.lock:
            if job.job_id in self.rows:
                if self.rows[job.job_id].account_id != job.account_id:
                    raise RuntimeError(f"job id {job.job_id} is taken by another account's job")
                return
            self.rows[job.job_id] = job
            self._book(job, "reserved", job.reserved_bytes)

    def get(self, job_id: str) -> Job:
        demand_up("ledger", available=self.available)
        if job_id not in self.rows:
            raise UnknownJob(f"there is no job {job_id!r}", {"job_id": job_id})
        return self.rows[job_id]

    def jobs(self, account_id: str, limit: int, cursor: str | None = None) -> JobPage:
        demand_up("ledger", available=self.available)
        mine = [job for job in self.rows.values() if job.account_id == account_id]
        mine.sort(key=lambda job: (job.created_at, job.job_id), reverse=True)
        cursors = [f"after-{job.job_id}" for job in mine]
        if cursor is not None and cursor not in cursors:
            raise InvalidParameter("cursor", cursor, "take the one of the page before")
        first = 0 if cursor is None else cursors.index(cursor) + 1
        stop = first + limit
        following = cursors[stop - 1] if stop < len(mine) else None
        return JobPage(jobs=tuple(mine[first:stop]), cursor=following)

    def settle(self, job: Job, deliveries: tuple[Delivery, ...], now: datetime) -> bool:
        update = {"status": "successful", "deliveries": deliveries, "finished_at": now}
        return self._end(job, update, "settled", sum(one.output_bytes for one in deliveries))

    def release(self, job: Job, reason: Reason, now: datetime) -> bool:
        return self._end(
            job, {"status": "failed", "reason": reason, "finished_at": now}, "released", 0
        )

    def dismiss(self, job: Job, now: datetime) -> bool:
        return self._end(job, {"status": "dismissed", "finished_at": now}, "released", 0)

    def balance(self, account_id: str, month: str) -> Balance:
        demand_up("ledger", available=self.available)
        return self.balances.get((account_id, month), Balance())

    def begin(self, job_id: str, now: datetime) -> None:
        """Mark an accepted job as running, as the workflow's first state does in the table."""
        job = self.get(job_id)
        if job.status not in ENDED:
            self.rows[job_id] = job.model_copy(update={"status": "running", "started_at": now})

    def statuses(self) -> dict[str, JobStatus]:
        """Job id -> status."""
        return {job_id: job.status for job_id, job in self.rows.items()}

    def _end(self, seen: Job, update: dict[str, object], kind: Kind, settled_bytes: int) -> bool:
        demand_up("ledger", available=self.available)
        with self.lock:
            job = self.rows.get(seen.job_id)
            if job is None or job.status in ENDED:
                return False
            self.rows[job.job_id] = job.model_copy(update=update)
            self._book(job, kind, settled_bytes if kind == "settled" else job.reserved_bytes)
            return True

    def _book(self, job: Job, kind: Kind, entry_bytes: int) -> None:
        key = (job.account_id, job.created_at.astimezone(UTC).strftime("%Y-%m"))
        before = self.balances.get(key, Balance())
        reserved = job.reserved_bytes if kind == "reserved" else -job.reserved_bytes
        self.balances[key] = Balance(
            reserved_bytes=before.reserved_bytes + reserved,
            settled_bytes=before.settled_bytes + (entry_bytes if kind == "settled" else 0),
        )
        self.entries.append(Entry(job.account_id, job.job_id, kind, entry_bytes))
