"""One line of the ledger: what happened to an order's bytes, and all that accounts need of it."""

from datetime import UTC, datetime
from typing import Literal, Self

from atoll.errors import WorkerLost
from atoll.model.extent import Extent
from atoll.model.job import Job, JobStatus, Origin, Tier
from atoll.model.request import Format
from atoll.model.value import Value

type Kind = Literal["reserved", "settled", "released"]


class Entry(Value):
    """A line; it never changes. An order has one when it is admitted and one when it ends.

    It outlives its job, so it says everything itself, but for the unit: a ledger is one unit's.
    Of what MOTU logs it lacks the five times of input and output, because our workers read,
    encode and upload at the same time, and where the file lay on the server's own disk.

    Attributes:
        kind: what happened to the bytes.
        status: of the job, from then on.
        at: when: of the last line of a job its end.
        created_at: when it was ordered.
        started_at: when its extraction began; None = it has none of its own.
        profiles: of the account, when it ordered.
        origin: the door, the caller's program, and its address where the operator keeps that.
        variables: those that are read.
        extent: bounds delivered.
        reserved_bytes: what was held for the result: its size, uncompressed.
        settled_bytes: of the files delivered.
        read_bytes, chunks: of the source, decoded; 0 of an extraction that another job made.
        result_keys: of the files, in the results bucket; each name's end is the file's.
        code, detail: why it failed.
        leader: job that made the extraction for this one too.
    """

    job_id: str
    account_id: str
    kind: Kind
    status: JobStatus
    at: datetime
    created_at: datetime
    started_at: datetime | None = None
    profiles: tuple[str, ...] = ()
    origin: Origin = Origin()
    dataset: str
    revision: str
    variables: tuple[str, ...]
    format: Format
    extent: Extent | None = None
    tier: Tier
    reserved_bytes: int
    settled_bytes: int = 0
    read_bytes: int = 0
    chunks: int = 0
    files: int = 1
    result_keys: tuple[str, ...] = ()
    code: str | None = None
    detail: str | None = None
    leader: str | None = None
    label: str | None = None
    correlation_id: str

    @classmethod
    def of(cls, job: Job, kind: Kind, at: datetime) -> Self:
        """The line that says what becomes of a job.

        Args:
            job: as it is from then on; one that ends with its deliveries, or the reason.
            kind: what happens to its bytes.
            at: when.
        """
        plan, reason = job.plan, job.reason
        return cls(
            job_id=job.job_id,
            account_id=job.account_id,
            kind=kind,
            status=job.status,
            at=at,
            created_at=job.created_at,
            started_at=job.started_at,
            profiles=job.profiles,
            origin=job.origin,
            dataset=plan.dataset,
            revision=plan.revision,
            variables=tuple(variable.name for variable in plan.variables),
            format=plan.format,
            extent=job.extent,
            tier=job.tier,
            reserved_bytes=job.reserved_bytes,
            settled_bytes=sum(one.output_bytes for one in job.deliveries),
            read_bytes=0 if job.leader else plan.read_bytes,
            chunks=0 if job.leader else plan.chunks,
            files=job.files,
            result_keys=tuple(one.key for one in job.deliveries),
            code=reason.code if reason else None,
            detail=reason.detail if reason else None,
            leader=job.leader,
            label=job.label,
            correlation_id=job.correlation_id,
        )

    def lost(self, now: datetime) -> Self:
        """The last line of a job whose row is lost, after this one that reserved its bytes."""
        detail = "The job was lost; please order again."
        said = {"kind": "released", "status": "failed", "at": now}
        return self.model_copy(update={**said, "code": WorkerLost.code(), "detail": detail})

    @property
    def entry_id(self) -> str:
        """Of a kind a job has one line at most; an account's lines stand month by month."""
        return f"{self.month}#{self.job_id}#{self.kind}"

    @property
    def month(self) -> str:
        """The month that the bytes count in, `YYYY-MM` (UTC): that of the order, for good."""
        return self.created_at.astimezone(UTC).strftime("%Y-%m")

    @property
    def day(self) -> str:
        """The day of the line itself, `YYYY-MM-DD` (UTC)."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%d")

    @property
    def anonymous(self) -> bool:
        """Whether nobody had signed in."""
        return not self.account_id

    @property
    def waited_s(self) -> float:
        """From the order to the beginning of the extraction; without one, to the end."""
        return _between_s(self.created_at, self.started_at or self.at)

    @property
    def ran_s(self) -> float:
        """From the beginning of the extraction to the end; 0 = it had none of its own."""
        return _between_s(self.started_at or self.at, self.at)

    @property
    def total_s(self) -> float:
        """From the order to the end."""
        return _between_s(self.created_at, self.at)


def _between_s(earlier: datetime, later: datetime) -> float:
    """Seconds; never less than 0, though two machines' clocks may say so."""
    return max(0.0, (later - earlier).total_seconds())
