"""Coordinate variables of the result, from the description alone."""

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.attributes import VALID, typed
from atoll.extraction.netcdf_file import FileVariable
from atoll.extraction.values import moved_as, stored_as
from atoll.model.coverage import Axis, RegularValues
from atoll.model.plan import AxisPlan


def axis_values(axis: Axis, plan: AxisPlan) -> NDArray[np.generic]:
    """The planned nodes' values, in the stored type; longitudes moved by their piece's shift.

    An integer type that would wrap is widened.
    """
    stored = np.dtype(axis.dtype)
    moved = moved_as(stored) if shifted(plan) else stored
    parts = []
    for piece in plan.pieces:
        nodes = np.arange(piece.start, piece.stop, piece.step)
        if isinstance(axis.values, RegularValues):
            values = axis.values.start + nodes * np.float64(axis.values.step)
        else:
            values = np.array([axis.values.values[node] for node in nodes], np.float64)
        parts.append((values.astype(stored).astype(np.float64) + piece.shift).astype(moved))
    return np.concatenate(parts).astype(stored_as(moved), copy=False)


def shifted(plan: AxisPlan) -> bool:
    """Say whether whole turns are added to some of its longitudes."""
    return any(piece.shift for piece in plan.pieces)


def coordinate(axis: Axis, plan: AxisPlan, present: frozenset[str]) -> FileVariable:
    """The coordinate variable of one axis."""
    values = axis_values(axis, plan)
    attributes = typed(axis.attributes, values.dtype, present)
    if shifted(plan):  # limits are of the source's turn
        attributes = {name: value for name, value in attributes.items() if name not in VALID}
    return FileVariable(axis.name, values.dtype, (axis.name,), attributes, values)
