"""Where on the earth a dataset lies: its horizontal axes, and the extent of a 2-d grid."""

from collections.abc import Sequence
from dataclasses import dataclass

from atoll.model.coverage import Axis, Coverage, CurvilinearGrid
from atoll.model.record import Box
from atoll.planning.curvilinear import native_grid
from atoll.planning.meridians import TURN, meridians_of
from atoll.planning.nodes import Nodes
from atoll.planning.trims import counts_latitude

_HALF_TURN, _POLE = TURN / 2, 90.0
_DIGITS = 4  # that the extents of tiles have
_NOISE_DIGITS = 9  # what a turn subtracted leaves of a longitude's own


@dataclass(frozen=True, slots=True)
class Bounds:
    """An extent along one horizontal axis.

    Attributes:
        kind: `Lon` or `Lat`; a dialect may have others of its own.
        name: of the coordinate variable.
        lower, upper: in `units`, of the nodes; as stored, so longitudes may exceed 180.
    """

    kind: str
    name: str
    lower: float
    upper: float
    units: str


def geographic_bounds(coverage: Coverage) -> tuple[Bounds | None, Bounds | None]:
    """Longitude and latitude; None = the dataset does not tell."""
    grid = native_grid(coverage)
    if grid is not None:
        return _grid_bounds(grid, coverage)
    lon, lat = coverage.axis_of("X"), coverage.axis_of("Y")
    return (
        _bounds("Lon", lon) if lon is not None and lon.wraps else None,
        _bounds("Lat", lat) if lat is not None and counts_latitude(lat) else None,
    )


def box_of(coverage: Coverage) -> Box | None:
    """The box that all nodes lie in; None = the dataset does not tell."""
    lon, lat = geographic_bounds(coverage)
    if lon is None or lat is None:
        return None
    west, east = -_HALF_TURN, _HALF_TURN
    if not _goes_round(lon, coverage):
        west, east = _normal(lon.lower), _normal(lon.upper)
    return Box(west=west, south=max(lat.lower, -_POLE), east=east, north=min(lat.upper, _POLE))


def _goes_round(lon: Bounds, coverage: Coverage) -> bool:
    axis = coverage.axis_by_name.get(lon.name)
    if axis is not None and meridians_of(Nodes(axis)).goes_round:
        return True
    return lon.upper - lon.lower >= TURN


def _normal(longitude: float) -> float:
    """A longitude in -180..180; both ends stay.

    Examples:
        >>> _normal(180.0), _normal(190.0), _normal(359.9)
        (180.0, -170.0, -0.1)
    """
    if abs(longitude) <= _HALF_TURN:
        return longitude
    return round((longitude + _HALF_TURN) % TURN - _HALF_TURN, _NOISE_DIGITS)


def native_axes(coverage: Coverage) -> tuple[Axis | None, Axis | None]:
    """The X and Y axes that are no longitudes and latitudes: a projection's, or cells' numbers."""
    grid = native_grid(coverage)
    if grid is not None:
        rows, columns = (coverage.axis_by_name[name] for name in grid.dimensions)
        return columns, rows
    x, y = coverage.axis_of("X"), coverage.axis_of("Y")
    return (
        None if x is None or x.wraps else x,
        None if y is None or counts_latitude(y) else y,
    )


def _bounds(kind: str, axis: Axis) -> Bounds | None:
    nodes = Nodes(axis)
    return Bounds(kind, axis.name, nodes[0], nodes[-1], axis.units) if nodes else None


def _grid_bounds(grid: CurvilinearGrid, coverage: Coverage) -> tuple[Bounds | None, Bounds | None]:
    tiles = [tile for tile in grid.tiles if tile is not None]
    if not tiles:
        return None, None
    columns = coverage.axis_by_name[grid.dimensions[1]].size
    west, east = _arc([(tile.west, tile.east) for tile in tiles], columns)
    south, north = min(tile.south for tile in tiles), max(tile.north for tile in tiles)
    lon, lat = (
        str(coverage.variable_by_name[name].attributes.get("units", ""))
        for name in (grid.longitude, grid.latitude)
    )
    return (
        Bounds("Lon", grid.longitude, west, east, lon),
        Bounds("Lat", grid.latitude, south, north, lat),
    )


def _arc(arcs: Sequence[tuple[float, float]], columns: int) -> tuple[float, float]:
    """The shortest arc that holds these; east exceeds 180 where it crosses the dateline.

    A gap that is no wider than one of so many columns around the earth is between two of them.

    Examples:
        >>> _arc([(170.0, 175.0), (-180.0, -170.0)], 9), _arc([(-180.0, 0.0), (0.0, 179.9)], 999)
        ((170.0, 190.0), (-180.0, 180.0))
    """
    reached = max(east for _, east in arcs) - TURN
    gap, begin = TURN / columns, None
    for west, east in sorted(arcs):
        if west - reached > gap:
            gap, begin = west - reached, west
        reached = max(reached, east)
    if begin is None:
        return -TURN / 2, TURN / 2
    return begin, round(begin + TURN - gap, _DIGITS)
