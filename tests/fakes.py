"""Every port as a real class with state. Tests look at the state, never at the calls.

Each fake has `available`: set it to False and the port answers `Unavailable`, as a part of
AWS does that is down. The suites in tests/contract hold the fakes and the real adapters to
the same behaviour.
"""

from collections.abc import Buffer, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import Literal

from obstore.store import ObjectStore

from atoll.errors import (
    DataError,
    InvalidParameter,
    Unavailable,
    UnknownDataset,
    UnknownJob,
    UploadGone,
)
from atoll.model.coverage import Coverage
from atoll.model.job import (
    ENDED,
    Delivery,
    Download,
    Job,
    JobStatus,
    Outcome,
    Reason,
    Work,
    result_key,
)
from atoll.model.parts import LEAST_UPLOAD_BYTES, Upload
from atoll.ports import Balance, DatasetEntry, JobPage

type Kind = Literal["reserved", "settled", "released"]


def _demand(part: str, *, available: bool) -> None:
    if not available:
        raise Unavailable(f"{part} did not answer; try again", {"part": part})


class FakeCatalogue:
    """Descriptions by (dataset, revision), and which revision is `main`."""

    def __init__(self, *coverages: Coverage) -> None:
        self.available = True
        self.coverages: dict[tuple[str, str], Coverage] = {}
        self.mains: dict[str, DatasetEntry] = {}
        for coverage in coverages:
            self.publish(coverage)

    def entries(self) -> list[DatasetEntry]:
        _demand("catalogue", available=self.available)
        return [self.mains[dataset] for dataset in sorted(self.mains)]

    def entry(self, dataset: str) -> DatasetEntry:
        _demand("catalogue", available=self.available)
        if dataset not in self.mains:
            raise UnknownDataset(f"there is no dataset {dataset!r}", {"dataset": dataset})
        return self.mains[dataset]

    def describe(self, dataset: str, revision: str) -> Coverage:
        _demand("catalogue", available=self.available)
        if (dataset, revision) not in self.coverages:
            raise UnknownDataset(
                f"there is no dataset {dataset!r} with revision {revision!r}",
                {"dataset": dataset, "revision": revision},
            )
        return self.coverages[dataset, revision]

    def publish(self, coverage: Coverage) -> None:
        _demand("catalogue", available=self.available)
        if coverage.revision == "main" or "/" in coverage.dataset + coverage.revision:
            raise InvalidParameter("dataset", coverage.dataset, "letters, digits, `.`, `_`, `-`")
        kept = self.coverages.setdefault((coverage.dataset, coverage.revision), coverage)
        if coverage.model_copy(update={"updated_at": kept.updated_at}) != kept:
            raise DataError(f"revision {coverage.revision} has another description")
        self.mains[coverage.dataset] = DatasetEntry(
            dataset=coverage.dataset,
            title=coverage.title,
            revision=coverage.revision,
            profiles=coverage.profiles,
            updated_at=coverage.updated_at,
        )


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
        _demand("ledger", available=self.available)
        with self.lock:
            if job.job_id in self.rows:
                if self.rows[job.job_id].account_id != job.account_id:
                    raise RuntimeError(f"job id {job.job_id} is taken by another account's job")
                return
            self.rows[job.job_id] = job
            self._book(job, "reserved", job.reserved_bytes)

    def get(self, job_id: str) -> Job:
        _demand("ledger", available=self.available)
        if job_id not in self.rows:
            raise UnknownJob(f"there is no job {job_id!r}", {"job_id": job_id})
        return self.rows[job_id]

    def jobs(self, account_id: str, limit: int, cursor: str | None = None) -> JobPage:
        _demand("ledger", available=self.available)
        mine = [job for job in self.rows.values() if job.account_id == account_id]
        mine.sort(key=lambda job: (job.created_at, job.job_id), reverse=True)
        cursors = [f"after-{job.job_id}" for job in mine]
        if cursor is not None and cursor not in cursors:
            raise InvalidParameter("cursor", cursor, "take the one of the page before")
        first = 0 if cursor is None else cursors.index(cursor) + 1
        stop = first + limit
        following = cursors[stop - 1] if stop < len(mine) else None
        return JobPage(jobs=tuple(mine[first:stop]), cursor=following)

    def settle(self, job: Job, delivery: Delivery, now: datetime) -> bool:
        update = {"status": "successful", "delivery": delivery, "finished_at": now}
        return self._end(job, update, "settled", delivery.output_bytes)

    def release(self, job: Job, reason: Reason, now: datetime) -> bool:
        return self._end(
            job, {"status": "failed", "reason": reason, "finished_at": now}, "released", 0
        )

    def dismiss(self, job: Job, now: datetime) -> bool:
        return self._end(job, {"status": "dismissed", "finished_at": now}, "released", 0)

    def balance(self, account_id: str, month: str) -> Balance:
        _demand("ledger", available=self.available)
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
        _demand("ledger", available=self.available)
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


@dataclass
class FakeWorkflow:
    """Executions by job id.

    Attributes:
        started: what each execution was given, first start only.
        stopped: ids of executions that were stopped.
    """

    available: bool = True
    started: dict[str, Work] = field(default_factory=dict)
    stopped: list[str] = field(default_factory=list)

    def start(self, work: Work) -> None:
        _demand("workflow", available=self.available)
        self.started.setdefault(work.job_id, work)

    def stop(self, job_id: str) -> None:
        _demand("workflow", available=self.available)
        if job_id in self.started and job_id not in self.stopped:
            self.stopped.append(job_id)


@dataclass
class FakeResults:
    """Objects and reports in memory.

    Attributes:
        objects: bytes by key.
        uploads: keys of uploads under way.
        reports: what workers left behind, by job id.
    """

    available: bool = True
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    reports: dict[str, Outcome | Reason] = field(default_factory=dict)

    def url(self, wanted: Download, lifetime_s: int) -> str:
        _demand("results", available=self.available)
        return f"https://results.test/{wanted.key}?lifetime_s={lifetime_s}"

    def size(self, key: str) -> int | None:
        _demand("results", available=self.available)
        return len(self.objects[key]) if key in self.objects else None

    def report(self, job_id: str) -> Outcome | Reason | None:
        _demand("results", available=self.available)
        return self.reports.get(job_id)

    def discard(self, job_id: str) -> None:
        _demand("results", available=self.available)
        of_job = result_key(job_id, "")
        self.uploads = [key for key in self.uploads if not key.startswith(of_job)]


@dataclass
class FakeUploads:
    """Multipart uploads whose objects appear in a store.

    Attributes:
        store: where they appear.
        parts: of uploads under way, by upload id: number -> content.
        keys: of all uploads ever begun, by upload id.
        least_bytes: of a part that is not the last.
    """

    store: ObjectStore
    available: bool = True
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    least_bytes: int = LEAST_UPLOAD_BYTES
    lock: Lock = field(default_factory=Lock)

    def begin(self, key: str, media_type: str) -> str:
        del media_type
        _demand("results store", available=self.available)
        with self.lock:
            upload_id = f"upload-{len(self.keys) + 1}"
            self.keys[upload_id], self.parts[upload_id] = key, {}
        return upload_id

    def put(self, upload: Upload, number: int, content: Buffer) -> str:
        held = bytes(content)
        self._under_way(upload)[number] = held
        return sha256(held).hexdigest()

    def complete(self, upload: Upload, etags: Mapping[int, str]) -> None:
        parts = self._under_way(upload)
        for number, etag in etags.items():
            if number not in parts or sha256(parts[number]).hexdigest() != etag:
                raise RuntimeError(f"part {number} was not uploaded")
            if len(parts[number]) < self.least_bytes and number != max(etags):
                raise RuntimeError(f"part {number} has {len(parts[number])} bytes")
        self.store.put(upload.key, b"".join(parts[number] for number in sorted(etags)))
        del self.parts[upload.upload_id]

    def abort(self, upload: Upload) -> None:
        _demand("results store", available=self.available)
        self.parts.pop(upload.upload_id, None)

    def _under_way(self, upload: Upload) -> dict[int, bytes]:
        _demand("results store", available=self.available)
        if self.keys.get(upload.upload_id) != upload.key or upload.upload_id not in self.parts:
            raise UploadGone(f"the upload of {upload.key!r} has ended", {"key": upload.key})
        return self.parts[upload.upload_id]
