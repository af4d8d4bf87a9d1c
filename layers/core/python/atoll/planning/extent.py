"""What a plan delivers, in the terms of who asked: every door states it."""

from atoll.model.coverage import Axis, Coverage, Role
from atoll.model.plan import AxisPlan, SubsetPlan
from atoll.model.value import Value
from atoll.planning.curvilinear import native_grid
from atoll.planning.period import time_text


class AxisExtent(Value):
    """The part of one axis that is delivered.

    Attributes:
        name, role, units: of the axis.
        count: of nodes.
        first, last: values at the ends of the output, in `units`.
        first_text, last_text: of a time, ISO 8601 (a climatology's numbers as they are); None
            elsewhere.
    """

    name: str
    role: Role
    units: str
    count: int
    first: float
    last: float
    first_text: str | None = None
    last_text: str | None = None


class Extent(Value):
    """The bounds really delivered.

    Attributes:
        axes: in the plan's order.
        native_rectangle: the result is a rectangle of the rows and columns of a 2-d grid; it
            covers the box, and reaches beyond it.
    """

    axes: tuple[AxisExtent, ...]
    native_rectangle: bool


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
    )
