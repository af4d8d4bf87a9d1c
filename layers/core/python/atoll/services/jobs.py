"""What an account may do with its jobs."""

from dataclasses import dataclass, replace

from atoll.admission.entitlement import demand_ordering
from atoll.errors import JobAlreadyEnded, ResultNotReady, UnknownJob, shorten
from atoll.model.job import ENDED, Account, Delivery, Job
from atoll.ports import Ports
from atoll.services.aftermath import after_end
from atoll.services.completion import clear_away
from atoll.services.submit import Order, Placement, submit


def own_job(job_id: str, account: Account, ports: Ports) -> Job:
    """One of the account's jobs.

    Raises:
        UnknownJob: there is none, or it is another's: in the same words.
    """
    try:
        job = ports.ledger.get(job_id)
    except UnknownJob:
        raise _unknown(job_id) from None
    if job.account_id != account.account_id:
        raise _unknown(job_id)
    return job


def dismiss_job(job_id: str, account: Account, ports: Ports) -> Job:
    """Cancel a job that waits or runs: first in the ledger, then its execution and its result.

    What a worker writes that outlives its execution the bucket's lifecycle removes.

    Raises:
        UnknownJob: see `own_job`.
        JobAlreadyEnded: it has ended, now or before.
        NotAuthenticated, NotEntitled: see `demand_ordering`.
    """
    demand_ordering(account)
    job = own_job(job_id, account, ports)
    dismissed = job.status not in ENDED and ports.ledger.dismiss(job, ports.now())
    job = ports.ledger.get(job_id)
    if job.status == "dismissed":
        # Also for one that was dismissed before: its execution may have outlived that.
        ports.workflow.stop(job_id)
        after_end(job, ports.ends)
        clear_away(job, ports.results)
    if not dismissed:
        raise JobAlreadyEnded(
            f"Job {job_id} is {job.status}; only an accepted or running job can be cancelled.",
            {"parameter": "job_id", "value": job_id, "status": job.status},
        )
    return job


def relabel_job(job_id: str, label: str | None, account: Account, ports: Ports) -> Job:
    """Give a job another label, or none; it may have ended.

    Raises:
        UnknownJob: see `own_job`.
        NotAuthenticated, NotEntitled: see `demand_ordering`.
    """
    demand_ordering(account)
    return ports.ledger.relabel(own_job(job_id, account, ports), label)


def resubmit_job(job_id: str, account: Account, placement: Placement, ports: Ports) -> Order:
    """Order the same once more: of `main`, where that was asked for, as it is now.

    Args:
        job_id: of the order that is repeated, which may have ended.
        account: who orders.
        placement: of the new order; label and subscriber are those of the old one.
        ports: everything impure.

    Raises:
        UnknownJob: see `own_job`.
        BrokerError: see `submit`.
    """
    job = own_job(job_id, account, ports)
    placed = replace(placement, label=job.label, subscriber=job.subscriber)
    return submit(job.request, account, placed, ports)


@dataclass(frozen=True, slots=True)
class Result:
    """A delivery and addresses made for this answer alone.

    Attributes:
        manifest_url: of the delivery's manifest; None = it has none.
    """

    delivery: Delivery
    url: str
    url_lifetime_s: int
    manifest_url: str | None


def fetch_results(job: Job, ports: Ports) -> tuple[Result, ...]:
    """Mint an address for each file of the job's result, and one for its manifest.

    Raises:
        ResultNotReady: the job has none: not yet, not any more, or it failed.
    """
    facts = {"parameter": "job_id", "value": job.job_id, "status": job.status}
    if job.reason is not None:
        raise ResultNotReady(f"The job failed: {job.reason.detail}", facts | job.reason.facts)
    if not job.deliveries:
        raise ResultNotReady(f"The job is {job.status}; it has no result.", facts)
    left_s = int((job.expires_at - ports.now()).total_seconds())
    if left_s <= 0:
        raise ResultNotReady("The result has expired; order it again.", facts)
    lifetime_s = min(left_s, ports.limits.url_lifetime_s)
    return tuple(_result(delivery, lifetime_s, ports) for delivery in job.deliveries)


def _result(delivery: Delivery, lifetime_s: int, ports: Ports) -> Result:
    manifest = delivery.manifest
    return Result(
        delivery=delivery,
        url=ports.results.url(delivery, lifetime_s),
        url_lifetime_s=lifetime_s,
        manifest_url=ports.results.url(manifest, lifetime_s) if manifest else None,
    )


def _unknown(job_id: str) -> UnknownJob:
    return UnknownJob(
        f"job_id: this account has no job {shorten(job_id)}.",
        {"parameter": "job_id", "value": shorten(job_id)},
    )
