"""Quote and order: the way that every door takes."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from atoll.admission.decide import Decision, decide
from atoll.admission.entitlement import demand_ordering
from atoll.errors import BrokerError, Unavailable
from atoll.model.coverage import Coverage
from atoll.model.job import Account, Job, Reason, Work
from atoll.model.plan import SubsetPlan
from atoll.model.request import SubsetRequest
from atoll.planning.fingerprint import fingerprint
from atoll.planning.subset import plan_subset
from atoll.ports import Ports
from atoll.services.datasets import describe_dataset


@dataclass(frozen=True, slots=True)
class Quote:
    """What an order would read, cost and meet; nothing was changed to learn it."""

    coverage: Coverage
    plan: SubsetPlan
    decision: Decision


def quote(request: SubsetRequest, account: Account, ports: Ports) -> Quote:
    """Plan and decide. This is the dry run.

    Raises:
        UnknownDataset: see `describe_dataset`.
        InvalidRequest: the request cannot be planned.
    """
    coverage = describe_dataset(request.dataset, request.revision, account, ports)
    plan = plan_subset(request, coverage)
    return Quote(coverage, plan, decide(plan, coverage, ports.limits))


@dataclass(frozen=True, slots=True)
class Order:
    """An accepted job and the description it was planned on."""

    job: Job
    coverage: Coverage


def submit(request: SubsetRequest, account: Account, correlation_id: str, ports: Ports) -> Order:
    """Quote, reserve and start.

    Raises:
        NotAuthenticated, NotEntitled: see `demand_ordering`.
        Refused: the first of the quote's refusals.
        Unavailable: the execution could not be started; the reservation is released.
        UnknownDataset, InvalidRequest: as `quote`.
    """
    demand_ordering(account)
    quoted = quote(request, account, ports)
    for refusal in quoted.decision.refusals:
        raise refusal
    job = _job(request, account, correlation_id, quoted, ports)
    try:
        ports.ledger.admit(job)
        ports.workflow.start(Work.of(job))
    except Exception as fault:
        _abandon(job, fault, ports)
        raise
    return Order(job, quoted.coverage)


def _job(
    request: SubsetRequest, account: Account, correlation_id: str, quoted: Quote, ports: Ports
) -> Job:
    now = ports.now()
    return Job(
        job_id=ports.new_id(),
        account_id=account.account_id,
        request=request,
        plan=quoted.plan,
        fingerprint=fingerprint(quoted.plan),
        tier=quoted.decision.tier,
        files=quoted.decision.files,
        status="accepted",
        created_at=now,
        expires_at=now + timedelta(seconds=ports.limits.result_lifetime_s),
        reserved_bytes=quoted.decision.cost_bytes,
        correlation_id=correlation_id,
    )


def _abandon(job: Job, fault: Exception, ports: Ports) -> None:
    """Free what may have been reserved: an answer that is lost may still have been a yes."""
    code = fault.code() if isinstance(fault, BrokerError) else "internal-error"
    reason = Reason(code=code, detail="The job could not be started.")
    with suppress(Unavailable):
        ports.ledger.release(job, reason, ports.now())
