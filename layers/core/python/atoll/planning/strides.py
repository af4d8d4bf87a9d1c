"""Every n-th node: by an axis's name, or by the word for its role."""

from collections.abc import Mapping

from atoll.errors import InvalidParameter, UnknownAxis
from atoll.model.coverage import Axis, Coverage, Role
from atoll.planning.curvilinear import native_grid

ROLE_WORDS: Mapping[str, Role] = {"longitude": "X", "latitude": "Y", "depth": "Z", "time": "T"}


def strides_by_axis(strides: Mapping[str, int], coverage: Coverage) -> dict[str, int]:
    """The stride of each axis that has one, by its name.

    Args:
        strides: axis name or role word -> every n-th; a name wins over a word.
        coverage: whose axes these are.

    Raises:
        UnknownAxis: there is no such axis.
        InvalidParameter: below 1, above the axis's size, or said twice of an axis.
    """
    by_axis: dict[str, int] = {}
    for key, stride in strides.items():
        axis = _axis(key, coverage)
        if not 1 <= stride <= axis.size:
            accepted = f"a whole number from 1 to {axis.size}, the size of axis {axis.name}"
            raise InvalidParameter(f"stride.{key}", stride, accepted)
        if by_axis.setdefault(axis.name, stride) != stride:
            raise InvalidParameter(
                f"stride.{key}", stride, f"axis {axis.name} has another stride already"
            )
    return by_axis


def named_axis(name: str, parameter: str, coverage: Coverage) -> Axis:
    """The axis of that name.

    Raises:
        UnknownAxis: there is none; the facts list those that exist.
    """
    axis = coverage.axis_by_name.get(name)
    if axis is None:
        existing = [one.name for one in coverage.axes]
        raise UnknownAxis(
            f"{parameter}: {coverage.dataset} has no axis {name[:80]!r}; "
            f"it has {', '.join(existing)}",
            {"parameter": parameter, "value": name[:80], "axes": [*existing]},
        )
    return axis


def _axis(key: str, coverage: Coverage) -> Axis:
    role = None if key in coverage.axis_by_name else ROLE_WORDS.get(key)
    if role is None:
        return named_axis(key, "stride", coverage)
    grid = native_grid(coverage)
    if grid is not None and key in ("longitude", "latitude"):
        rows, columns = grid.dimensions
        return coverage.axis_by_name[columns if key == "longitude" else rows]
    return coverage.axis_of(role) or named_axis(key, "stride", coverage)
