"""How a job does: how far it is, what holds it, when it may end."""

from dataclasses import dataclass, replace
from datetime import datetime

from atoll.admission.allowance import allowance_of
from atoll.admission.estimates import Estimate, Pending, estimate
from atoll.admission.queue import CLAIMED, SHARES, Place, place
from atoll.errors import UnknownJob
from atoll.model.job import ENDED, Job
from atoll.model.parts import Progress
from atoll.model.policy import Allowance
from atoll.model.queue import Waiting
from atoll.model.request import IN_PARTS
from atoll.ports import Ports
from atoll.services.history import History


@dataclass(frozen=True, slots=True)
class Explanation:
    """A job, explained at one moment.

    Attributes:
        percent: how far it is; None = it ended without a result.
        progress: of a result that many make; None = one makes it, or it is not begun.
        place: while it waits.
        expected: None = it has ended, or too little is known.
        at: when.
    """

    at: datetime
    percent: int | None = None
    progress: Progress | None = None
    place: Place | None = None
    expected: Estimate | None = None


def explain(job: Job, ports: Ports, history: History) -> Explanation:
    """Explain a job; one that has ended needs no look at anything.

    Raises:
        Unavailable: a part did not answer.
    """
    now = ports.now()
    if job.status in ENDED:
        return Explanation(now, percent=100 if job.status == "successful" else None)
    if job.leader is None:
        return _own(job, now, ports, history)
    try:
        leader = ports.ledger.get(job.leader)
    except UnknownJob:
        return Explanation(now, 0, place=SHARES)
    # What it is waiting for is the other's extraction.
    found = explain(leader, ports, history)
    return replace(found, percent=found.percent or 0, place=SHARES)


def _own(job: Job, now: datetime, ports: Ports, history: History) -> Explanation:
    """A job that is made for itself, or will be."""
    expected = estimate(_pending(job, now), history.past())
    if job.status == "accepted":
        stands = CLAIMED if job.slot is not None else _place(job, ports)
        return Explanation(now, 0, place=stands, expected=expected)
    progress = ports.results.progress(job.job_id) if _is_in_parts(job) else None
    percent = progress.percent(job.files) if progress else 0
    return Explanation(now, percent, progress, expected=expected)


def _is_in_parts(job: Job) -> bool:
    return job.tier != "small" and job.plan.format in IN_PARTS


def _pending(job: Job, now: datetime) -> Pending:
    waited = (job.started_at or now) - job.created_at
    ran_s = None if job.started_at is None else (now - job.started_at).total_seconds()
    return Pending(job.tier, job.reserved_bytes, max(0.0, waited.total_seconds()), ran_s)


def _place(job: Job, ports: Ports) -> Place:
    policy = ports.policies.current().policy

    def allowances(profiles: tuple[str, ...]) -> Allowance:
        return allowance_of(policy, profiles)

    own = Waiting(
        job_id=job.job_id,
        account_id=job.account_id,
        tier=job.tier,
        since=job.created_at,
        profiles=job.profiles,
        work_bytes=job.reserved_bytes,
    )
    waiting, held = ports.queue.waiting(job.tier), ports.queue.held()
    return place(own, waiting, held, allowances, policy.queue)
