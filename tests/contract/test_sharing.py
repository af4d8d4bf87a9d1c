"""Who leads an extraction and who follows: in every order of what may happen to both."""

from datetime import timedelta
from typing import Any

import pytest

from atoll.model.job import Job
from atoll.ports import Hindrance, Terms
from tests.contract.builders import REASON, T0, delivery, job
from tests.contract.rig import Rig, dynamo_rig, fake_rig

LATER = T0 + timedelta(minutes=5)
SAME = "f" * 64


@pytest.fixture(params=["fake", "dynamodb"])
def rig(request: pytest.FixtureRequest) -> Rig:
    return fake_rig() if request.param == "fake" else dynamo_rig(request.getfixturevalue("aws"))


def order(job_id: str, leader: str | None = None, **fields: Any) -> Job:
    return job(job_id).model_copy(update={"fingerprint": SAME, "leader": leader, **fields})


def led(rig: Rig, *followers: str) -> None:
    """Job `old` leads, and these follow it."""
    rig.admit(order("old"))
    for name in followers:
        rig.admit(order(name, "old"))


def admit(rig: Rig, one: Job, instead_of: str | None = None) -> frozenset[Hindrance]:
    """What hinders it; nothing is written where anything does."""
    before = rig.state()
    hindrances = rig.ledger.admit(one, Terms(instead_of=instead_of))
    assert not hindrances or rig.state() == before
    return hindrances


def test_one_leads(rig: Rig) -> None:
    led(rig)
    assert admit(rig, order("new")) == {"share"}
    assert admit(rig, order("new", fingerprint="another")) == frozenset()
    assert rig.ledger.leader(SAME) == "old"


def test_who_shares_nothing_leads_nobody(rig: Rig) -> None:
    alone = Terms(shares=False)
    assert rig.ledger.admit(order("a"), alone) == frozenset()
    assert rig.ledger.leader(SAME) is None
    led(rig)
    assert rig.ledger.admit(order("b"), alone) == frozenset()
    assert rig.ledger.leader(SAME) == "old"


@pytest.mark.parametrize("instead_of", ["old", "another", None])
def test_who_is_of_no_use_is_followed_by_another_leader(rig: Rig, instead_of: str | None) -> None:
    led(rig)
    rig.ledger.release(rig.ledger.get("old"), REASON, LATER)
    allowed = instead_of == "old"
    assert admit(rig, order("new"), instead_of) == (frozenset() if allowed else {"share"})
    assert rig.ledger.leader(SAME) == ("new" if allowed else "old")


@pytest.mark.parametrize(("seconds", "is_free"), [(0, False), (1, True)])
def test_a_leaders_time_is_over_when_it_has_expired(
    rig: Rig, seconds: int, *, is_free: bool
) -> None:
    led(rig)
    late = order("new", created_at=order("old").expires_at + timedelta(seconds=seconds))
    assert admit(rig, late) == (frozenset() if is_free else {"share"})


def test_who_is_not_the_leader_is_not_followed(rig: Rig) -> None:
    assert admit(rig, order("a", "nobody")) == {"share"}
    led(rig, "follows")
    for leader in ("another", "follows"):
        assert admit(rig, order("a", leader)) == {"share"}


@pytest.mark.parametrize(
    ("status", "follows"), [("running", True), ("settle", True), ("release", False)]
)
def test_a_leader_is_followed_while_it_runs_and_when_it_has_succeeded(
    rig: Rig, status: str, *, follows: bool
) -> None:
    led(rig)
    if status == "running":
        rig.begin("old", LATER)
    elif status == "settle":
        rig.ledger.settle(rig.ledger.get("old"), (delivery("old"),), LATER)
    else:
        rig.ledger.release(rig.ledger.get("old"), REASON, LATER)
    assert admit(rig, order("new", "old")) == (frozenset() if follows else {"share"})


def test_a_leader_that_was_dismissed_is_not_followed(rig: Rig) -> None:
    led(rig)
    rig.ledger.dismiss(rig.ledger.get("old"), LATER)
    assert admit(rig, order("new", "old")) == {"share"}


def test_a_leader_that_is_forgotten_is_not_followed(rig: Rig) -> None:
    led(rig)
    rig.ledger.settle(
        rig.ledger.get("old"), (delivery("old"),), LATER, until=T0 + timedelta(hours=1)
    )
    rig.forget(T0 + timedelta(hours=2))
    assert rig.ledger.leader(SAME) == "old", "of the row, not of the place"
    assert admit(rig, order("new", "old")) == {"share"}
    assert admit(rig, order("new"), "old") == frozenset()


def test_a_follower_that_is_promoted_leads_and_waits_for_a_slot(rig: Rig) -> None:
    led(rig, "a", "b")
    rig.ledger.dismiss(rig.ledger.get("old"), LATER)

    assert rig.ledger.promote(rig.ledger.get("a"), LATER)

    assert rig.ledger.get("a") == order("a")
    assert (rig.ledger.leader(SAME), rig.ledger.followers(SAME)) == ("a", ["b"])
    assert (set(rig.waiting()), rig.queue.following()) == ({"a"}, ["b"])
    assert rig.counts() == {"waiting small": 1}
    assert rig.queue.claim(rig.waiting()["a"], 0, None, LATER)
    assert rig.counts() == {"running small": 1}


def test_of_two_that_are_promoted_one_leads(rig: Rig) -> None:
    led(rig, "a", "b")
    rig.ledger.dismiss(rig.ledger.get("old"), LATER)
    both = [rig.ledger.get(name) for name in ("a", "b")]
    assert [rig.ledger.promote(one, LATER) for one in both] == [True, False]
    before = rig.state()
    assert [rig.ledger.promote(one, LATER) for one in both] == [False, False]
    assert rig.state() == before
    assert rig.ledger.follow(both[1], "a")
    assert rig.ledger.get("b").leader == "a"
    assert rig.ledger.followers(SAME) == ["b"]


def test_a_promoted_leader_leads_as_long_as_its_own_result_would_live(rig: Rig) -> None:
    """Not as long as that of the one it succeeds: it may have been ordered long before."""
    rig.admit(order("old"))
    day = timedelta(days=1)
    new = order("new", "old", created_at=T0 + day, expires_at=T0 + 8 * day)
    rig.admit(new)
    rig.ledger.dismiss(rig.ledger.get("old"), LATER)
    assert rig.ledger.promote(rig.ledger.get("new"), LATER)
    assert admit(rig, order("late", created_at=T0 + 8 * day)) == {"share"}
    over = T0 + 8 * day + timedelta(seconds=1)
    assert admit(rig, order("later", created_at=over)) == frozenset()


def test_a_follower_may_lead_where_nobody_does_any_more(rig: Rig) -> None:
    led(rig, "a")
    rig.ledger.dismiss(rig.ledger.get("old"), LATER)
    rig.forget(order("old").expires_at + timedelta(seconds=1))
    assert rig.ledger.leader(SAME) is None
    assert rig.ledger.promote(rig.ledger.get("a"), LATER)
    assert rig.ledger.leader(SAME) == "a"


def test_who_does_not_follow_is_not_promoted_nor_given_another_leader(rig: Rig) -> None:
    led(rig, "ended", "moved")
    rig.admit(order("alone", fingerprint="another"))
    seen = [rig.ledger.get(name) for name in ("old", "ended", "moved", "alone")]
    rig.ledger.dismiss(seen[1], LATER)
    assert rig.ledger.follow(seen[2], "new")
    before = rig.state()
    ended = rig.ledger.get("ended")
    for one in (*seen, ended, order("nobody", "old")):
        assert not rig.ledger.promote(one, LATER)
        assert not rig.ledger.follow(one, "newer")
    assert rig.state() == before


@pytest.mark.parametrize("change", ["promote", "follow"])
def test_a_follower_that_moved_while_it_was_being_ended_ends_all_the_same(
    rig: Rig, change: str
) -> None:
    led(rig, "a")
    seen = rig.ledger.get("a")
    rig.ledger.dismiss(rig.ledger.get("old"), LATER)
    moved = rig.ledger.promote(seen, LATER) if change == "promote" else rig.ledger.follow(seen, "b")
    assert moved

    assert rig.ledger.dismiss(seen, LATER)

    assert (rig.counts(), rig.waiting(), rig.queue.following()) == ({}, {}, [])
    assert (rig.ledger.followers(SAME), rig.balance().reserved_bytes) == ([], 0)


def test_a_follower_is_forgotten_with_the_result_it_shares(rig: Rig) -> None:
    led(rig, "a")
    until = T0 + timedelta(hours=3)
    assert rig.ledger.settle(rig.ledger.get("a"), (delivery("old"),), LATER, until)
    assert rig.ledger.get("a").expires_at == until
    assert rig.ledger.get("a").deliveries == (delivery("old"),)
