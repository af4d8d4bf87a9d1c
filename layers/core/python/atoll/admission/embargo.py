"""The newest of a dataset, kept back from some."""

from datetime import UTC, date, datetime, time, timedelta

from atoll.admission.entitlement import rule_of
from atoll.errors import Embargoed
from atoll.model.coverage import Axis, Coverage
from atoll.model.job import Account
from atoll.model.moment import Moment
from atoll.model.plan import SubsetPlan
from atoll.model.policy import Embargo, Policy
from atoll.model.request import Interval
from atoll.planning.axes import positions_within, tolerance_of
from atoll.planning.calendar import number_of
from atoll.planning.calendars import JULIAN, calendar_named
from atoll.planning.clock import SECONDS_PER_DAY, clock_of
from atoll.planning.nodes import Nodes
from atoll.planning.period import time_text

# The first Gregorian day, and what the Julian calendar calls it: 5 October 1582.
_REFORM = date(1582, 10, 15)
_REFORM_IN_JULIAN = JULIAN.days_before(1582) + 277


def embargoed(
    plan: SubsetPlan, coverage: Coverage, account: Account, policy: Policy, now: datetime
) -> Embargoed | None:
    """The refusal of a plan that reaches into the time that is kept back from the account.

    What has no times, and a climatology, is never kept back. An axis whose numbers cannot be
    told as dates is kept back wholly: nobody can say how old it is.

    Args:
        plan: made from this coverage.
        coverage: of the plan's revision.
        account: who asks.
        policy: in force.
        now: when.
    """
    axis = coverage.axis_of("T")
    planned = next((one for one in plan.axes if axis is not None and one.name == axis.name), None)
    embargo = _embargo_on(plan.dataset, account, policy)
    if embargo is None or axis is None or planned is None or axis.climatology:
        return None
    newest, last = _newest(axis, embargo, now), max(planned.first, planned.last)
    if newest is not None and last <= newest:
        return None
    return _refusal(axis, last, newest, embargo)


def _embargo_on(dataset: str, account: Account, policy: Policy) -> Embargo | None:
    rule = rule_of(policy, dataset)
    embargo = None if rule is None else rule.embargo
    if embargo is None or not set(embargo.except_profiles).isdisjoint(account.profiles):
        return None
    return embargo


def _newest(axis: Axis, embargo: Embargo, now: datetime) -> float | None:
    """The newest node that is not kept back; None = all are."""
    if clock_of(axis.units, axis.calendar) is None:
        return None
    limit = _number_at(now - timedelta(days=embargo.newest_days), axis)
    nodes = Nodes(axis)
    bounds = Interval(lower=None, upper=limit + tolerance_of(axis))
    allowed = positions_within(nodes, bounds, "inside")
    return nodes[allowed[-1]] if allowed else None


def _number_at(instant: datetime, axis: Axis) -> float:
    """An instant as a number of the axis, in its calendar; an earlier one where it has no such day.

    The Julian calendar calls the same day otherwise. Those of models (`360_day`, `noleap`)
    call it as we do, and lack some: there, the end of the day before counts.
    """
    at = instant.astimezone(UTC)
    second = (at - datetime.combine(at, time(), UTC)).total_seconds()
    calendar, day = calendar_named(axis.calendar), (at.year, at.month, at.day)
    if calendar is JULIAN:
        day = JULIAN.date(_REFORM_IN_JULIAN + at.toordinal() - _REFORM.toordinal())
    elif calendar is not None and calendar.day_number(day) is None:
        day, second = (at.year, at.month, at.day - 1), SECONDS_PER_DAY - 1.0
    moment = Moment(year=day[0], month=day[1], day=day[2], second=second)
    return number_of(moment, axis.units, axis.calendar)


def _refusal(axis: Axis, last: float, newest: float | None, embargo: Embargo) -> Embargoed:
    allowed = None if newest is None else time_text(axis, newest)
    told = "no time is older" if allowed is None else f"times up to {allowed} are delivered"
    return Embargoed(
        f"datetime: the request reaches to {time_text(axis, last)}; the newest "
        f"{embargo.newest_days:g} days are kept back from this account, and {told}.",
        {
            "parameter": "datetime",
            "value": time_text(axis, last),
            "newest_days": embargo.newest_days,
            "newest_allowed": allowed,
        },
    )
