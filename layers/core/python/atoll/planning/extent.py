"""What a plan delivers, in the terms of who asked: every door states it."""

from fractions import Fraction

from atoll.model.coverage import Axis, Coverage
from atoll.model.extent import AxisExtent, Extent
from atoll.model.plan import AxisPlan, SubsetPlan
from atoll.planning.clock import SECONDS_PER_DAY, clock_of
from atoll.planning.curvilinear import native_grid
from atoll.planning.period import time_text


def delivered(plan: SubsetPlan, coverage: Coverage) -> Extent:
    """The bounds that a plan delivers.

    Args:
        plan: made from this coverage.
        coverage: of the plan's revision.
    """
    planned = {axis.name for axis in plan.axes}
    grid = native_grid(coverage)
    return Extent(
        axes=tuple(_extent(one, coverage.axis_by_name[one.name]) for one in plan.axes),
        native_rectangle=grid is not None and planned.issuperset(grid.dimensions),
    )


def _extent(plan: AxisPlan, axis: Axis) -> AxisExtent:
    timed = axis.role == "T"
    return AxisExtent(
        name=axis.name,
        role=axis.role,
        units=axis.units,
        count=plan.count,
        first=plan.first,
        last=plan.last,
        first_text=time_text(axis, plan.first) if timed else None,
        last_text=time_text(axis, plan.last) if timed else None,
        days=_days(plan, axis) if timed else None,
    )


def _days(plan: AxisPlan, axis: Axis) -> int | None:
    """Whole days between the ends, and one: an hour of one day is a day. Exact to the second."""
    clock = clock_of(axis.units, axis.calendar)
    if clock is None:
        return None
    span = Fraction(plan.last) - Fraction(plan.first)
    return round(abs(span) * clock.unit_s) // SECONDS_PER_DAY + 1
