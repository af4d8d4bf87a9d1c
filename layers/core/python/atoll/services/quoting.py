"""What a quote says besides the plan: what is left of the quota, when, and a price that binds."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from atoll.admission.allowance import allowance_of
from atoll.admission.estimates import Estimate, Pending, estimate
from atoll.admission.queue import free_slots
from atoll.admission.quota import Quota, above_month, is_full, quota_of, too_many_jobs
from atoll.errors import Refused
from atoll.model.job import Account, Tier
from atoll.model.offer import Offer, quote_invalid, read_offer, write_offer
from atoll.model.policy import Allowance, Policy
from atoll.model.request import SubsetRequest
from atoll.planning.fingerprint import fingerprint
from atoll.ports import Ports
from atoll.services.history import History
from atoll.services.rates import count_request
from atoll.services.subset import Quote, quote

GOOD_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Token:
    """A quote to be taken up.

    Attributes:
        valid_until: at that price.
    """

    text: str
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote for an account, as things are now.

    Attributes:
        quoted: with every refusal, also those that an order finds when it is admitted.
        quota: of this month, before the order; None = there is none.
        expected: when an order would start and end; None = too little is known.
        token: None where it would be refused, or the request names too much for one.
        made_at: when.
    """

    quoted: Quote
    quota: Quota | None
    expected: Estimate | None
    token: Token | None
    made_at: datetime


def quotation(
    request: SubsetRequest, account: Account, ports: Ports, history: History
) -> Quotation:
    """Quote as an order would be at this moment; only the request is counted.

    Raises:
        TooManyRequests: see `count_request`.
        UnknownDataset, NotEntitled, InvalidRequest, Unavailable: see `quote`.
    """
    count_request(account, ports)
    quoted, now = quote(request, account, ports), ports.now()
    policy, decision = ports.policies.current().policy, quoted.decision
    allowance = allowance_of(policy, account.profiles)
    quota = _quota(account, allowance, now, ports)
    found = [
        above_month(decision.cost_bytes, quota),
        _no_room(account, decision.tier, policy, ports),
    ]
    refusals = (*decision.refusals, *(one for one in found if one is not None))
    return Quotation(
        quoted=replace(quoted, decision=replace(decision, refusals=refusals)),
        quota=quota,
        expected=estimate(Pending(decision.tier, decision.cost_bytes), history.past()),
        token=None if refusals else _token(request, quoted, account, ports),
        made_at=now,
    )


def taken_up(token: str, request: SubsetRequest | None, account: Account, ports: Ports) -> Offer:
    """The offer of a token that an order names.

    Args:
        token: as it was sent.
        request: that was sent with it; None = none was.
        account: who orders.
        ports: everything impure.

    Raises:
        QuoteInvalid: it is altered, another account's, or of another request.
        Unavailable: the secret store did not answer.
    """
    key = ports.secrets.derived_key("quote", account.account_id)
    offer = read_offer(token, account.account_id, key)
    if request is not None and _pinned(request, offer.request.revision) != offer.request:
        raise quote_invalid("another-request", "it was made for other inputs than these")
    return offer


def honoured(offer: Offer, quoted: Quote, now: datetime) -> Quote:
    """What is quoted now, at the price that was offered.

    Raises:
        QuoteInvalid: the offer has expired, or its plan is not made any more.
    """
    if now > offer.valid_until:
        raise quote_invalid("expired", f"it was good until {offer.valid_until.isoformat()}")
    if fingerprint(quoted.plan) != offer.fingerprint:
        raise quote_invalid("another-plan", "the same inputs are planned otherwise by now")
    return replace(quoted, decision=replace(quoted.decision, cost_bytes=offer.cost_bytes))


def _quota(account: Account, allowance: Allowance, now: datetime, ports: Ports) -> Quota | None:
    if allowance.bytes_per_month is None:
        return None
    balance = ports.accounts.balance(account.account_id, now.astimezone(UTC).strftime("%Y-%m"))
    return quota_of(allowance, balance.reserved_bytes + balance.settled_bytes)


def _no_room(account: Account, tier: Tier, policy: Policy, ports: Ports) -> Refused | None:
    """The refusal of whoever may neither start a job at once nor let one more wait."""
    allowance = allowance_of(policy, account.profiles)
    limit = allowance.waiting.of(tier)
    if limit is None:
        return None
    counts = ports.accounts.counts(account.account_id)
    if not is_full(tier, counts.waiting, allowance.waiting):
        return None
    may_run = not is_full(tier, counts.running, allowance.running)
    if may_run and free_slots(ports.queue.held(), policy.queue, tier):
        return None
    return too_many_jobs(tier, limit)


def _token(request: SubsetRequest, quoted: Quote, account: Account, ports: Ports) -> Token | None:
    until_s = int((ports.now() + GOOD_FOR).timestamp())
    offer = Offer(
        account_id=account.account_id,
        request=_pinned(request, quoted.plan.revision),
        fingerprint=fingerprint(quoted.plan),
        cost_bytes=quoted.decision.cost_bytes,
        until_s=until_s,
    )
    text = write_offer(offer, ports.secrets.derived_key("quote", account.account_id))
    return None if text is None else Token(text, offer.valid_until)


def _pinned(request: SubsetRequest, revision: str) -> SubsetRequest:
    """The request of that revision, where it asks for none in particular."""
    if request.revision != "main":
        return request
    return request.model_copy(update={"revision": revision})
