"""The most generous of an account's allowances, against numbers with infinity among them."""

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from atoll.admission.allowance import allowance_of
from atoll.model.policy import Allowance, PerTier, Policy

PROFILES = ("default", "navy", "press", "staff")

limits = st.none() | st.integers(0, 5)
per_tier = st.builds(PerTier, small=limits, medium=limits, big=limits)
allowances = st.builds(
    Allowance,
    bytes_per_month=limits,
    bytes_per_job=limits,
    requests_per_minute=limits,
    running=per_tier,
    waiting=per_tier,
    head_start_s=st.floats(0, 100),
)


def numbers(allowance: Allowance) -> list[float]:
    """Every limit; no limit is infinitely many."""
    plain = [allowance.bytes_per_month, allowance.bytes_per_job, allowance.requests_per_minute]
    tiers = [(one.small, one.medium, one.big) for one in (allowance.running, allowance.waiting)]
    every = [*plain, *tiers[0], *tiers[1]]
    return [inf if one is None else one for one in every] + [allowance.head_start_s]


@given(
    st.dictionaries(st.sampled_from(PROFILES), allowances),
    st.lists(st.sampled_from([*PROFILES, "unheard-of"])),
)
def test_each_limit_is_the_most_generous_of_the_profiles_that_have_one(held, profiles):
    own = [held[name] for name in held if name in profiles]
    counted = own or [held[name] for name in ("default",) if name in held] or [Allowance()]
    expected = [max(values) for values in zip(*map(numbers, counted), strict=True)]
    assert numbers(allowance_of(Policy(allowances=held), profiles)) == expected


def test_no_limit_beats_any_number():
    policy = Policy(
        allowances={"navy": Allowance(bytes_per_month=5), "press": Allowance(bytes_per_job=7)}
    )
    both = allowance_of(policy, ("navy", "press"))
    assert (both.bytes_per_month, both.bytes_per_job) == (None, None)
    assert allowance_of(policy, ("navy",)).bytes_per_month == 5
