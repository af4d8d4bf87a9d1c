"""Quotes as things are, and orders that take them up."""

from datetime import timedelta
from typing import Any

import pytest

from atoll.errors import (
    Embargoed,
    LicenceNotAccepted,
    NotEntitled,
    QuotaExceeded,
    QuoteInvalid,
    TooLarge,
    TooManyJobs,
    TooManyRequests,
    Unavailable,
)
from atoll.model.job import Account, Job
from atoll.model.policy import Allowance, PerTier, Policy, PolicyVersion, Slots
from atoll.model.request import SubsetRequest
from atoll.services.history import History
from atoll.services.quoting import Quotation, quotation, taken_up
from atoll.services.submit import Placement, submit
from tests.services.test_policies import ruled
from tests.services.test_subset import BOX
from tests.world import ANN, NAV, World


def allowed(slots: Slots | None = None, **limits: Any) -> World:
    """A world in which everybody may use so much."""
    policy = Policy(allowances={"default": Allowance(**limits)})
    if slots:
        queue = policy.queue.model_copy(update={"slots": slots})
        policy = policy.model_copy(update={"queue": queue})
    world = World()
    world.policies.put(PolicyVersion(number=1, policy=policy, text="", author="op-id"))
    return world


def quoted(world: World, request: SubsetRequest = BOX, account: Account = ANN) -> Quotation:
    return quotation(request, account, world.ports, History(world.ports))


def refusals(quote: Quotation) -> list[type]:
    return [type(refusal) for refusal in quote.quoted.decision.refusals]


def token_of(quote: Quotation) -> str:
    assert quote.token is not None
    return quote.token.text


def take_up(
    world: World, token: str, request: SubsetRequest | None = None, account: Account = ANN
) -> Job:
    offer = taken_up(token, request, account, world.ports)
    return submit(offer.request, account, Placement("c", offer=offer), world.ports).job


def invalid(world: World, token: str, **changed: Any) -> object:
    with pytest.raises(QuoteInvalid) as caught:
        take_up(world, token, **changed)
    assert not world.ledger.rows
    return caught.value.facts["reason"]


def test_a_quote_only_counts_the_request():
    world = allowed(requests_per_minute=5)
    assert quoted(world).token is not None
    assert world.untouched()
    assert sum(world.accounts.requests.values()) == 1


def test_what_is_left_of_the_month_is_told_before_and_after():
    cost = quoted(World()).quoted.decision.cost_bytes
    world = allowed(bytes_per_month=2 * cost)
    before = quoted(world).quota
    assert before is not None
    assert (before.used_bytes, before.left_after(cost)) == (0, cost)
    submit(BOX, ANN, Placement("c"), world.ports)
    after = quoted(world).quota
    assert after is not None
    assert (after.used_bytes, after.left_after(cost)) == (cost, 0)
    assert quoted(World()).quota is None


def test_every_refusal_is_told_at_once_and_there_is_no_token():
    world = ruled("""
datasets:
- {match: [navy-*], see: [everybody], quote: [public], download: [gold], licence: terms,
   embargo: {newest_days: 36000}}
licences: {terms: {title: Terms, revision: 2, url: 'https://example.org/terms'}}
allowances: {default: {bytes_per_month: 10, bytes_per_job: 10, waiting: {medium: 0, big: 0}}}
queue: {slots: {medium: 0, big: 0}}
""")
    quote = quoted(world, SubsetRequest(dataset="navy-winds"))
    assert refusals(quote) == [
        NotEntitled,
        LicenceNotAccepted,
        Embargoed,
        TooLarge,
        QuotaExceeded,
        TooManyJobs,
    ]
    assert quote.token is None


def test_a_quote_and_an_order_refuse_in_the_same_words():
    for world in (
        allowed(bytes_per_month=10),
        allowed(waiting=PerTier(small=0), running=PerTier(small=0)),
        allowed(bytes_per_job=10),
    ):
        (refusal,) = quoted(world).quoted.decision.refusals
        with pytest.raises(type(refusal)) as caught:
            submit(BOX, ANN, Placement("c"), world.ports)
        assert (caught.value.detail, caught.value.facts) == (refusal.detail, refusal.facts)
        assert world.untouched()


@pytest.mark.parametrize(
    ("limits", "slots", "is_refused"),
    [
        ({"waiting": PerTier(small=0)}, 1, False),
        ({"waiting": PerTier(small=0)}, 0, True),
        ({"waiting": PerTier(small=1)}, 0, False),
        ({"waiting": PerTier(small=0), "running": PerTier(small=0)}, 1, True),
    ],
)
def test_who_may_let_no_job_wait_may_still_start_one(
    limits: dict[str, Any],
    slots: int,
    is_refused: bool,  # noqa: FBT001
):
    world = allowed(Slots(small=slots), **limits)
    assert refusals(quoted(world)) == ([TooManyJobs] if is_refused else [])


def test_quotes_and_orders_of_a_minute_are_counted_together():
    world = allowed(requests_per_minute=2)
    quoted(world)
    submit(BOX, ANN, Placement("c"), world.ports)
    for ask in (lambda: quoted(world), lambda: submit(BOX, ANN, Placement("c"), world.ports)):
        with pytest.raises(TooManyRequests) as caught:
            ask()
        assert caught.value.facts == {"limit": 2, "retry_after_s": 60}
    quoted(world, account=NAV)
    world.later(60)
    quoted(world)


@pytest.mark.parametrize("pinned", [False, True])
def test_a_token_is_taken_up_with_or_without_its_inputs(pinned: bool):  # noqa: FBT001
    world = World()
    revision = quoted(world).quoted.plan.revision
    request = BOX.model_copy(update={"revision": revision}) if pinned else BOX
    quote = quoted(world, request)
    for sent in (None, request):
        job = take_up(world, token_of(quote), sent)
        assert job.plan == quote.quoted.plan
        assert job.request == request.model_copy(update={"revision": revision})


def test_the_revision_and_the_price_are_those_of_the_quote():
    world = World()
    quote = quoted(world)
    offer = taken_up(token_of(quote), None, ANN, world.ports)
    coverage = quote.quoted.coverage
    world.catalogue.publish(coverage.model_copy(update={"revision": "newer"}))
    # As if bytes had become dearer since.
    cheap = offer.model_copy(update={"cost_bytes": 10})
    job = submit(offer.request, ANN, Placement("c", offer=cheap), world.ports).job
    assert (job.plan.revision, job.reserved_bytes) == (coverage.revision, 10)
    assert world.accounts.balance("ann-id", "2026-11").reserved_bytes == 10
    assert submit(BOX, ANN, Placement("c"), world.ports).job.plan.revision == "newer"


def test_a_token_is_good_for_a_quarter_of_an_hour():
    world = World()
    quote = quoted(world)
    assert quote.token is not None
    assert quote.token.valid_until == world.now() + timedelta(minutes=15)
    world.later(15 * 60 + 1)
    assert invalid(world, quote.token.text) == "expired"
    world.later(-1)
    assert take_up(world, quote.token.text).status == "accepted"


def test_a_token_is_good_for_its_account_its_inputs_and_its_plan_alone():
    world = World()
    token = token_of(quoted(world))
    other = BOX.model_copy(update={"format": "zarr"})
    elsewhen = BOX.model_copy(update={"revision": "older"})
    assert invalid(world, token, account=NAV) == "another-account"
    assert invalid(world, token, request=other) == "another-request"
    assert invalid(world, token, request=elsewhen) == "another-request"
    assert invalid(world, token[:-2]) == "altered"
    offer = taken_up(token, None, ANN, world.ports)
    planned_otherwise = offer.model_copy(update={"fingerprint": "0" * 64})
    with pytest.raises(QuoteInvalid) as caught:
        submit(BOX, ANN, Placement("c", offer=planned_otherwise), world.ports)
    assert caught.value.facts["reason"] == "another-plan"


def test_the_quota_is_asked_again_at_the_order():
    cost = quoted(World()).quoted.decision.cost_bytes
    world = allowed(bytes_per_month=cost)
    token = token_of(quoted(world))
    submit(BOX, ANN, Placement("c"), world.ports)
    with pytest.raises(QuotaExceeded):
        take_up(world, token)


def test_without_the_secret_there_is_no_token_to_give_or_to_take():
    world = World()
    token = token_of(quoted(world))
    world.secrets.available = False
    with pytest.raises(Unavailable):
        quoted(world)
    with pytest.raises(Unavailable):
        take_up(world, token)
