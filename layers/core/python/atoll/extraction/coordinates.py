"""Coordinate variables of the result, from the description alone."""

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.attributes import typed
from atoll.extraction.netcdf_file import FileVariable
from atoll.extraction.values import stored_as
from atoll.model.coverage import Axis, RegularValues
from atoll.model.plan import AxisPlan


def axis_values(axis: Axis, plan: AxisPlan) -> NDArray[np.generic]:
    """The planned nodes' values, in the stored type; longitudes moved by their piece's shift."""
    stored = np.dtype(axis.dtype)
    parts = []
    for piece in plan.pieces:
        nodes = np.arange(piece.start, piece.stop, piece.step)
        if isinstance(axis.values, RegularValues):
            values = axis.values.start + nodes * np.float64(axis.values.step)
        else:
            values = np.array([axis.values.values[node] for node in nodes], np.float64)
        parts.append((values.astype(stored).astype(np.float64) + piece.shift).astype(stored))
    return np.concatenate(parts).astype(stored_as(stored), copy=False)


def coordinate(axis: Axis, plan: AxisPlan, present: frozenset[str]) -> FileVariable:
    """The coordinate variable of one axis."""
    values = axis_values(axis, plan)
    attributes = typed(axis.attributes, values.dtype, present)
    return FileVariable(axis.name, values.dtype, (axis.name,), attributes, values)
