"""Simulated days small enough to be reckoned by hand."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from atoll.admission.estimates import Spread
from atoll.admission.simulation import Fate, Order, simulate
from atoll.admission.waits import Waits, waits_by_account, waits_by_profile
from atoll.model.job import Tier
from atoll.model.policy import Allowance, PerTier, Policy, QueueRules, Slots

T0 = datetime(2026, 11, 1, tzinfo=UTC)
TIERS: list[Tier] = ["small", "medium", "big"]


def order(at_s: float, account_id: str, ran_s: float = 10, tier: Tier = "small") -> Order:
    return Order(T0 + timedelta(seconds=at_s), account_id, (), tier, ran_s)


def policy(slots: int, ageing_s: float = 600, **limits: int) -> Policy:
    """So many slots of each tier, and limits on `running` and `waiting`, of all tiers alike."""
    per_tier = {name: dict.fromkeys(TIERS, limit) for name, limit in limits.items()}
    return Policy(
        allowances={"default": Allowance.model_validate(per_tier)},
        queue=QueueRules(slots=Slots(**dict.fromkeys(TIERS, slots)), ageing_s=ageing_s),
    )


def waits(orders: list[Order], said: Policy) -> list[float | None]:
    return [fate.waited_s for fate in simulate(orders, said)]


def test_jobs_take_turns_in_the_slots():
    orders = [order(0, "a"), order(1, "b"), order(2, "c"), order(30, "d")]
    assert waits(orders, policy(1)) == [0, 9, 18, 0]
    assert waits(orders, policy(2)) == [0, 0, 8, 0]


def test_orders_are_taken_as_they_were_placed():
    assert [
        fate.order.account_id for fate in simulate([order(5, "b"), order(0, "a")], policy(1))
    ] == [
        "a",
        "b",
    ]


def test_tiers_do_not_wait_for_one_another():
    orders = [order(0, "a", tier=tier) for tier in TIERS]
    assert waits(orders, policy(1)) == [0, 0, 0]


def test_an_account_at_its_limit_waits_for_itself():
    assert waits([order(0, "a")] * 3, policy(5, running=1)) == [0, 10, 20]


def test_what_an_account_may_not_let_wait_is_refused():
    fates = simulate([order(0, "a")] * 4, policy(1, waiting=2))
    assert [(fate.waited_s, fate.refused) for fate in fates] == [
        (0, False), (10, False), (20, False), (None, True),
    ]  # fmt: skip


def test_a_job_that_starts_at_once_has_never_waited():
    assert [fate.refused for fate in simulate([order(0, "a")] * 2, policy(2, waiting=0))] == [
        False,
        False,
    ]


def test_what_cannot_start_is_stranded():
    (fate,) = simulate([order(0, "a")], policy(1, running=0))
    assert (fate.waited_s, fate.refused) == (None, False)


def test_ageing_brings_on_who_runs_something_already():
    """Two slots, one held for ten hours; newcomers who run nothing never leave the other idle."""
    newcomers = [order(10 + 60 * number, f"new-{number}", 61) for number in range(300)]
    orders = [order(0, "mine", 36_000), order(1, "first", 60), order(2, "mine"), *newcomers]

    def my_wait_s(ageing_s: float) -> float:
        second = [fate for fate in simulate(orders, policy(2, ageing_s)) if fate.order.ran_s == 10]
        (waited_s,) = (fate.waited_s for fate in second)
        assert waited_s is not None
        return waited_s

    assert 600 <= my_wait_s(600) <= 800
    assert my_wait_s(1e9) > 18_000


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30), st.sampled_from("abc"), st.integers(1, 9), st.sampled_from(TIERS)
        ),
        max_size=25,
    ),
    st.integers(1, 3),
    st.integers(1, 2),
    st.integers(0, 2),
)
def test_limits_hold_at_every_moment(
    rows: list[tuple[int, str, int, Tier]], slots: int, running: int, waiting: int
):
    fates = simulate([order(*row) for row in rows], policy(slots, running=running, waiting=waiting))
    assert len(fates) == len(rows)
    for tier in TIERS:
        started = [fate for fate in fates if fate.order.tier == tier and not fate.refused]
        for fate in started:
            now = _began(fate)
            together = [one for one in started if _began(one) <= now < _ended(one)]
            assert len(together) <= slots
            mine = [one for one in together if one.order.account_id == fate.order.account_id]
            assert len(mine) <= running


def _began(fate: Fate) -> datetime:
    assert fate.waited_s is not None, "everything that is accepted starts"
    return fate.order.created_at + timedelta(seconds=fate.waited_s)


def _ended(fate: Fate) -> datetime:
    return _began(fate) + timedelta(seconds=fate.order.ran_s)


def test_waits_are_summed_up_by_tier_and_profiles():
    forecaster = Order(T0, "f", ("forecaster",), "small", 5)
    fates = [
        Fate(order(0, "a", tier="big"), 7),
        *(Fate(order(0, "a"), wait) for wait in range(20)),
        Fate(order(0, "b"), None),
        Fate(order(0, "b"), None, refused=True),
        Fate(forecaster, None, refused=True),
    ]
    assert waits_by_profile(fates) == [
        Waits("small", (), 22, 1, 1, Spread(9, 18), 19),
        Waits("small", ("forecaster",), 1, 1, 0, Spread(0, 0), 0),
        Waits("big", (), 1, 0, 0, Spread(7, 7), 7),
    ]
    assert waits_by_account(fates) == {"a": sorted([7, *range(20)])}


def test_the_running_limit_is_that_of_the_profiles():
    said = Policy(
        allowances={
            "one": Allowance(running=PerTier(small=1)),
            "two": Allowance(running=PerTier(small=2)),
        }
    )
    orders = [Order(T0, name, (name,), "small", 10) for name in ("one", "two") for _ in range(2)]
    assert [fate.waited_s for fate in simulate(orders, said)] == [0, 10, 0, 0]
