"""The part of a 2-d grid that covers a box: a rectangle of its rows and columns."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from atoll.errors import EmptySelection, InvalidParameter
from atoll.model.coverage import Coverage, CurvilinearGrid, Tile
from atoll.model.request import Interval, LongitudeInterval, Selection
from atoll.planning.longitude import unrolled
from atoll.planning.meridians import TURN

_ROUNDING = 0.001  # degrees; tiles are told to a few ten-thousandths, outwards


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

    @property
    def is_point(self) -> bool:
        """Whether all bounds that are given are equal pairs."""
        lon, lat = self.longitude, self.latitude
        pairs: list[tuple[float | None, float | None]] = [(lon.west, lon.east)] if lon else []
        pairs += [(lat.lower, lat.upper)] if lat else []
        return all(low is not None and low == high for low, high in pairs)

    def distance(self, tile: Tile) -> float:
        """How far a point lies off the tile's extent, in degrees of latitude, roughly."""
        north_south, east_west, shrunk = 0.0, 0.0, 1.0
        if self.latitude is not None and (latitude := self.latitude.lower) is not None:
            north_south = max(tile.south - latitude, latitude - tile.north, 0.0)
            shrunk = abs(math.cos(math.radians(latitude)))
        if self.longitude is not None and not self._meets_longitudes(tile):
            west = self.longitude.west
            east_west = min((tile.west - west) % TURN, (west - tile.east) % TURN)
        return math.hypot(north_south, east_west * shrunk)

    def within(self, tiles: list[Tile]) -> bool:
        """Whether no bound lies beyond the tiles."""
        south, north = (self.latitude.lower, self.latitude.upper) if self.latitude else (None, None)
        least, most = min(each.south for each in tiles), max(each.north for each in tiles)
        if any(bound is not None and not least <= bound <= most for bound in (south, north)):
            return False
        return self.longitude is None or self._is_spanned(self.longitude, tiles)

    def _is_spanned(self, longitude: LongitudeInterval, tiles: list[Tile]) -> bool:
        """Whether the tiles leave no gap from the west edge eastwards to the east edge."""
        west, east = unrolled(longitude)
        arcs = [((tile.west - west) % TURN, tile.east - tile.west) for tile in tiles]
        # An arc that begins west of the box and reaches into it begins at less than 0 there.
        arcs += [(start - TURN, width) for start, width in arcs if start + width >= TURN]
        reached = 0.0
        for start, width in sorted(arcs):
            if start <= reached + _ROUNDING:
                reached = max(reached, start + width)
        begun = min(start for start, _ in arcs) <= _ROUNDING
        return begun and reached >= east - west - _ROUNDING

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
    coverage: Coverage,
    grid: CurvilinearGrid,
    box: GeographicBox,
    selection: Selection = "inside",
) -> dict[str, range]:
    """The rows and columns, by axis name, of all tiles that the box touches.

    A point that no tile holds takes the nearest ones, up to half a cell off the grid; all
    points take a row and a column more.

    Args:
        coverage: whose axes the grid's dimensions are.
        grid: its tiles, row by row.
        box: on the sphere.
        selection: `strict-inside` takes no box that reaches beyond the grid.

    Raises:
        EmptySelection: the box touches no tile.
        InvalidParameter: `strict-inside`, and a bound lies beyond the grid.
    """
    rows, columns = (coverage.axis_by_name[name].size for name in grid.dimensions)
    height, width = grid.tile_shape
    across = math.ceil(columns / width)
    tiles = {i: tile for i, tile in enumerate(grid.tiles) if tile is not None}
    touched = [i for i, tile in tiles.items() if box.touches(tile)]
    if not touched and box.is_point:
        touched = _beside(tiles, grid, box)
    if selection == "strict-inside" and not (tiles and box.within(list(tiles.values()))):
        raise _beyond(grid, box)
    if not touched:
        raise _nothing(grid, box)
    # A tile reaches to the next row and column of centres: one of those may be the nearest.
    beyond = 1 if box.is_point else 0
    down_tiles = [i // across for i in touched]
    across_tiles = [i % across for i in touched]
    return {
        grid.dimensions[0]: _cells(down_tiles, height, rows, beyond),
        grid.dimensions[1]: _cells(across_tiles, width, columns, beyond),
    }


def _beside(tiles: Mapping[int, Tile], grid: CurvilinearGrid, point: GeographicBox) -> list[int]:
    """The tiles nearest to a point, if it lies no more than half a cell off one of them."""
    away = {i: point.distance(tile) for i, tile in tiles.items()}
    least = min(away.values(), default=0.0)
    nearest = [i for i, degrees in away.items() if degrees <= least + _ROUNDING]
    held = any(point.touches(_half_a_cell_wider(tiles[i], grid.tile_shape)) for i in nearest)
    return nearest if held else []


def _half_a_cell_wider(tile: Tile, shape: tuple[int, int]) -> Tile:
    """The tile as far as its outermost cells reach, whichever way rows and columns run."""
    half = 2 * max(min(shape) - 1, 1)  # so many half cells lie between the first and last centre
    up, along = (tile.north - tile.south) / half, (tile.east - tile.west) / half
    return Tile(west=tile.west - along, east=tile.east + along,
                south=tile.south - up, north=tile.north + up)  # fmt: skip


def _cells(tiles: list[int], length: int, size: int, beyond: int) -> range:
    return range(min(tiles) * length, min((max(tiles) + 1) * length + beyond, size))


def _beyond(grid: CurvilinearGrid, box: GeographicBox) -> InvalidParameter:
    south, north = _latitudes(grid)
    lon, lat = box.longitude, box.latitude
    asked = [lon and lon.west, lat and lat.lower, lon and lon.east, lat and lat.upper]
    return InvalidParameter(
        "bbox",
        asked,
        f"strict-inside takes boxes within the grid; its latitudes reach from {south} to {north}",
    )


def _latitudes(grid: CurvilinearGrid) -> tuple[float | None, float | None]:
    tiles = [tile for tile in grid.tiles if tile is not None]
    return (
        min((tile.south for tile in tiles), default=None),
        max((tile.north for tile in tiles), default=None),
    )


def _nothing(grid: CurvilinearGrid, box: GeographicBox) -> EmptySelection:
    south, north = _latitudes(grid)
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
