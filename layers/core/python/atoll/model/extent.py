"""What a subset really covers: every reply states it."""

from atoll.model.coverage import Role
from atoll.model.value import Value


class AxisExtent(Value):
    """One axis of the output.

    Attributes:
        axis: name.
        first, last: values at the ends of the output, in `units`.
        first_time, last_time: ISO 8601 in the axis's calendar; of T only.
    """

    axis: str
    role: Role
    units: str
    count: int
    first: float
    last: float
    first_time: str | None = None
    last_time: str | None = None


class Extent(Value):
    """All axes of the output.

    Attributes:
        native_grid_rectangle: the result is a rectangle of a 2-d grid that covers the box,
            not the box itself.
    """

    axes: tuple[AxisExtent, ...]
    native_grid_rectangle: bool = False
