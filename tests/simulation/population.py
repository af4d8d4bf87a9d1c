"""A day of a dissemination unit by chance: who orders what, when, and how long it runs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from atoll.admission.simulation import Order
from atoll.model.job import Tier

DAY = datetime(2026, 11, 23, tzinfo=UTC)
FLOODER = "flooder"
# Of 100 users; the others are members of the public.
PROFILES = {(): 90, ("partner",): 8, ("forecaster",): 2}
TIERS: dict[Tier, float] = {"small": 88, "medium": 11.7, "big": 0.3}
# Of the logarithm of a run: its middle (s) and spread; and the longest (s).
RUNS: dict[Tier, tuple[float, float, float]] = {
    "small": (8, 0.8, 120),
    "medium": (150, 0.8, 1_200),
    "big": (1_800, 0.6, 7_200),
}
SITTINGS = 0.4  # of a user a day: so often one sits down to order
BURST = 4  # orders of a sitting, on average; one in ten is a script that orders month by month
SCRIPT = range(12, 37)


def a_day(unit: int, users: int) -> list[Order]:
    """What the users of a unit order; the unit is the seed."""
    chance = Random(unit)  # noqa: S311  a seed
    return [
        order
        for user in range(users)
        if chance.random() < SITTINGS
        for order in _sitting(f"unit-{unit}-user-{user}", chance)
    ]


def a_flood(unit: int, count: int) -> list[Order]:
    """One user's orders, of all tiers alike, as fast as a script can from nine in the morning."""
    chance = Random(f"flood {unit}")  # noqa: S311  a seed
    nine = DAY + timedelta(hours=9)
    moments = (nine + timedelta(seconds=number / 2) for number in range(count))
    return [_order(moment, FLOODER, (), chance.choice(list(TIERS)), chance) for moment in moments]


def _sitting(account_id: str, chance: Random) -> Iterator[Order]:
    (profiles,) = chance.choices(list(PROFILES), list(PROFILES.values()))
    # Most work in the morning and in the afternoon: two hills around ten and fifteen o'clock.
    hour = chance.gauss(chance.choice([10, 15]), 2.5) % 24
    moment = DAY + timedelta(hours=hour)
    scripted = chance.random() < 0.1
    count = chance.choice(SCRIPT) if scripted else 1 + int(chance.expovariate(1 / (BURST - 1)))
    of_script = _tier(chance)
    for _ in range(count):
        tier = of_script if scripted and of_script != "big" else _tier(chance)
        yield _order(moment, account_id, profiles, tier, chance)
        moment += timedelta(seconds=1 if scripted else chance.expovariate(1 / 90))


def _tier(chance: Random) -> Tier:
    (tier,) = chance.choices(list(TIERS), list(TIERS.values()))
    return tier


def _order(
    moment: datetime, account_id: str, profiles: tuple[str, ...], tier: Tier, chance: Random
) -> Order:
    middle, spread, longest = RUNS[tier]
    ran_s = min(longest, middle * chance.lognormvariate(0, spread))
    return Order(moment, account_id, profiles, tier, ran_s)
