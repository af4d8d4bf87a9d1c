"""The map of a raster: north up, west left, whatever the order in which the source has it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atoll.errors import FormatUnfit
from atoll.model.coverage import Axis, Coverage
from atoll.model.plan import AxisPlan, SubsetPlan
from atoll.planning.cut import Box
from atoll.planning.nodes import value_at


@dataclass(frozen=True, slots=True)
class Map:
    """Rows from north to south, columns from west to east.

    Attributes:
        rows, columns: names of the axes Y and X.
        shape: how many nodes of each.
        turned: for each, whether the source has it the other way.
        west, north: of the map's edge, half a cell beyond its outer nodes.
        width, height: of a cell, in the axes' units.
    """

    rows: str
    columns: str
    shape: tuple[int, int]
    turned: tuple[bool, bool]
    west: float
    north: float
    width: float
    height: float

    def box(self, dimensions: tuple[str, ...], rows: range) -> Box:
        """Nodes of the source's order that some rows of the map are of."""
        length, width = self.shape
        along = range(length - rows.stop, length - rows.start) if self.turned[0] else rows
        taken = {self.rows: along, self.columns: range(width)}
        return tuple(taken.get(name, range(1)) for name in dimensions)

    def upright(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        """Values of such a box as rows of the map."""
        flat = values.reshape(-1, self.shape[1])
        down, left = (slice(None, None, -1 if turned else 1) for turned in self.turned)
        return flat[down, left]

    def strips(self, rows: int) -> Iterator[range]:
        """Runs of at most so many rows."""
        length = self.shape[0]
        return (range(at, min(at + rows, length)) for at in range(0, length, rows))


def map_of(coverage: Coverage, plan: SubsetPlan) -> Map:
    """The map of a plan.

    Raises:
        FormatUnfit: the grid has no X or no Y.
    """
    row, column = coverage.axis_of("Y"), coverage.axis_of("X")
    taken = {axis.name: axis for axis in plan.axes}
    if row is None or column is None or not {row.name, column.name} <= taken.keys():
        raise FormatUnfit(f"{coverage.dataset} has no axes of X and Y: a raster needs both")
    y, x = taken[row.name], taken[column.name]
    height, width = _cell(row, y), _cell(column, x)
    return Map(
        rows=row.name,
        columns=column.name,
        shape=(y.count, x.count),
        turned=(y.first < y.last, x.first > x.last),
        west=min(x.first, x.last) - width / 2,
        north=max(y.first, y.last) + height / 2,
        width=width,
        height=height,
    )


def _cell(axis: Axis, plan: AxisPlan) -> float:
    """Size of a cell; of a single node's, as far as to the next node of the source."""
    if plan.count > 1:
        return abs(plan.last - plan.first) / (plan.count - 1)
    node = plan.pieces[0].start
    beside = node + 1 if node + 1 < axis.size else node - 1
    return abs(value_at(axis, beside) - value_at(axis, node))
