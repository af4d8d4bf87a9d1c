"""`make simulate`: who waits how long in a day of 19 units, one of them flooded by one user."""

import sys
from collections.abc import Sequence

from atoll.admission.queue import next_jobs
from atoll.admission.simulation import Fate, simulate
from atoll.admission.waits import waits_by_account, waits_by_profile
from atoll.client.columns import in_columns
from tests.simulation.population import a_day, a_flood
from tests.simulation.study import NO_LIMITS, POLICY, Study, first_come, p95_s, study
from tests.simulation.test_flood import UNITS, USERS, work_s

FLOOD = 10_000
# Without limits the queue is as long as the flood; a smaller one shows the same in seconds.
FEWER_USERS, SMALLER_FLOOD = 800, 1_500
RULES = [
    ("this policy, our order", POLICY, next_jobs),
    ("no limits, our order", NO_LIMITS, next_jobs),
    ("no limits, first come first served", NO_LIMITS, first_come),
]


def main() -> None:
    """Print the tables."""
    tell = sys.stdout.write
    days = {unit: a_day(unit, USERS) for unit in UNITS}
    head = ("unit", "users", "orders", "waited", "p95_s of the worst user", "longest_s")
    calm = [(f"{unit}", *_row(simulate(days[unit], POLICY))) for unit in UNITS]
    tell(f"A calm day of {len(UNITS)} units of {USERS} users\n{in_columns(head, calm)}\n")

    busiest = max(UNITS, key=lambda unit: work_s(days[unit]))
    seen = study(days[busiest], a_flood(busiest, FLOOD), POLICY)
    tell(f"Unit {busiest}, the busiest; one user orders {FLOOD} times from nine o'clock on\n")
    tell(f"{_before_and_after(seen)}\n")

    day, flood = a_day(1, FEWER_USERS), a_flood(1, SMALLER_FLOOD)
    rows = [(name, *_harm(study(day, flood, policy, rule))) for name, policy, rule in RULES]
    tell(f"{FEWER_USERS} users and one who orders {SMALLER_FLOOD} times\n")
    tell(in_columns(("", "users whose p95 grew > 10 %", "longest_s of others"), rows))


def _row(fates: Sequence[Fate]) -> tuple[str, ...]:
    waits = waits_by_account(fates)
    waited = sum(wait[-1] > 0 for wait in waits.values())
    longest_s = max(wait[-1] for wait in waits.values())
    worst_s = max(p95_s(fates).values())
    return f"{len(waits)}", f"{len(fates)}", f"{waited}", f"{worst_s:.0f}", f"{longest_s:.0f}"


def _before_and_after(seen: Study) -> str:
    """The others' waits without and with the flood; then what became of the flood."""
    head = ("tier", "profiles", "orders", "p50_s", "p95_s", "max_s", "p95_s", "max_s in the flood")
    pairs = zip(waits_by_profile(seen.calm), waits_by_profile(seen.others), strict=True)
    rows = [
        (
            *(calm.tier, " ".join(calm.profiles) or "-", f"{calm.orders}"),
            *(f"{calm.spread.p50_s:.0f}", f"{calm.spread.p95_s:.0f}", f"{calm.longest_s:.0f}"),
            *(f"{flooded.spread.p95_s:.0f}", f"{flooded.longest_s:.0f}"),
        )
        for calm, flooded in pairs
    ]
    refused = sum(fate.refused for fate in seen.of_flooder)
    return (
        f"{in_columns(head, rows, texts=2)}"
        f"users whose p95 wait grew by more than 10 %: {len(seen.grown)}\n"
        f"of the flood {refused} orders were refused, the others carried out\n"
    )


def _harm(seen: Study) -> tuple[str, str]:
    longest_s = max(fate.waited_s or 0 for fate in seen.others)
    return f"{len(seen.grown)}", f"{longest_s:.0f}"


if __name__ == "__main__":
    main()
