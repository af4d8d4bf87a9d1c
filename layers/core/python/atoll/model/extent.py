"""The bounds really delivered, as every door states them and the ledger keeps them."""

from atoll.model.coverage import Role
from atoll.model.value import Value


class AxisExtent(Value):
    """The part of one axis that is delivered.

    Attributes:
        name, role, units: of the axis.
        count: of nodes.
        first, last: values at the ends of the output, in `units`.
        first_text, last_text: of a time, ISO 8601 (a climatology's numbers as they are); None
            elsewhere.
        days: of a time, the whole days from first to last, and one; None elsewhere, and where
            units have no fixed length.
    """

    name: str
    role: Role
    units: str
    count: int
    first: float
    last: float
    first_text: str | None = None
    last_text: str | None = None
    days: int | None = None


class Extent(Value):
    """The bounds really delivered.

    Attributes:
        axes: in the plan's order.
        native_rectangle: the result is a rectangle of the rows and columns of a 2-d grid; it
            covers the box, and reaches beyond it.
    """

    axes: tuple[AxisExtent, ...]
    native_rectangle: bool
