"""Where the cells of a 2-d grid lie, coarsely enough for one small document."""

import math
from itertools import product

import numpy as np

from atoll.model.coverage import CurvilinearGrid, Tile
from atoll.publication.fields import Field, Numbers

MOST_TILES = 4000
_SMALLEST_SIDE = 4
GLOBE = 360.0
_PER_DEGREE = 10_000  # rounding outwards by up to two of these parts of a degree

type Degrees = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def tile(longitude: Field, latitude: Field) -> CurvilinearGrid:
    """Tiles of a grid, at most 4,000; each holds all its cells' centres.

    It reaches to the next row and column of centres too: a point between two tiles lies in one.

    Args:
        longitude: 2-d, dimensions (row, column), degrees.
        latitude: of the same dimensions.
    """
    rows, columns = longitude.shape
    side = _SMALLEST_SIDE
    while math.ceil(rows / side) * math.ceil(columns / side) > MOST_TILES:
        side *= 2
    lons, lats = _degrees(longitude), _degrees(latitude)
    corners = product(range(0, rows, side), range(0, columns, side))
    row, column = longitude.dimensions
    return CurvilinearGrid(
        dimensions=(row, column),
        longitude=longitude.name,
        latitude=latitude.name,
        tile_shape=(side, side),
        tiles=tuple(
            _reaching(lons[i : i + side + 1, j : j + side + 1],
                      lats[i : i + side + 1, j : j + side + 1], side)
            for i, j in corners
        ),
    )  # fmt: skip


def _reaching(longitudes: Degrees, latitudes: Degrees, side: int) -> Tile | None:
    """The extent of a tile's cells and their next ones; None = it has no cells of its own."""
    if extent(longitudes[:side, :side], latitudes[:side, :side]) is None:
        return None
    return extent(longitudes, latitudes)


def extent(longitudes: Degrees, latitudes: Degrees) -> Tile | None:
    """The smallest extent that holds the points; None = there is none (NaN on both sides)."""
    known = np.isfinite(longitudes) & np.isfinite(latitudes)
    if not known.any():
        return None
    west, east = _arc(longitudes[known])
    south, north = float(latitudes[known].min()), float(latitudes[known].max())
    return Tile(
        west=west,
        east=east,
        south=max(-90.0, _below(south)),
        north=min(90.0, -_below(-north)),
    )


def _arc(longitudes: Degrees) -> tuple[float, float]:
    """The shortest arc eastwards over all longitudes: it leaves out the widest gap."""
    around = np.unique(np.mod(longitudes, GLOBE))
    gaps = np.diff(around, append=around[0] + GLOBE)
    widest = int(np.argmax(gaps))
    west = _below(float(around[(widest + 1) % len(around)]))
    span = -_below(-(GLOBE - float(gaps[widest]))) + 1 / _PER_DEGREE
    if span >= GLOBE:
        return -180.0, 180.0
    west = round((west + 180.0) % GLOBE - 180.0, 4)
    return west, round(west + span, 4)


def _below(degrees: float) -> float:
    """At least one part of a degree below: so much float32 coordinates may lose."""
    return (math.floor(degrees * _PER_DEGREE) - 1) / _PER_DEGREE


def _degrees(field: Field) -> Degrees:
    """Physical degrees, NaN where the file has none."""
    values: Numbers = field.whole()
    degrees = values.astype("<f8")
    if field.fill_value is not None:
        degrees[values == field.fill_value] = np.nan
    return degrees
