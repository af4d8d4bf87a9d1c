"""Levels of a vertical axis: depths in metres, positive down, whatever the axis counts."""

from dataclasses import dataclass
from decimal import Decimal

from atoll.model.coverage import Axis, RegularValues
from atoll.planning.depth import depth_scale
from atoll.planning.nodes import Nodes

MOST_LEVELS = 20_000  # `availableDepths` has no shorter form, and a document has a limit
_METRE = "m"


@dataclass(frozen=True, slots=True)
class Levels:
    """A vertical axis, rising: from the surface down where it is measured in length.

    Attributes:
        values: lowest first.
        units: `m`, or the axis's own where it is not measured in length: pressures stay so.
        step: None = irregular.
        digits: decimals that are written; None = all.
    """

    values: tuple[float, ...]
    units: str
    step: float | None
    digits: int | None

    def text(self, value: float) -> str:
        """A level or a step as it is written."""
        return plain(value) if self.digits is None else f"{round(value, self.digits) + 0.0:.5f}"

    @property
    def ends(self) -> tuple[str, str] | None:
        """The first and the last; None = there is none."""
        return (self.text(self.values[0]), self.text(self.values[-1])) if self.values else None


def levels_of(axis: Axis) -> Levels:
    """The levels of a vertical axis."""
    scale = depth_scale(axis)
    step = abs(axis.values.step) if isinstance(axis.values, RegularValues) else None
    if scale is None:
        return Levels(tuple(Nodes(axis)), axis.units, step, None)
    values = tuple(sorted(scale.depth_m(value) for value in Nodes(axis)))
    return Levels(values, _METRE, None if step is None else step * abs(scale.unit_m), 5)


def plain(value: float) -> str:
    """A number as `xsd:decimal` has it: all its digits and no exponent.

    Examples:
        >>> plain(-180.0), plain(1.5e9), plain(2e-7), plain(-0.0)
        ('-180.0', '1500000000.0', '0.0000002', '0.0')
    """
    return f"{Decimal(repr(value + 0.0)):f}"
