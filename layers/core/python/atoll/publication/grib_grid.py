"""Where a GRIB field's points lie, by the positions that eccodes gives each of them."""

from dataclasses import dataclass

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
class Grid:
    """Rows and columns, in the order of the field's numbers.

    Attributes:
        latitudes, longitudes: of all points, shape (rows, columns).
        columns_first: numbers run along columns.
    """

    latitudes: Degrees
    longitudes: Degrees
    columns_first: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.latitudes.shape
        return rows, columns

    @property
    def is_even(self) -> bool:
        """A row has one latitude, a column one longitude."""
        rows = np.all(self.latitudes == self.latitudes[:, :1])
        return bool(rows and np.all(self.longitudes == self.longitudes[:1, :]))

    @property
    def dimensions(self) -> tuple[str, str]:
        """Names of rows and columns."""
        return ("latitude", "longitude") if self.is_even else ("y", "x")

    def fields(self) -> tuple[Field, Field]:
        """Latitude and longitude."""
        if self.is_even:
            return (_coordinate("latitude", ("latitude",), self.latitudes[:, 0]),
                    _coordinate("longitude", ("longitude",), self.longitudes[0, :]))  # fmt: skip
        return (_coordinate("latitude", ("y", "x"), self.latitudes),
                _coordinate("longitude", ("y", "x"), self.longitudes))  # fmt: skip

    def arranged(self, values: Degrees) -> Degrees:
        """A field's numbers as rows and columns."""
        return _arranged(values, self.shape, columns_first=self.columns_first)


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
    return Grid(latitudes, longitudes, columns_first)


def _arranged(values: Degrees, shape: tuple[int, int], *, columns_first: bool) -> Degrees:
    return values.reshape(shape[::-1]).T if columns_first else values.reshape(shape)


def _coordinate(name: str, dimensions: tuple[str, ...], values: Degrees) -> Field:
    def read(region: Region) -> Degrees:
        return values[region].copy()

    return Field(name, dimensions, values.shape, np.dtype("<f8"), dict(_ATTRIBUTES[name]), read)
