"""Where a GRIB field's points lie, by the positions that eccodes gives each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import eccodes
import numpy as np
import numpy.typing as npt

from atoll.errors import DataError
from atoll.publication.fields import Field, Region

type Degrees = npt.NDArray[np.float64]

_ATTRIBUTES = {
    "latitude": {"standard_name": "latitude", "long_name": "latitude", "units": "degrees_north"},
    "longitude": {"standard_name": "longitude", "long_name": "longitude", "units": "degrees_east"},
}


@dataclass(frozen=True, slots=True)
class Frame:
    """Rows and columns, in the order of a field's numbers.

    Attributes:
        dimensions: names of rows and columns.
        shape: how many there are.
        columns_first: numbers run along columns.
    """

    dimensions: tuple[str, str]
    shape: tuple[int, int]
    columns_first: bool

    def arranged(self, values: Degrees) -> Degrees:
        """A field's numbers as rows and columns."""
        return _arranged(values, self.shape, columns_first=self.columns_first)


@dataclass(frozen=True, slots=True)
class Grid:
    """A frame, and where it lies.

    Attributes:
        latitudes, longitudes: of rows and of columns, where each has one; else of all points.
    """

    frame: Frame
    latitudes: Degrees
    longitudes: Degrees

    @property
    def nbytes(self) -> int:
        """Of its positions."""
        return self.latitudes.nbytes + self.longitudes.nbytes

    def fields(self, again: Callable[[], Self]) -> tuple[Field, Field]:
        """Latitude and longitude.

        Args:
            again: gives the same grid, when they are read: they do not keep it.
        """
        both = self.frame.dimensions
        even = self.latitudes.ndim == 1
        return (_coordinate("latitude", both[:1] if even else both, self.latitudes.shape,
                            lambda: again().latitudes),
                _coordinate("longitude", both[1:] if even else both, self.longitudes.shape,
                            lambda: again().longitudes))  # fmt: skip


def grid_of(handle: int, origin: str) -> Grid:
    """The grid of a field.

    Raises:
        DataError: its points are no rows and columns.
    """
    kind = eccodes.codes_get_string(handle, "gridType")
    if not (eccodes.codes_is_defined(handle, "Ni") and eccodes.codes_is_defined(handle, "Nj")) or (
        kind.startswith("reduced_") or kind in {"sh", "unstructured_grid", "healpix"}
    ):
        raise DataError(
            f"{origin}: grid {kind} has no rows and columns of equal length; interpolate the"
            " fields to a regular grid"
        )
    if eccodes.codes_get_long(handle, "alternativeRowScanning"):
        raise DataError(f"{origin}: rows that run to and fro are not read; rewrite the fields")
    columns_first = bool(eccodes.codes_get_long(handle, "jPointsAreConsecutive"))
    shape = (eccodes.codes_get_long(handle, "Nj"), eccodes.codes_get_long(handle, "Ni"))
    places = [np.asarray(eccodes.codes_get_array(handle, key)) for key in
              ("latitudes", "longitudes")]  # fmt: skip
    if any(each.size != shape[0] * shape[1] for each in places):
        raise DataError(f"{origin}: {shape[0]} rows of {shape[1]} points, {places[0].size} points")
    latitudes, longitudes = (_arranged(each, shape, columns_first=columns_first) for each in places)
    if np.all(latitudes == latitudes[:, :1]) and np.all(longitudes == longitudes[:1, :]):
        frame = Frame(("latitude", "longitude"), shape, columns_first)
        return Grid(frame, latitudes[:, 0].copy(), longitudes[0, :].copy())  # views keep the whole
    return Grid(Frame(("y", "x"), shape, columns_first), latitudes, longitudes)


def _arranged(values: Degrees, shape: tuple[int, int], *, columns_first: bool) -> Degrees:
    return values.reshape(shape[::-1]).T if columns_first else values.reshape(shape)


def _coordinate(
    name: str, dimensions: tuple[str, ...], shape: tuple[int, ...], values: Callable[[], Degrees]
) -> Field:
    def read(region: Region) -> Degrees:
        return values()[region].copy()

    return Field(name, dimensions, shape, np.dtype("<f8"), dict(_ATTRIBUTES[name]), read)
