"""A file's header and coordinates as NetCDF-4: all that a CF checker looks at.

Of the repaired file, whatever form it came in: what is checked is what shall be published.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from atoll.model.coverage import Attributes
from atoll.publication.companions import variable_roles
from atoll.publication.fields import Contents, Field
from atoll.publication.missing import numbers_of, packing_of

# Of the type of the numbers as they are stored (CF 1.11, 2.5.1, 3.5, 8.1).
_STORED = frozenset({"valid_min", "valid_max", "valid_range", "flag_values", "flag_masks"})
_PACKING = frozenset({"scale_factor", "add_offset"})
_OF_NUMBERS = "actual_range"  # cannot be compared where there are no numbers
_MOST_NUMBERS = 50_000  # of a grid or its cells: the checker takes 0.1 ms for each cell
_CHUNK = 1024

type Header = tuple[object, ...]


def header_of(contents: Contents) -> Header:
    """What two files that are checked alike have in common: all but lengths, numbers and texts."""
    fields = tuple((name, field.dimensions, field.dtype.str, repr(field.attributes))
                   for name, field in contents.fields.items())  # fmt: skip
    conventions = contents.attributes.get("Conventions")
    return (*fields, tuple(sorted(contents.attributes)), repr(conventions))


def write_skeleton(contents: Contents, path: Path) -> None:
    """Write it; data variables have no numbers and take no room."""
    with netCDF4.Dataset(path, "w", format="NETCDF4") as dataset:
        dataset.set_fill_on()
        dataset.setncatts({key: _typed(value) for key, value in contents.attributes.items()})
        for name, size in contents.sizes.items():
            dataset.createDimension(name, size)
        beside = set(_beside(contents))
        for field in contents.fields.values():
            _write(dataset, field, whole=field.name in beside)


def _beside(contents: Contents) -> Iterator[str]:
    """Coordinates, bounds and their like, but for large grids."""
    roles = variable_roles(contents)
    for name, field in contents.fields.items():
        small = len(field.shape) == 1 or math.prod(field.shape) <= _MOST_NUMBERS
        if roles.get(name) != "data" and small:
            yield name


def _write(dataset: netCDF4.Dataset, field: Field, *, whole: bool) -> None:
    chunks = [1] * len(field.shape)
    if chunks:
        chunks[-1] = min(_CHUNK, field.shape[-1])
    variable: netCDF4.Variable[Any] = dataset.createVariable(
        field.name, field.dtype.newbyteorder("="), field.dimensions, fill_value=field.fill_value,
        chunksizes=chunks or None,
    )  # fmt: skip
    variable.set_auto_maskandscale(False)
    variable.setncatts(_attributes(field, whole=whole))
    if whole:
        variable[...] = field.whole()


def _attributes(field: Field, *, whole: bool) -> dict[str, object]:
    told: Attributes = field.attributes
    packed = packing_of(field)
    attributes: dict[str, object] = {}
    for key, value in told.items():
        if key in _STORED:
            attributes[key] = np.array(numbers_of(value, field.dtype), field.dtype)
        elif key in _PACKING and packed is not None:
            attributes[key] = np.dtype(packed.dtype).type(value)
        elif whole or key != _OF_NUMBERS:
            attributes[key] = _typed(value)
    return attributes


def _typed(value: object) -> object:
    """An attribute as NetCDF tools write it: whole numbers in 32 bits where they fit."""
    numbers = np.asarray(value)
    if numbers.dtype.kind != "i":
        return value
    fits = np.all(np.abs(numbers) <= np.iinfo("i4").max)
    return numbers.astype("i4" if fits else "i8")
