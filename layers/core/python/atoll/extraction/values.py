"""Stored numbers and what they mean: fill, packing (CF 2.5.1, 8.1)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.attributes import OF_STORED_TYPE, PACKING, VALID, numbers, of_type, typed
from atoll.extraction.netcdf_file import AttributeValue
from atoll.model.coverage import Packed, Variable
from atoll.model.request import Packing

type Array = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Meaning:
    """How a variable's stored values are written and counted.

    Attributes:
        dtype: as they will be written, in the machine's byte order.
        missing: stored values that mean "no data".
        unpack: None = values are written as they are stored.
        unsigned: stored integers are to be read without a sign before unpacking.
    """

    dtype: np.dtype[np.generic]
    missing: tuple[Array, ...]
    unpack: Packed | None = None
    unsigned: bool = False

    def written(self, stored: Array) -> Array:
        """Values as they will be written."""
        if self.unpack is None:
            return stored.astype(self.dtype, copy=False)
        plain = stored.view(stored.dtype.str.replace("i", "u")) if self.unsigned else stored
        # Computed in double: a float32 product would differ in its last bit from what
        # readers compute that unpack in double.
        physical = plain.astype(np.float64)
        physical *= self.unpack.scale_factor
        physical += self.unpack.add_offset
        found = physical.astype(self.dtype, copy=False)
        for value in self.missing:
            found[stored == value] = np.nan
        return found

    def count(self, stored: Array) -> int:
        """Cells that have data."""
        empty = np.isnan(stored) if stored.dtype.kind == "f" else None
        for value in self.missing:
            same = stored == value
            empty = same if empty is None else empty | same
        return stored.size - (0 if empty is None else int(np.count_nonzero(empty)))


def stored_as(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type that NetCDF has for it: little-endian; truth is a byte."""
    return np.dtype(np.int8) if dtype.kind == "b" else dtype.newbyteorder("=")


def meaning(variable: Variable, dtype: np.dtype[np.generic], packing: Packing) -> Meaning:
    """What to do with a variable whose values come in `dtype`."""
    missing = []
    for name in ("_FillValue", "missing_value"):
        if name in variable.attributes:
            values = np.atleast_1d(np.asarray(of_type(variable.attributes[name], dtype)))
            missing += [value.reshape(()) for value in values if value == value]  # noqa: PLR0124 -- not NaN
    distinct = tuple({value.item(): value for value in missing}.values())
    if packing == "decode" and variable.packed is not None:
        unsigned = variable.attributes.get("_Unsigned") == "true" and dtype.kind == "i"
        return Meaning(np.dtype(variable.packed.dtype), distinct, variable.packed, unsigned)
    return Meaning(stored_as(dtype), distinct)


def written_attributes(
    variable: Variable, meant: Meaning, present: frozenset[str]
) -> dict[str, AttributeValue]:
    """The variable's attributes, in the types of what will be written."""
    if meant.unpack is None:
        return typed(variable.attributes, meant.dtype, present, variable.packed)
    gone = OF_STORED_TYPE | {*PACKING, "_Unsigned"}
    plain = {name: value for name, value in variable.attributes.items() if name not in gone}
    fill: dict[str, AttributeValue] = {"_FillValue": np.array([np.nan], meant.dtype)}
    return fill | typed(plain, meant.dtype, present) | _valid(variable, meant)


def _valid(variable: Variable, meant: Meaning) -> dict[str, AttributeValue]:
    """Valid limits, which are in stored numbers, as physical ones."""
    packed = meant.unpack or Packed(dtype=meant.dtype.str)
    upside_down = packed.scale_factor < 0
    other = {"valid_min": "valid_max", "valid_max": "valid_min", "valid_range": "valid_range"}
    found: dict[str, AttributeValue] = {}
    for name in VALID:
        if name in variable.attributes:
            limits = np.sort(
                np.array(numbers(variable.attributes[name])) * packed.scale_factor
                + packed.add_offset
            )
            found[other[name] if upside_down else name] = limits.astype(meant.dtype)
    return found
