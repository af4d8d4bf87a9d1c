"""Bytes of arrays as they are written uncompressed."""

import re

from atoll.errors import DataError
from atoll.model.coverage import Axis, Variable
from atoll.model.request import Packing

_DTYPE = re.compile(r"[<>|=]?([?a-zA-Z])(\d*)(?:\[.*\])?")
_BYTES_PER_CHARACTER = 4  # of U, NumPy's Unicode text


def item_bytes(dtype: str) -> int:
    """Bytes of one value of a type in NumPy's notation.

    Raises:
        DataError: it has no fixed size.

    Examples:
        >>> item_bytes("<f4"), item_bytes("|S8"), item_bytes("<U5"), item_bytes("<M8[ns]")
        (4, 8, 20, 8)
    """
    said = _DTYPE.fullmatch(dtype)
    if said is None or not said[2]:
        raise DataError(f"values of type {dtype} have no fixed size", {"dtype": dtype})
    size = int(said[2])
    return size * _BYTES_PER_CHARACTER if said[1] == "U" else size


def output_dtype(variable: Variable, packing: Packing) -> str:
    """The type in which a variable is delivered, if the format has it; see `written_dtype`."""
    if packing == "decode" and variable.packed is not None:
        return variable.packed.dtype
    return variable.dtype


def coordinate_bytes(axis: Axis, count: int) -> int:
    """Bytes of a part of an axis's own coordinate variable; none where it has none."""
    return count * item_bytes(axis.dtype) if axis.has_coordinate else 0
