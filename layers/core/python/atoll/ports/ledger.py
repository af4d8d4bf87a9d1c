"""Jobs, from their admission to their end."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from atoll.model.entry import Entry
from atoll.model.job import Delivery, Job, JobStatus, Reason
from atoll.model.policy import Allowance
from atoll.model.value import Value

# Why a job was not admitted:
#   repeated  it is there already
#   key       another job was ordered with the same key
#   quota     its bytes are more than the account has left this month
#   waiting   the account has as many jobs waiting in this tier as it may
#   running   the account has as many jobs running in this tier as it may
#   slot      the slot is another's
#   share     another leads the same extraction, or the leader to follow has ended in vain
type Hindrance = Literal["repeated", "key", "quota", "waiting", "running", "slot", "share"]


UNLIMITED = Allowance()


@dataclass(frozen=True, slots=True)
class Terms:
    """What must hold when a job is admitted.

    Attributes:
        allowance: of its account.
        key: of the order, chosen by the caller: a second order with it is not admitted.
        retried: job that was ordered with the key and refused; None = there is none.
        instead_of: job that leads the same extraction and is of no use any more; None = there
            is none.
        shares: False = it neither follows a job that makes the same, nor may be followed.
    """

    allowance: Allowance = UNLIMITED
    key: str | None = None
    retried: str | None = None
    instead_of: str | None = None
    shares: bool = True


NO_TERMS = Terms()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of an account's jobs, and from where.

    Attributes:
        limit: how many, at most.
        cursor: of the page before; None = from the newest on.
        status, dataset, label: only those; empty = all.
    """

    limit: int
    cursor: str | None = None
    status: frozenset[JobStatus] = frozenset()
    dataset: str = ""
    label: str = ""


class JobPage(Value):
    """Some jobs, newest first, and where to go on.

    Attributes:
        cursor: for the next page; None = this was the last.
    """

    jobs: tuple[Job, ...]
    cursor: str | None = None


class Ledger(Protocol):
    """Jobs and the bytes they cost. Job, balance, counters, slot and entry change together."""

    def admit(self, job: Job, terms: Terms = NO_TERMS) -> frozenset[Hindrance]:
        """Write the job as `accepted` and reserve its bytes, or change nothing at all.

        A job with a slot holds it from now on; one with a leader follows it; any other waits.

        Args:
            job: a new one.
            terms: what must hold in the same step.

        Returns:
            What did not hold; empty = everything was written.

        Raises:
            Unavailable: the store did not answer; the job may have been written.
        """
        ...

    def get(self, job_id: str) -> Job:
        """One job.

        Raises:
            UnknownJob: there is none.
        """
        ...

    def jobs(self, account_id: str, wanted: Wanted) -> JobPage:
        """An account's jobs, newest first.

        Raises:
            InvalidParameter: the cursor is not one that was given out.
        """
        ...

    def settle(
        self,
        job: Job,
        deliveries: tuple[Delivery, ...],
        now: datetime,
        until: datetime | None = None,
    ) -> bool:
        """End the job as `successful`; reserved bytes become settled bytes.

        Args:
            job: as it was read; whether it has ended since is found out in the same step.
            deliveries: what was made; their bytes together are settled.
            now: when.
            until: when it is forgotten; None = a whole lifetime from now on.

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

    def forfeit(self, entry: Entry, now: datetime) -> bool:
        """Free the bytes that were reserved for a job whose row is lost, with a last line.

        Args:
            entry: the line that says what was reserved.
            now: when.

        Returns:
            False where the job is there, or has ended; nothing was changed.
        """
        ...

    def relabel(self, job: Job, label: str | None) -> Job:
        """Give the job another label, or none; it may have ended.

        Raises:
            UnknownJob: it is not there any more.
        """
        ...

    def promote(self, job: Job, now: datetime) -> bool:
        """Let a follower lead: it waits for a slot of its own, and others may follow it.

        Args:
            job: a follower, as it was read; its leader has ended without a result.
            now: when.

        Returns:
            False where another leads already, or the job has ended; nothing was changed.
        """
        ...

    def follow(self, job: Job, leader: str) -> bool:
        """Let a follower wait for another leader.

        Returns:
            False where the job has ended, or follows nobody any more; nothing was changed.
        """
        ...

    def leader(self, fingerprint: str) -> str | None:
        """Id of the job whose extraction others may share; None = there is none."""
        ...

    def followers(self, fingerprint: str) -> list[str]:
        """Ids of the jobs that wait for the extraction of another."""
        ...

    def keyed(self, account_id: str, key: str) -> str | None:
        """Id of the job that the account has ordered with this key; None = there is none."""
        ...
