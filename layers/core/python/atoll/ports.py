"""Everything impure that a use case needs, as the role it plays. No technology is named here."""

from collections.abc import Buffer, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from atoll.admission.decide import Limits
from atoll.model.coverage import Coverage
from atoll.model.job import Delivery, Download, Job, Outcome, Reason, Work
from atoll.model.parts import Upload
from atoll.model.value import Value


class DatasetEntry(Value):
    """One line of the catalogue: which revision is `main`, and who may order it.

    Attributes:
        profiles: None = public.
    """

    dataset: str
    title: str
    revision: str
    profiles: tuple[str, ...] | None
    updated_at: str


class Catalogue(Protocol):
    """The datasets of one dissemination unit."""

    def entries(self) -> list[DatasetEntry]:
        """All datasets, sorted by id."""
        ...

    def entry(self, dataset: str) -> DatasetEntry:
        """The line of one dataset, as it is now.

        Raises:
            UnknownDataset: there is none.
            Unavailable: the store did not answer.
        """
        ...

    def describe(self, dataset: str, revision: str) -> Coverage:
        """The description of one revision, which never changes (`main` is not one).

        Raises:
            UnknownDataset: there is no such dataset or revision.
            Unavailable: the store did not answer.
        """
        ...

    def publish(self, coverage: Coverage) -> None:
        """Keep this description for ever and make it `main`. The same again changes nothing."""
        ...


class JobPage(Value):
    """Some jobs, newest first, and where to go on.

    Attributes:
        cursor: for the next page; None = this was the last.
    """

    jobs: tuple[Job, ...]
    cursor: str | None = None


class Balance(Value):
    """Bytes of one account in one month.

    Attributes:
        reserved_bytes: of jobs under way.
        settled_bytes: delivered.
    """

    reserved_bytes: int = 0
    settled_bytes: int = 0


class Ledger(Protocol):
    """Jobs and the bytes they cost. Job row, balance and ledger entry change together or not."""

    def admit(self, job: Job) -> None:
        """Write the job as `accepted` and reserve its bytes. The same job again changes nothing."""
        ...

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            UnknownJob: there is none.
        """
        ...

    def jobs(self, account_id: str, limit: int, cursor: str | None = None) -> JobPage:
        """An account's jobs, newest first.

        Raises:
            InvalidParameter: the cursor is not one that was given out.
        """
        ...

    def settle(self, job: Job, deliveries: tuple[Delivery, ...], now: datetime) -> bool:
        """End the job as `successful`; reserved bytes become settled bytes.

        Args:
            job: as it was read; whether it has ended since is found out in the same step.
            deliveries: what was made; their bytes together are settled.
            now: when.

        Returns:
            False where the job had ended before, or is not there; then nothing was changed.
        """
        ...

    def release(self, job: Job, reason: Reason, now: datetime) -> bool:
        """End the job as `failed`; its reserved bytes are free; otherwise as settle."""
        ...

    def dismiss(self, job: Job, now: datetime) -> bool:
        """End the job as `dismissed`; its reserved bytes are free; otherwise as settle."""
        ...

    def balance(self, account_id: str, month: str) -> Balance:
        """What an account has reserved and settled in a month, `YYYY-MM`."""
        ...


class Workflow(Protocol):
    """What carries jobs out."""

    def start(self, work: Work) -> None:
        """Start the job's execution. Once started, starting it again changes nothing.

        Raises:
            Unavailable: it could not be started; nothing runs.
        """
        ...

    def stop(self, job_id: str) -> None:
        """Stop the job's execution, if it runs."""
        ...


class Results(Protocol):
    """Where results lie until they expire."""

    def url(self, wanted: Download, lifetime_s: int) -> str:
        """A new address that anyone may fetch the object from for `lifetime_s` seconds."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes of the object; None = there is none."""
        ...

    def report(self, job_id: str) -> tuple[Outcome, ...] | Reason | None:
        """What workers that cannot answer directly left behind; None = nothing."""
        ...

    def discard(self, job_id: str) -> None:
        """Abort every upload of the job's result that is under way; a finished result stays.

        Raises:
            Unavailable: the store did not answer.
        """
        ...


class Uploads(Protocol):
    """Multipart uploads into the results bucket, by many workers."""

    def begin(self, key: str, media_type: str) -> str:
        """Begin one; nothing is to be seen at `key` before it is completed.

        Returns:
            its upload id.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def put(self, upload: Upload, number: int, content: Buffer) -> str:
        """Upload one part; the same number again replaces it.

        Args:
            upload: begun before.
            number: 1 to 10,000; the object is its parts in this order.
            content: `LEAST_UPLOAD_BYTES` or more, but for the last part.

        Returns:
            the part's etag.

        Raises:
            UploadGone: it was completed or aborted.
            Unavailable: the store did not answer.
        """
        ...

    def complete(self, upload: Upload, etags: Mapping[int, str]) -> None:
        """Make the object appear, out of parts: number -> etag.

        Raises:
            UploadGone: it was completed or aborted before.
            Unavailable: the store did not answer.
        """
        ...

    def abort(self, upload: Upload) -> None:
        """Forget it and its parts. One that is gone already is left so.

        Raises:
            Unavailable: the store did not answer.
        """
        ...


@dataclass(frozen=True, slots=True)
class Ports:
    """One record of everything impure: real in production, fakes with state in tests."""

    catalogue: Catalogue
    ledger: Ledger
    workflow: Workflow
    results: Results
    limits: Limits
    now: Callable[[], datetime]
    new_id: Callable[[], str]
