"""The part of a 2-d grid that covers a box: a rectangle of its rows and columns."""

import math
from dataclasses import dataclass

from atoll.errors import EmptySelection
from atoll.model.coverage import Coverage, CurvilinearGrid, Tile
from atoll.model.request import Interval, LongitudeInterval
from atoll.planning.longitude import unrolled
from atoll.planning.meridians import TURN


@dataclass(frozen=True, slots=True)
class GeographicBox:
    """A box on the sphere.

    Attributes:
        longitude: None = all around.
        latitude: None = from pole to pole.
    """

    longitude: LongitudeInterval | None = None
    latitude: Interval | None = None

    def touches(self, tile: Tile) -> bool:
        """Whether the tile's extent and the box have a point in common."""
        return self._meets_latitudes(tile) and self._meets_longitudes(tile)

    def _meets_latitudes(self, tile: Tile) -> bool:
        south, north = (self.latitude.lower, self.latitude.upper) if self.latitude else (None, None)
        return (south is None or south <= tile.north) and (north is None or tile.south <= north)

    def _meets_longitudes(self, tile: Tile) -> bool:
        if self.longitude is None:
            return True
        west, east = unrolled(self.longitude)
        # One of the two begins within the other, or a turn away from there.
        return (tile.west - west) % TURN <= east - west or (
            (west - tile.west) % TURN <= tile.east - tile.west
        )


def native_grid(coverage: Coverage) -> CurvilinearGrid | None:
    """The 2-d grid that boxes are met on; None where longitude has an axis of its own."""
    axis = coverage.axis_of("X")
    return None if axis is not None and axis.wraps else coverage.curvilinear


def covering_rectangle(
    coverage: Coverage, grid: CurvilinearGrid, box: GeographicBox
) -> dict[str, range]:
    """The rows and columns, by axis name, of all tiles that the box touches.

    Args:
        coverage: whose axes the grid's dimensions are.
        grid: its tiles, row by row.
        box: on the sphere.

    Raises:
        EmptySelection: the box touches no tile.
    """
    rows, columns = (coverage.axis_by_name[name].size for name in grid.dimensions)
    height, width = grid.tile_shape
    across = math.ceil(columns / width)
    touched = [i for i, tile in enumerate(grid.tiles) if tile is not None and box.touches(tile)]
    if not touched:
        raise _nothing(grid, box)
    down_tiles = [i // across for i in touched]
    across_tiles = [i % across for i in touched]
    return {
        grid.dimensions[0]: _cells(down_tiles, height, rows),
        grid.dimensions[1]: _cells(across_tiles, width, columns),
    }


def _cells(tiles: list[int], length: int, size: int) -> range:
    return range(min(tiles) * length, min((max(tiles) + 1) * length, size))


def _nothing(grid: CurvilinearGrid, box: GeographicBox) -> EmptySelection:
    tiles = [tile for tile in grid.tiles if tile is not None]
    south = min((tile.south for tile in tiles), default=None)
    north = max((tile.north for tile in tiles), default=None)
    return EmptySelection(
        f"bbox: no cell of the grid lies in the box; its latitudes reach from {south} to {north}",
        {
            "parameter": "bbox",
            "west": box.longitude.west if box.longitude else None,
            "east": box.longitude.east if box.longitude else None,
            "lower": box.latitude.lower if box.latitude else None,
            "upper": box.latitude.upper if box.latitude else None,
            "below": south,
            "above": north,
        },
    )
