"""What a simulation comes to: how long who waited, for tiers, profiles and accounts."""

from collections.abc import Iterable
from dataclasses import dataclass

from atoll.admission.estimates import Spread
from atoll.admission.simulation import TIERS, Fate
from atoll.model.job import Tier

NOBODY = Spread(0, 0)


@dataclass(frozen=True, slots=True)
class Waits:
    """Of the orders of one tier by accounts of the same profiles.

    Attributes:
        orders: refused ones too.
        stranded: that were accepted and never started.
        spread: of the waits of those that started; 0 where none did.
        longest_s: of these waits.
    """

    tier: Tier
    profiles: tuple[str, ...]
    orders: int
    refused: int
    stranded: int
    spread: Spread
    longest_s: float


def waits_by_profile(fates: Iterable[Fate]) -> list[Waits]:
    """A row for each tier and profiles that anything was ordered of, small tiers first."""
    groups: dict[tuple[int, tuple[str, ...]], list[Fate]] = {}
    for fate in fates:
        key = (TIERS.index(fate.order.tier), fate.order.profiles)
        groups.setdefault(key, []).append(fate)
    return [
        _waits(TIERS[tier], profiles, groups[tier, profiles]) for tier, profiles in sorted(groups)
    ]


def waits_by_account(fates: Iterable[Fate]) -> dict[str, list[float]]:
    """Account -> how long each of its orders waited that started, rising."""
    waits: dict[str, list[float]] = {}
    for fate in fates:
        if fate.waited_s is not None:
            waits.setdefault(fate.order.account_id, []).append(fate.waited_s)
    return {account_id: sorted(waited_s) for account_id, waited_s in waits.items()}


def _waits(tier: Tier, profiles: tuple[str, ...], fates: list[Fate]) -> Waits:
    waited_s = [fate.waited_s for fate in fates if fate.waited_s is not None]
    refused = sum(fate.refused for fate in fates)
    return Waits(
        tier=tier,
        profiles=profiles,
        orders=len(fates),
        refused=refused,
        stranded=len(fates) - refused - len(waited_s),
        spread=Spread.of(waited_s) if waited_s else NOBODY,
        longest_s=max(waited_s, default=0),
    )
