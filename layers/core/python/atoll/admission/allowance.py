"""What an account may use: the most generous of what its profiles may."""

from collections.abc import Iterable, Sequence

from atoll.model.policy import DEFAULT_PROFILE, Allowance, PerTier, Policy

_NUMBERS = ("bytes_per_month", "bytes_per_job", "requests_per_minute")
_PER_TIER = ("running", "waiting")


def allowance_of(policy: Policy, profiles: Iterable[str]) -> Allowance:
    """The allowance of an account.

    Each limit is the most generous of its profiles that have an allowance; where none has,
    the one of `default` holds, and where there is none of that either, nothing is limited.

    Args:
        policy: in force.
        profiles: of the account.
    """
    held = [policy.allowances[name] for name in profiles if name in policy.allowances]
    if not held:
        return policy.allowances.get(DEFAULT_PROFILE, Allowance())
    return Allowance(
        **{name: _most([getattr(one, name) for one in held]) for name in _NUMBERS},
        **{name: _most_per_tier([getattr(one, name) for one in held]) for name in _PER_TIER},
        head_start_s=max(one.head_start_s for one in held),
    )


def _most_per_tier(held: Sequence[PerTier]) -> PerTier:
    return PerTier(
        **{tier: _most([getattr(one, tier) for one in held]) for tier in PerTier.model_fields}
    )


def _most(limits: Sequence[int | None]) -> int | None:
    """The most generous limit; None = no limit, which is more than any number."""
    numbers = [limit for limit in limits if limit is not None]
    return max(numbers) if len(numbers) == len(limits) else None
