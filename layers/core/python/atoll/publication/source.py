"""Reads NetCDF files as they are: raw numbers, raw attributes, no decoding of any kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from atoll.errors import DataError, InvalidParameter
from atoll.model.coverage import Attribute, Attributes
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region

_NUMBERS = "iuf"


@contextmanager
def open_source(path: Path) -> Iterator[Contents]:
    """Open one file; its fields can be read as long as the context lasts.

    Raises:
        InvalidParameter: there is no such file.
        DataError: it is not NetCDF, or it is cut off.
    """
    if not path.is_file():
        raise InvalidParameter("FILE", str(path), "a NetCDF file that exists is needed")
    try:
        dataset = netCDF4.Dataset(path)
    except (OSError, RuntimeError) as error:
        raise DataError(f"{path.name}: not a NetCDF file, or cut off ({error})") from error
    with dataset:
        dataset.set_auto_maskandscale(False)
        dataset.set_auto_chartostring(False)
        yield Contents(
            origin=path.name,
            fields={name: _field(each, path.name) for name, each in dataset.variables.items()},
            attributes=_attributes(dataset),
            groups=tuple(_groups(dataset)),
        )


def _groups(group: netCDF4.Dataset, path: str = "") -> Iterator[str]:
    """Paths of the groups below one that hold variables."""
    for name, each in group.groups.items():
        if each.variables:
            yield f"{path}{name}"
        yield from _groups(each, f"{path}{name}/")


def plain(value: object) -> Attribute:
    """An attribute as JSON can hold it; NaN and infinity become their names."""
    if isinstance(value, str):
        return value
    values = np.asarray(value)
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        values = values.astype("U")
    items = (values[0] if values.shape == (1,) else values).tolist()
    if isinstance(items, list):
        return items
    return items if isinstance(items, str | int | float | bool) else str(items)


def _attributes(holder: netCDF4.Dataset | netCDF4.Variable[Any]) -> Attributes:
    return {name: plain(holder.getncattr(name)) for name in holder.ncattrs()}


def _field(variable: netCDF4.Variable[Any], origin: str) -> Field:
    dtype = np.dtype(variable.dtype)
    return Field(
        name=variable.name,
        dimensions=tuple(variable.dimensions),
        shape=tuple(variable.shape),
        dtype=dtype.newbyteorder("<"),
        attributes=_attributes(variable),
        read=_reader(variable, origin),
    )


def _reader(variable: netCDF4.Variable[Any], origin: str) -> Reader:
    dtype = np.dtype(variable.dtype).newbyteorder("<")

    def read(region: Region) -> Numbers:
        try:
            values = np.asarray(variable[region or ...])
        except (OSError, RuntimeError, IndexError) as error:
            raise DataError(f"{origin}: {variable.name} cannot be read ({error})") from error
        return np.array(values, dtype=dtype).reshape([s.stop - s.start for s in region])

    return read


def is_numeric(field: Field) -> bool:
    """Integers and floating point; CF's texts and flags as characters are not stored."""
    return field.dtype.kind in _NUMBERS
