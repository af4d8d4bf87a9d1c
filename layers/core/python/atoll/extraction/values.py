"""Stored numbers and what they mean: fill, packing (CF 2.5.1, 8.1)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.attributes import (
    OF_STORED_TYPE,
    PACKING,
    VALID,
    as_written,
    in_type,
    numbers,
    physical,
    swapped,
    typed,
)
from atoll.extraction.codecs import scratch
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

    def empty(self, stored: Array) -> NDArray[np.bool_]:
        """Say of each cell whether it has no data."""
        found = np.isnan(stored) if stored.dtype.kind == "f" else np.zeros(stored.shape, np.bool_)
        for value in self.missing:
            found |= stored == value
        return found

    def count(self, stored: Array) -> int:
        """Cells that have data."""
        # No cell fails two of the tests. Their answers go where others went before: memory
        # fresh from the system costs more than they do.
        found = scratch(stored.size).view(np.bool_).reshape(stored.shape)
        empty = np.count_nonzero(np.isnan(stored, out=found)) if stored.dtype.kind == "f" else 0
        for value in self.missing:
            empty += np.count_nonzero(np.equal(stored, value, out=found))
        return stored.size - int(empty)


def stored_as(dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type that NetCDF has for it: truth is a byte, a half float is a float."""
    if dtype.kind == "b":
        return np.dtype(np.int8)
    native = dtype.newbyteorder("=")
    return np.dtype(np.float32) if native == np.float16 else native


def moved_as(dtype: np.dtype[np.generic], *, packed: bool = False) -> np.dtype[np.generic]:
    """A type that holds longitudes of this one when whole turns are added to them."""
    if dtype.kind not in "iu":
        return dtype
    signed = np.promote_types(dtype, np.int32 if packed else np.int16)
    return signed if signed.kind == "i" else np.dtype(np.int64)


def meaning(variable: Variable, dtype: np.dtype[np.generic], packing: Packing) -> Meaning:
    """What to do with a variable whose values come in `dtype`."""
    missing = []
    for name in ("_FillValue", "missing_value"):
        for item in numbers(variable.attributes.get(name, [])) or []:
            value = in_type([item], dtype)
            if value is not None and value[0] == value[0]:  # not NaN
                missing.append(value.reshape(()))
    distinct = tuple({value.item(): value for value in missing}.values())
    if packing == "decode" and variable.packed is not None:
        said = str(variable.attributes.get("_Unsigned")).lower() == "true"
        unsigned = said and dtype.kind == "i"
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
    """Valid limits as physical numbers, which they may be already (NUG)."""
    packed = meant.unpack or Packed(dtype=meant.dtype.str)
    integers = np.dtype(variable.dtype).kind in "iu"
    found: dict[str, AttributeValue] = {}
    for name in VALID:
        if name not in variable.attributes:
            continue
        said = variable.attributes[name]
        items = numbers(said)
        if items is None:
            found[name] = as_written(said)
            continue
        limits = np.array(items, np.float64)
        if integers and physical(said):
            found[name] = limits.astype(meant.dtype)
            continue
        if meant.unsigned:
            limits %= 2.0 ** (8 * np.dtype(variable.dtype).itemsize)
        limits = np.sort(limits * packed.scale_factor + packed.add_offset)
        found[swapped(name, packed)] = limits.astype(meant.dtype)
    return found
