"""An order on its way, and who placed it."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from atoll.errors import Fact
from atoll.model.extent import Extent
from atoll.model.plan import SubsetPlan
from atoll.model.request import SubsetRequest
from atoll.model.subscriber import Subscriber
from atoll.model.value import Value

type Tier = Literal["small", "medium", "big"]
type JobStatus = Literal["accepted", "running", "successful", "failed", "dismissed"]

MANIFEST_TYPE = "application/json"
ENDED: frozenset[JobStatus] = frozenset({"successful", "failed", "dismissed"})


class Account(Value):
    """Who is asking.

    Attributes:
        account_id: the identity provider's subject; empty = nobody has signed in.
        profiles: groups of the identity provider.
        may_order: False where the token was made for reading only.
    """

    account_id: str
    profiles: tuple[str, ...] = ()
    may_order: bool = True


ANONYMOUS = Account(account_id="")
# Who has not signed in, at the doors that serve such: one account for all of them, which has a
# quota like any other.
GUEST = Account(account_id="anonymous", profiles=("anonymous",))


class Origin(Value):
    """Where an order came from.

    Attributes:
        door: e.g. `rest`.
        host: address of the caller; empty where the operator does not keep it.
        agent: what the caller's program says it is.
    """

    door: str = "rest"
    host: str = ""
    agent: str = ""


class Outcome(Value):
    """What an extraction made.

    Attributes:
        key: of the object in the results bucket.
        output_bytes: size of the object.
        sha256: of the object, hexadecimal.
        cells_with_data: of all data variables, cells that are not fill.
        manifest_key: of the object that tells where the keys of a store lie in it; None = it is
            no store.
    """

    key: str
    output_bytes: int
    sha256: str
    cells_with_data: int
    manifest_key: str | None = None


class Download(Value):
    """An object of the results bucket that can be fetched.

    Attributes:
        key: of the object.
        media_type: e.g. `application/x-netcdf`.
        file_name: proposed to the user.
    """

    key: str
    media_type: str
    file_name: str


class Delivery(Download):
    """A result that can be fetched.

    Attributes:
        output_bytes, sha256, cells_with_data, manifest_key: see Outcome.
    """

    output_bytes: int
    sha256: str
    cells_with_data: int
    manifest_key: str | None = None

    @property
    def manifest(self) -> Download | None:
        """What tells where the keys of a store lie in it; None = it is no store."""
        if self.manifest_key is None:
            return None
        return Download(
            key=self.manifest_key,
            media_type=MANIFEST_TYPE,
            file_name=manifest_beside(self.file_name),
        )


class Reason(Value):
    """Why a job failed: an error's code, detail and facts."""

    code: str
    detail: str
    facts: dict[str, Fact] = Field(default_factory=dict)


class Report(Value):
    """What a worker leaves at `report_key`: outcomes, or the reason why there are none.

    Attributes:
        outcomes: one for each file of the result, in order.
    """

    outcomes: tuple[Outcome, ...] = ()
    reason: Reason | None = None


class Job(Value):
    """One order.

    Attributes:
        job_id: also the name of its execution.
        files: how many the result is made of; several follow each other along time.
        reserved_bytes: held against the account until the job ends.
        correlation_id: one id from the request to the worker's log.
        expires_at: when the job and its result are forgotten.
        deliveries: the files, in order; none before the job has succeeded.
        profiles: of the account, when it ordered.
        origin: see Origin.
        extent: bounds that are delivered.
        subscriber: whom to tell of its end.
        slot: that it holds; None = it waits, follows a leader, or has ended.
        leader: job whose extraction it waits for, or was served from; None = its own.
        label: the user's own word for it.
    """

    job_id: str
    account_id: str
    request: SubsetRequest
    plan: SubsetPlan
    fingerprint: str
    tier: Tier
    files: int = 1
    status: JobStatus
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    expires_at: datetime
    reserved_bytes: int
    correlation_id: str
    deliveries: tuple[Delivery, ...] = ()
    reason: Reason | None = None
    profiles: tuple[str, ...] = ()
    origin: Origin = Origin()
    extent: Extent | None = None
    subscriber: Subscriber | None = None
    slot: int | None = None
    leader: str | None = None
    label: str | None = None


class Work(Value):
    """What an execution is given, and an extractor needs: no table is read on the way.

    Attributes:
        files: see Job.
    """

    job_id: str
    correlation_id: str
    tier: Tier
    request: SubsetRequest
    plan: SubsetPlan
    files: int = 1

    @classmethod
    def of(cls, job: Job) -> Self:
        """The work of a job."""
        return cls(
            job_id=job.job_id,
            correlation_id=job.correlation_id,
            tier=job.tier,
            request=job.request,
            plan=job.plan,
            files=job.files,
        )


def result_key(job_id: str, file_name: str) -> str:
    """Where a job's result lies in the results bucket."""
    return f"results/{job_id}/{file_name}"


def manifest_beside(result: str) -> str:
    """Where a store's manifest lies: `winds.zarr.json` beside `winds.zarr.zip`.

    Args:
        result: key or name of the store's object.
    """
    return f"{result.removesuffix('.zip')}.json"


def report_key(job_id: str) -> str:
    """Where workers that cannot answer directly leave all outcomes, or the reason for none."""
    return f"reports/{job_id}.json"
