"""Depths in metres, positive down, on whatever vertical axis a file has."""

from dataclasses import dataclass

from atoll.errors import InvalidParameter
from atoll.model.coverage import Axis
from atoll.model.request import Interval, Selection
from atoll.planning.axes import index_range
from atoll.planning.lengths import length_m
from atoll.planning.nodes import Nodes
from atoll.planning.refusals import Wording

_UPWARD_NAMES = ("height", "altitude", "elevation")


@dataclass(frozen=True, slots=True)
class DepthScale:
    """Values of a vertical axis as depths.

    Attributes:
        unit_m: metres of one unit, negative where the axis counts upwards.
    """

    unit_m: float

    def depth_m(self, value: float) -> float:
        """The depth of a value; never -0."""
        return value * self.unit_m + 0.0

    def interval(self, depth_m: Interval) -> Interval:
        """An interval of depths in the axis's own units."""
        upward = self.unit_m < 0
        shallow, deep = (
            None if bound is None else bound / self.unit_m
            for bound in (depth_m.lower, depth_m.upper)
        )
        return (
            Interval(lower=deep, upper=shallow) if upward else Interval(lower=shallow, upper=deep)
        )


def depth_range(axis: Axis, depth_m: Interval, selection: Selection) -> range:
    """The stored indices of the levels that an interval of depths takes.

    Raises:
        EmptySelection: no level is taken.
        InvalidParameter: the axis is not measured in length, or as index_range.
    """
    scale = depth_scale(axis)
    if scale is None:
        raise InvalidParameter(
            "depth",
            [depth_m.lower, depth_m.upper],
            f"axis {axis.name} is in {axis.units!r}, not in a unit of length; "
            f"bound it under axes by its name, in its own units",
        )
    words = Wording("depth", axis.name, scale.depth_m, reverses=scale.unit_m < 0)
    return index_range(axis, scale.interval(depth_m), selection, words)


def depth_scale(axis: Axis) -> DepthScale | None:
    """How the values of a vertical axis are depths; None = it is not measured in length."""
    unit_m = length_m(axis.units)
    if unit_m is None:
        return None
    return DepthScale(-unit_m if counts_upwards(axis) else unit_m)


def counts_upwards(axis: Axis) -> bool:
    """Whether larger values lie higher: as `positive` says, or the name, or the values' sign.

    Examples:
        >>> from atoll.model.coverage import ExplicitValues
        >>> counts_upwards(Axis(name="z", role="Z", dtype="<f8", units="m",
        ...                     values=ExplicitValues(values=(-20.0, -10.0, 0.0))))
        True
    """
    if axis.positive is not None:
        return axis.positive == "up"
    names = f"{axis.name} {axis.attributes.get('standard_name', '')}".lower()
    if any(name in names for name in _UPWARD_NAMES):
        return True
    nodes = Nodes(axis)
    return bool(nodes) and nodes[-1] <= 0 and nodes[0] < 0
