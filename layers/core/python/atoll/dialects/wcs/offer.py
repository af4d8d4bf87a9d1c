"""Which coverages a dataset offers: one for each data variable on a regular map.

A coverage is offered in the one form that GDAL, OWSLib and QGIS read alike: a rectified grid of
two dimensions, latitude and longitude, whose further axes (time, depth) may be cut, and are
sliced where they are not.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from atoll.dialects.wcs.names import coverage_id, ncname
from atoll.model.coverage import Axis, Coverage, RegularValues, Variable
from atoll.planning.depth import DepthScale, counts_upwards, depth_scale
from atoll.planning.nodes import Nodes, value_at
from atoll.planning.trims import counts_latitude

LATITUDE, LONGITUDE, TIME, DEPTH = "Lat", "Long", "time", "depth"
EVEN = 1e-3  # of a step: single precision, and decimals of a file


@dataclass(frozen=True)
class Offer:
    """A variable that is offered as a coverage.

    Attributes:
        dataset: it belongs to.
        variable: its data.
    """

    dataset: Coverage
    variable: Variable

    @property
    def coverage_id(self) -> str:
        """Its id on the wire."""
        return coverage_id(self.dataset.dataset, self.variable.name)

    @property
    def field(self) -> str:
        """The name of its one field."""
        return ncname(self.variable.name)

    @cached_property
    def axes(self) -> dict[str, Axis]:
        """Its axes by label: latitude, longitude, time, then the others as they are stored.

        Time is third: GDAL takes the begin and end of an envelope for the third.
        """
        own = [self.dataset.axis_by_name[name] for name in self.variable.dimensions]
        order = {"Y": 0, "X": 1, "T": 2}
        ranked = sorted(own, key=lambda axis: order.get(axis.role, len(order)))
        labels = _labels(ranked)
        return {labels[axis.name]: axis for axis in ranked}

    @property
    def further(self) -> dict[str, Axis]:
        """Axes beside latitude and longitude."""
        return {
            label: axis for label, axis in self.axes.items() if label not in (LATITUDE, LONGITUDE)
        }


def offers(dataset: Coverage) -> Iterator[Offer]:
    """The coverages of a dataset, in the order of its variables."""
    # Once for all its variables: thousands of nodes are looked at.
    if next(_faults_of_map(dataset), None) is not None:
        return
    for variable in dataset.variables:
        if variable.role == "data" and next(_faults(dataset, variable), None) is None:
            yield Offer(dataset, variable)


def not_offered(dataset: Coverage, variable: Variable) -> str | None:
    """Why a variable is no coverage; None = it is one.

    The nodes of a rectified grid are evenly spaced; a grid of 2-d coordinates, or of uneven
    ones, has no form that clients of WCS read.
    """
    return next(chain(_faults_of_map(dataset), _faults(dataset, variable)), None)


def _faults_of_map(dataset: Coverage) -> Iterator[str]:
    row, column = dataset.axis_of("Y"), dataset.axis_of("X")
    if row is None or column is None or not column.wraps or not counts_latitude(row):
        yield "the dataset has no axes of longitude and latitude"
        return
    for axis in (row, column):
        if axis.size <= 1 or not _is_even(axis):
            yield f"the nodes of {axis.name} are not evenly spaced"


def _faults(dataset: Coverage, variable: Variable) -> Iterator[str]:
    """Why a variable of a dataset that has a map does not lie on it."""
    flat = {axis.name for axis in dataset.axes if axis.role in ("X", "Y")}
    if not flat <= set(variable.dimensions):
        yield "it does not lie on longitudes and latitudes"
    for name in variable.dimensions:
        axis = dataset.axis_by_name.get(name)
        if axis is None or axis.size == 0:
            yield f"its dimension {name} is no axis"


def step_of(axis: Axis) -> float:
    """The mean step of an axis, in its units; negative where it falls."""
    return (value_at(axis, axis.size - 1) - value_at(axis, 0)) / (axis.size - 1)


def shown_value(axis: Axis, value: float) -> float:
    """A value in the units of its label: of a depth, metres, positive down."""
    scale = scale_of(axis)
    return value if scale is None else scale.depth_m(value)


def scale_of(axis: Axis) -> DepthScale | None:
    """How an axis counts depths; None where it does not, whatever its name is."""
    return depth_scale(axis) if axis.role == "Z" else None


def default_value(axis: Axis) -> float:
    """Where an axis is sliced if nothing is said: the last time, the top, or the first node."""
    nodes = Nodes(axis)
    if axis.role == "T":
        return nodes[-1]
    if axis.role == "Z":
        return nodes[-1] if counts_upwards(axis) else nodes[0]
    return value_at(axis, 0)


def _labels(axes: list[Axis]) -> dict[str, str]:
    """Labels by name, each once in whatever case; words for a role are its axis's own."""
    labels: dict[str, str] = {}
    taken = {"i", "j", "lon"}  # which the two of the map are called too
    for axis in sorted(axes, key=lambda one: one.role == "other"):
        label = _label(axis)
        while label.lower() in taken:
            label += "_"
        taken.add(label.lower())
        labels[axis.name] = label
    return labels


def _label(axis: Axis) -> str:
    if scale_of(axis) is not None:
        return DEPTH
    roles = {"Y": LATITUDE, "X": LONGITUDE, "T": TIME}
    return roles.get(axis.role) or ncname(axis.name)


def _is_even(axis: Axis) -> bool:
    if isinstance(axis.values, RegularValues):
        return True
    first, step = value_at(axis, 0), step_of(axis)
    return all(
        abs(value - (first + index * step)) <= EVEN * abs(step)
        for index, value in enumerate(axis.values.values)
    )
