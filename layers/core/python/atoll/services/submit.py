"""Order: what is quoted is reserved, and started or left to wait. The way that every door takes."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from zlib import crc32

from atoll.admission.allowance import allowance_of
from atoll.admission.entitlement import demand_ordering
from atoll.admission.queue import free_slots
from atoll.admission.quota import quota_exceeded, too_many_jobs
from atoll.errors import (
    BrokerError,
    KeyReused,
    QuotaExceeded,
    TooManyJobs,
    Unavailable,
    UnknownJob,
)
from atoll.model.job import ENDED, Account, Job, Origin, Reason
from atoll.model.offer import Offer
from atoll.model.policy import Policy
from atoll.model.request import SubsetRequest
from atoll.model.subscriber import Subscriber
from atoll.planning.extent import delivered
from atoll.planning.fingerprint import fingerprint
from atoll.ports import Hindrance, Ports, Terms
from atoll.services.aftermath import after_end
from atoll.services.dispatch import dispatch, start_job
from atoll.services.quoting import honoured
from atoll.services.rates import count_request
from atoll.services.sharing import end_follower, is_worth_following, known
from atoll.services.subset import Quote, quote

# Each look finds what the one before did not: a slot taken, a leader that has ended.
LOOKS = 6
UNKNOWN = Origin()
NOT_STARTED = "The job could not be started."


@dataclass(frozen=True, slots=True)
class Placement:
    """What comes with a request when it is an order.

    Attributes:
        correlation_id: one id from the request to the worker's log.
        key: the caller's own for this order: ordered again with it, it is the same order.
        label: the caller's own word for it.
        origin: see Origin.
        subscriber: whom to tell of its end.
        shares: False = it is made anew, whatever others have ordered or order meanwhile.
        offer: the quote that is taken up, of the same request; None = as things are now.
    """

    correlation_id: str
    key: str | None = None
    label: str | None = None
    origin: Origin = UNKNOWN
    subscriber: Subscriber | None = None
    shares: bool = True
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """An accepted job.

    Attributes:
        is_new: False where it was ordered before, with the same key.
    """

    job: Job
    is_new: bool = True


def submit(request: SubsetRequest, account: Account, placement: Placement, ports: Ports) -> Order:
    """Quote, reserve and start; or leave the job to wait for a slot, or for another's result.

    Raises:
        NotAuthenticated, NotEntitled: see `demand_ordering`.
        TooManyRequests: see `count_request`.
        Refused: the first of the quote's refusals.
        QuotaExceeded, TooManyJobs: the account has no room for it.
        KeyReused: the key stands for another order.
        QuoteInvalid: see `honoured`.
        Unavailable: the execution could not be started; the reservation is released.
        UnknownDataset, InvalidRequest: as `quote`.
    """
    demand_ordering(account)
    count_request(account, ports)
    try:
        quoted = _acceptable(request, account, placement, ports)
    except Unavailable:
        raise
    except BrokerError:
        # What was ordered once is that order, though it would be refused by now.
        before = _ordered_before(account.account_id, placement.key, ports)
        if before is None or before.request != request or _was_refused(before):
            raise
        return Order(before, is_new=False)
    return _placed(request, account, placement, quoted, ports)


def _acceptable(
    request: SubsetRequest, account: Account, placement: Placement, ports: Ports
) -> Quote:
    quoted = quote(request, account, ports)
    for refusal in quoted.decision.refusals:
        raise refusal
    return quoted if placement.offer is None else honoured(placement.offer, quoted, ports.now())


def _placed(
    request: SubsetRequest, account: Account, placement: Placement, quoted: Quote, ports: Ports
) -> Order:
    """Admit and start what was quoted."""
    policy = ports.policies.current().policy
    job = _job(request, account, placement, quoted, ports)
    allowance = allowance_of(policy, account.profiles)
    terms = Terms(allowance, placement.key, shares=placement.shares)
    try:
        admitted = _admitted(job, terms, policy, ports)
        if admitted.job_id == job.job_id:
            admitted = _begun(admitted, ports)
    except (QuotaExceeded, TooManyJobs, KeyReused):
        raise  # nothing was written
    except Exception as fault:
        _abandon(job, fault, ports)
        raise
    return Order(admitted, is_new=admitted.job_id == job.job_id)


def _admitted(job: Job, terms: Terms, policy: Policy, ports: Ports) -> Job:
    """The job as it was admitted; or the one that was ordered before, with the same key."""
    free = free_slots(ports.queue.held(), policy.queue, job.tier)
    # Any of them will do; that it has been taken since is found out in the same step.
    number = free[crc32(job.job_id.encode()) % len(free)] if free else None
    wanted = job.model_copy(update={"slot": number})
    for _ in range(LOOKS):
        hindrances = ports.ledger.admit(wanted, terms)
        if not hindrances:
            return wanted
        if "repeated" in hindrances:
            return ports.ledger.get(job.job_id)
        if "key" in hindrances:
            before = _same_order(job, terms.key, ports)
            if not _was_refused(before):
                return before
            terms = replace(terms, retried=before.job_id)
            continue
        _demand_room(job, terms, hindrances)
        if "share" in hindrances:
            wanted, terms = _shared(wanted, terms, ports)
        elif wanted.slot is not None:
            wanted = wanted.model_copy(update={"slot": None})
    raise Unavailable("Too many equal orders at once; try again in a moment.")


def _demand_room(job: Job, terms: Terms, hindrances: frozenset[Hindrance]) -> None:
    allowance = terms.allowance
    if "quota" in hindrances:
        raise quota_exceeded(job.reserved_bytes, allowance.bytes_per_month or 0)
    if "waiting" in hindrances and "share" not in hindrances:
        raise too_many_jobs(job.tier, allowance.waiting.of(job.tier) or 0)


def _same_order(job: Job, key: str | None, ports: Ports) -> Job:
    """The job that was ordered with the key before."""
    found = _ordered_before(job.account_id, key, ports)
    if found is None:
        raise Unavailable("The order of that key has just been forgotten; try again.")
    if found.request != job.request:
        raise KeyReused(
            "Idempotency-Key: this key stands for another order of the last day; use a new one.",
            {"parameter": "Idempotency-Key", "job_id": found.job_id},
        )
    return found


def _was_refused(before: Job) -> bool:
    """Its caller was told to try again, and does so: with the same key, as is right."""
    failed = before.reason is not None and before.reason.detail == NOT_STARTED
    return failed and before.leader is None


def _ordered_before(account_id: str, key: str | None, ports: Ports) -> Job | None:
    before = ports.ledger.keyed(account_id, key) if key else None
    try:
        return ports.ledger.get(before) if before else None
    except UnknownJob:
        return None


def _shared(job: Job, terms: Terms, ports: Ports) -> tuple[Job, Terms]:
    """The job as a follower of the one that leads; or as its successor, if that is of no use."""
    leads = ports.ledger.leader(job.fingerprint)
    leader = known(leads, ports.ends)
    if leader is not None and is_worth_following(leader, job):
        return job.model_copy(update={"leader": leader.job_id, "slot": None}), terms
    # Instead of the one that was looked at: another may lead since, and is to be followed.
    return job.model_copy(update={"leader": None}), replace(terms, instead_of=leads)


def _begun(job: Job, ports: Ports) -> Job:
    """Let an admitted job begin, where it can."""
    if job.slot is not None:
        start_job(job, ports.ends)
        return job
    with suppress(Unavailable):  # it is admitted: what cannot be done now is done in a minute
        if job.leader is not None:
            leader = ports.ledger.get(job.leader)
            if leader.status not in ENDED:
                return job
            end_follower(job, leader, ports.ends)
        dispatch(ports.ends, (job.tier,))
        return ports.ledger.get(job.job_id)
    return job


def _job(
    request: SubsetRequest, account: Account, placement: Placement, quoted: Quote, ports: Ports
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
        correlation_id=placement.correlation_id,
        profiles=account.profiles,
        origin=placement.origin,
        label=placement.label,
        subscriber=placement.subscriber,
        extent=delivered(quoted.plan, quoted.coverage),
    )


def _abandon(job: Job, fault: Exception, ports: Ports) -> None:
    """Free what may have been reserved: an answer that is lost may still have been a yes."""
    code = fault.code() if isinstance(fault, BrokerError) else "internal-error"
    reason = Reason(code=code, detail=NOT_STARTED)
    with suppress(Unavailable):
        if ports.ledger.release(job, reason, ports.now()):
            with suppress(Unavailable):
                # A start whose answer was lost may have started it: it has no slot any more.
                ports.workflow.stop(job.job_id)
            after_end(ports.ledger.get(job.job_id), ports.ends)
