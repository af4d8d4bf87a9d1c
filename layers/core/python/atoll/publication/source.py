"""Reads files as they are: raw numbers, raw attributes, no decoding of any kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal

import netCDF4
import numpy as np

from atoll.errors import DataError, InvalidParameter
from atoll.model.coverage import Attribute, Attributes
from atoll.model.product import Product
from atoll.publication.classic import CLASSIC
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region
from atoll.publication.grib import open_grib

type Kind = Literal["NetCDF-3", "NetCDF-4", "GRIB"]

HDF5 = b"\x89HDF\r\n\x1a\n"
_NUMBERS = "iuf"
_FIRST_START = 512  # of an HDF5 file that something else comes before; then twice as far, and so on


def kind_of(path: Path) -> Kind | None:
    """What a file is by how it begins; None = nothing that is read here.

    NetCDF-4 is HDF5: whether it is NetCDF-4's shows when it is opened.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        if magic in CLASSIC:
            return "NetCDF-3"
        if magic == b"GRIB":
            return "GRIB"
        return "NetCDF-4" if hdf5_start(file) is not None else None


def hdf5_start(file: BinaryIO) -> int | None:
    """Where an HDF5 file's superblock is: at 0, 512, 1024, 2048 ... (HDF5 file format, II.A)."""
    size, start = file.seek(0, 2), 0
    while start < size:
        file.seek(start)
        if file.read(len(HDF5)) == HDF5:
            return start
        start = max(_FIRST_START, 2 * start)
    return None


def open_any(path: Path, product: Product) -> AbstractContextManager[Contents]:
    """Open one file, whatever of NetCDF and GRIB it is; its fields can be read in the context.

    Raises:
        InvalidParameter: there is no such file.
        DataError: it is neither, it is cut off, or it holds no dataset of this product.
    """
    if path.is_file() and kind_of(path) == "GRIB":
        return open_grib(path, product)
    return open_source(path)


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
            told = {"variable": variable.name}
            raise DataError(f"{origin}: {variable.name} cannot be read ({error})", told) from error
        return np.array(values, dtype=dtype).reshape([s.stop - s.start for s in region])

    return read


def is_numeric(field: Field) -> bool:
    """Integers and floating point; CF's texts and flags as characters are not stored."""
    return field.dtype.kind in _NUMBERS
