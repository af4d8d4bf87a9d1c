"""What one user who floods a unit does to the others, under a policy and under none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from atoll.admission.estimates import Spread
from atoll.admission.queue import Allowances, free_slots, next_jobs
from atoll.admission.simulation import Fate, Order, Rule, simulate
from atoll.admission.waits import waits_by_account
from atoll.dialects.policy import parse_policy
from atoll.model.job import Tier
from atoll.model.policy import Policy, QueueRules
from atoll.model.queue import Held, Waiting
from tests.simulation.population import FLOODER

POLICY_FILE = Path(__file__).parent / "policy.yaml"
POLICY = parse_policy(POLICY_FILE.read_text(), None)
# The same slots, and whoever asks for all of them may have them.
NO_LIMITS = Policy(queue=POLICY.queue)
# More than this is growth; the same wait in other digits is not.
GROWTH, ROUNDING_S = 1.1, 1e-6


@dataclass(frozen=True, slots=True)
class Study:
    """A unit's day without and with a flood.

    Attributes:
        calm, flooded: what became of the orders; the flooder's own are only in the second.
    """

    calm: list[Fate]
    flooded: list[Fate]

    @property
    def others(self) -> list[Fate]:
        """What became of everybody else's orders in the flood."""
        return [fate for fate in self.flooded if fate.order.account_id != FLOODER]

    @property
    def of_flooder(self) -> list[Fate]:
        return [fate for fate in self.flooded if fate.order.account_id == FLOODER]

    @property
    def grown(self) -> list[str]:
        """Accounts whose p95 wait has grown by more than 10 %; from none to any is more."""
        calm, flooded = p95_s(self.calm), p95_s(self.others)
        return [one for one in calm if flooded[one] > GROWTH * calm[one] + ROUNDING_S]


def study(
    day: Sequence[Order], flood: Iterable[Order], policy: Policy, rule: Rule = next_jobs
) -> Study:
    return Study(simulate(day, policy, rule), simulate([*day, *flood], policy, rule))


def p95_s(fates: Iterable[Fate]) -> dict[str, float]:
    """Account -> its p95 wait."""
    return {one: Spread.of(waits).p95_s for one, waits in waits_by_account(fates).items()}


def first_come(
    waiting: Iterable[Waiting],
    held: Sequence[Held],
    _allowances: Allowances,
    rules: QueueRules,
    tier: Tier,
) -> list[tuple[Waiting, int]]:
    """First come, first served: what MOTU's queues did within a priority."""
    in_order = sorted(waiting, key=lambda job: (job.since, job.job_id))
    return list(zip(in_order, free_slots(held, rules, tier), strict=False))
