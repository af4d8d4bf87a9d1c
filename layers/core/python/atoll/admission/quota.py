"""What an account's allowance has against an order; the same words in a quote and at the order."""

from dataclasses import dataclass
from datetime import datetime

from atoll.errors import QuotaExceeded, TooLarge, TooManyJobs, TooManyRequests
from atoll.model.job import Tier
from atoll.model.policy import Allowance, PerTier

MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Quota:
    """Bytes of a month that an account may order.

    Attributes:
        limit_bytes: in the month.
        used_bytes: reserved and delivered.
    """

    limit_bytes: int
    used_bytes: int

    def left_after(self, cost_bytes: int) -> int:
        """What an order of that price would leave; below 0 it is refused."""
        return self.limit_bytes - self.used_bytes - cost_bytes


def quota_of(allowance: Allowance, used_bytes: int) -> Quota | None:
    """The quota of an account that has used so many bytes; None = it has none."""
    limit = allowance.bytes_per_month
    return None if limit is None else Quota(limit, used_bytes)


def above_one_job(output_bytes: int, allowance: Allowance) -> TooLarge | None:
    """The refusal of a result, uncompressed, that is larger than the account may order."""
    limit = allowance.bytes_per_job
    if limit is None or output_bytes <= limit:
        return None
    return TooLarge(
        f"The result would have {output_bytes} bytes; this account may order {limit} at once.",
        {"output_bytes": output_bytes, "limit_bytes": limit},
    )


def above_month(cost_bytes: int, quota: Quota | None) -> QuotaExceeded | None:
    """The refusal of an order that costs more than is left of the month."""
    if quota is None or quota.left_after(cost_bytes) >= 0:
        return None
    return quota_exceeded(cost_bytes, quota.limit_bytes)


def quota_exceeded(cost_bytes: int, limit_bytes: int) -> QuotaExceeded:
    """The refusal of an order that the month's quota does not leave room for."""
    return QuotaExceeded(
        f"The account's quota of {limit_bytes} bytes a month does not leave {cost_bytes} bytes "
        "for this order.",
        {"quota_bytes": limit_bytes, "cost_bytes": cost_bytes},
    )


def is_full(tier: Tier, number: PerTier, limit: PerTier) -> bool:
    """Whether the account has as many jobs in a tier as it may."""
    most = limit.of(tier)
    return most is not None and (number.of(tier) or 0) >= most


def too_many_jobs(tier: Tier, limit: int) -> TooManyJobs:
    """The refusal of an account that has as many jobs waiting as it may."""
    return TooManyJobs(
        f"The account has {limit} {tier} jobs waiting, which is all that it may; order "
        "again when one of them has started.",
        {"tier": tier, "limit": limit},
    )


def too_many_requests(limit: int, now: datetime) -> TooManyRequests:
    """The refusal of an account that has made its requests of this minute."""
    return TooManyRequests(
        f"This account may quote and order {limit} times a minute, and has; go on in the next.",
        {"limit": limit, "retry_after_s": MINUTE_S - now.second},
    )
