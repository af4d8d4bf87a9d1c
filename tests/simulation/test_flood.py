"""One user floods a unit; the others do not notice."""

from statistics import quantiles

import pytest

from atoll.admission.queue import next_jobs
from atoll.admission.simulation import Order, Rule, simulate
from atoll.model.policy import Policy
from tests.simulation.population import a_day, a_flood
from tests.simulation.study import NO_LIMITS, POLICY, Study, first_come, study

pytestmark = pytest.mark.slow

UNITS = range(19)
USERS = 5_000


def demand_fairness(seen: Study) -> None:
    """What is promised to everybody else, and to the flooder too: nobody starves."""
    assert seen.grown == []
    assert all(fate.waited_s is not None for fate in seen.others)
    accepted = [fate for fate in seen.of_flooder if not fate.refused]
    assert len(accepted) < len(seen.of_flooder)
    assert all(fate.waited_s is not None for fate in accepted)


def test_others_do_not_notice_a_flood():
    demand_fairness(study(a_day(1, users=800), a_flood(1, 1_500), POLICY))


@pytest.mark.parametrize(
    ("policy", "rule"), [(NO_LIMITS, first_come), (NO_LIMITS, next_jobs)], ids=["fifo", "ours"]
)
def test_without_limits_they_do(policy: Policy, rule: Rule):
    """The promise can be broken: neither order alone keeps it."""
    seen = study(a_day(1, users=800), a_flood(1, 1_500), policy, rule)
    assert len(seen.grown) >= 20
    with pytest.raises(AssertionError):
        demand_fairness(seen)


def test_our_order_spares_them_more_than_the_first_come_order():
    day, flood = a_day(1, users=800), a_flood(1, 1_500)
    fifo, ours = (study(day, flood, NO_LIMITS, rule) for rule in (first_come, next_jobs))
    assert _p99_s(ours) < _p99_s(fifo) / 2


@pytest.mark.slow
def test_nineteen_units_of_five_thousand_users():
    days = {unit: a_day(unit, USERS) for unit in UNITS}
    busiest = max(UNITS, key=lambda unit: work_s(days[unit]))
    demand_fairness(study(days[busiest], a_flood(busiest, 10_000), POLICY))
    for unit in UNITS:
        assert all(fate.waited_s is not None for fate in simulate(days[unit], POLICY))


def _p99_s(seen: Study) -> float:
    return quantiles((fate.waited_s or 0 for fate in seen.others), n=100)[98]


def work_s(orders: list[Order]) -> float:
    return sum(order.ran_s for order in orders if order.tier == "medium")
