"""What may hinder a job from being admitted: each by itself, all together, and to the byte."""

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest

from atoll.model.job import Job, Tier
from atoll.model.policy import Allowance, PerTier
from atoll.ports import Hindrance, Terms
from tests.contract.builders import REASON, T0, delivery, job
from tests.contract.rig import Rig, dynamo_rig, fake_rig

TIERS: tuple[Tier, ...] = ("small", "medium", "big")
LEADS = "f" * 64


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return fake_rig() if request.param == "fake" else dynamo_rig(request.getfixturevalue("aws"))


def order(job_id: str, **fields: Any) -> Job:
    return job(job_id).model_copy(update=fields)


def test_a_job_that_waits_is_in_the_line_of_its_tier(rig: Rig) -> None:
    for tier in TIERS:
        rig.admit(order(tier, tier=tier, profiles=("a", "b"), reserved_bytes=17))
        (waiting,) = rig.waiting(tier).values()
        assert (waiting.job_id, waiting.account_id, waiting.tier) == (tier, "ann-id", tier)
        assert (waiting.since, waiting.profiles, waiting.work_bytes) == (T0, ("a", "b"), 17)
    assert rig.counts() == {"waiting small": 1, "waiting medium": 1, "waiting big": 1}
    assert rig.slots() == {}


def test_a_job_with_a_slot_holds_it_and_does_not_wait(rig: Rig) -> None:
    admitted = rig.admit(order("a", slot=0))
    assert (admitted.slot, admitted.status) == (0, "accepted")
    assert (rig.waiting(), rig.counts()) == ({}, {"running small": 1})
    (held,) = rig.queue.held()
    assert (held.tier, held.number, held.job_id) == ("small", 0, "a")
    assert (held.account_id, held.claimed_at) == ("ann-id", T0)


def test_slots_of_the_same_number_are_others_in_other_tiers(rig: Rig) -> None:
    for tier in TIERS:
        rig.admit(order(tier, tier=tier, slot=3))
    assert rig.slots() == {(tier, 3): tier for tier in TIERS}


def test_a_job_that_follows_takes_bytes_and_nothing_else(rig: Rig) -> None:
    rig.admit(order("leads", fingerprint=LEADS, slot=0))
    follower = order("follows", fingerprint=LEADS, leader="leads", account_id="nav-id")
    none = Allowance(waiting=PerTier(small=0), running=PerTier(small=0))
    assert rig.ledger.admit(follower, Terms(none)) == frozenset()
    assert rig.ledger.get("follows").leader == "leads"
    assert (rig.counts("nav-id"), rig.balance("nav-id").reserved_bytes) == ({}, 1000)
    assert (rig.waiting(), rig.queue.following()) == ({}, ["follows"])
    assert (rig.ledger.leader(LEADS), rig.ledger.followers(LEADS)) == ("leads", ["follows"])


HINDERED: dict[Hindrance, tuple[dict[str, Any], dict[str, Any]]] = {
    # what of the job and of its allowance makes it so, in the world of `crowded`
    "quota": ({}, {"bytes_per_month": 2999}),
    "running": ({"slot": 5}, {"running": PerTier(small=1)}),
    "waiting": ({}, {"waiting": PerTier(small=1)}),
    "slot": ({"slot": 3}, {}),
    "key": ({}, {}),
    "share": ({"fingerprint": LEADS}, {}),
}


def crowded(rig: Rig) -> None:
    """One job of the account holds slot 3 and leads, another waits and has a key."""
    rig.admit(order("runs", slot=3, fingerprint=LEADS))
    assert rig.ledger.admit(order("waits"), Terms(key="its key")) == frozenset()


def possible() -> list[tuple[Hindrance, ...]]:
    """All that can be so together: a job that waits takes no slot."""
    every = [some for size in range(1, 7) for some in combinations(HINDERED, size)]
    return [some for some in every if "waiting" not in some or not {"running", "slot"} & {*some}]


def test_whatever_hinders_is_named_and_nothing_is_written(rig: Rig) -> None:
    crowded(rig)
    before = rig.state()
    for together in possible():
        fields: dict[str, Any] = {}
        limits: dict[str, Any] = {}
        for name in together:
            fields |= HINDERED[name][0]
            limits |= HINDERED[name][1]
        terms = Terms(Allowance(**limits), "its key" if "key" in together else None)
        assert rig.ledger.admit(order("new", **fields), terms) == frozenset(together)
    assert rig.state() == before


def test_a_key_passes_from_the_job_that_is_tried_again_and_from_no_other(rig: Rig) -> None:
    crowded(rig)
    before = rig.state()
    for retried in (None, "runs"):
        terms = Terms(key="its key", retried=retried)
        assert rig.ledger.admit(order("new"), terms) == {"key"}
    assert rig.state() == before
    terms = Terms(key="its key", retried="waits")
    assert rig.ledger.admit(order("new"), terms) == frozenset()
    assert rig.ledger.keyed("ann-id", "its key") == "new"
    assert rig.ledger.admit(order("late"), terms) == {"key"}


@pytest.mark.parametrize("field", ["slot", None])
def test_what_is_there_already_is_repeated_whatever_else_hinders(
    rig: Rig, field: str | None
) -> None:
    crowded(rig)
    before = rig.state()
    none = Allowance(bytes_per_month=0, running=PerTier(small=0), waiting=PerTier(small=0))
    again = order("waits", slot=3) if field else order("waits")
    assert rig.ledger.admit(again, Terms(none, "its key")) == frozenset({"repeated"})
    assert rig.state() == before


@pytest.mark.parametrize(
    ("limit", "cost", "fits"),
    [(1000, 999, True), (1000, 1000, True), (1000, 1001, False), (0, 0, True), (0, 1, False)],
)
def test_the_quota_counts_to_the_byte(rig: Rig, limit: int, cost: int, *, fits: bool) -> None:
    terms = Terms(Allowance(bytes_per_month=limit))
    hindrances = rig.ledger.admit(order("a", reserved_bytes=cost), terms)
    assert hindrances == (frozenset() if fits else {"quota"})
    assert rig.balance().reserved_bytes == (cost if fits else 0)


@pytest.mark.parametrize(("cost", "fits"), [(299, True), (300, True), (301, False)])
def test_what_is_reserved_and_what_is_delivered_count_together(
    rig: Rig, cost: int, *, fits: bool
) -> None:
    rig.admit(order("delivered", reserved_bytes=900))
    rig.ledger.settle(rig.ledger.get("delivered"), (delivery(output_bytes=500),), T0)
    rig.admit(order("reserved", reserved_bytes=200))
    for name in ("released", "dismissed"):
        rig.admit(order(name, reserved_bytes=10_000))
    rig.ledger.release(rig.ledger.get("released"), REASON, T0)
    rig.ledger.dismiss(rig.ledger.get("dismissed"), T0)

    terms = Terms(Allowance(bytes_per_month=1000))
    hindrances = rig.ledger.admit(order("new", reserved_bytes=cost), terms)
    assert hindrances == (frozenset() if fits else {"quota"})


def test_a_month_that_is_used_up_leaves_the_next_alone(rig: Rig) -> None:
    terms = Terms(Allowance(bytes_per_month=1000))
    assert rig.ledger.admit(order("a"), terms) == frozenset()
    december = order("b", created_at=T0.replace(month=12))
    assert rig.ledger.admit(order("c"), terms) == {"quota"}
    assert rig.ledger.admit(december, terms) == frozenset()


def test_no_limit_is_no_limit(rig: Rig) -> None:
    for number in range(3):
        assert rig.ledger.admit(order(f"{number}", reserved_bytes=2**60)) == frozenset()
    assert rig.balance().reserved_bytes == 3 * 2**60


@pytest.mark.parametrize("limit", [0, 1, 3])
@pytest.mark.parametrize("state", ["waiting", "running"])
def test_an_account_has_as_many_jobs_of_a_tier_as_it_may(rig: Rig, state: str, limit: int) -> None:
    terms = Terms(Allowance(**{state: PerTier(medium=limit)}))

    def admit(number: int, tier: Tier, account_id: str = "ann-id") -> frozenset[Hindrance]:
        slot = number if state == "running" else None
        name = f"{account_id}-{tier}-{number}"
        new = order(name, tier=tier, slot=slot, account_id=account_id)
        return rig.ledger.admit(new, terms)

    assert [admit(number, "medium") for number in range(limit)] == [frozenset()] * limit
    before = rig.state()
    assert admit(limit, "medium") == {state}
    assert rig.state() == before
    assert admit(limit + 1, "small") == frozenset()
    ended = rig.ledger.get(f"ann-id-medium-{limit - 1}") if limit else None
    if ended is not None:
        rig.ledger.dismiss(ended, T0)
        assert admit(limit, "medium") == frozenset()
        assert admit(limit + 2, "medium", "nav-id") == frozenset()


LIMITS: dict[str, Callable[[Rig], object]] = {
    "waiting": lambda rig: rig.waiting(),
    "held": lambda rig: rig.slots(),
}


@pytest.mark.parametrize("look", LIMITS)
def test_where_nothing_is_there_is_nothing_to_see(rig: Rig, look: str) -> None:
    assert LIMITS[look](rig) == {}
    assert rig.queue.following() == []
    assert rig.ledger.keyed("ann-id", "key") is None
    assert rig.ledger.leader(LEADS) is None
    assert rig.ledger.followers(LEADS) == []
    assert rig.counts("nobody") == {}
