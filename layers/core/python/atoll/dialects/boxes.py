"""Boxes of a search, as OGC API - Features, Part 1, section 7.15.3 has them."""

import math
from collections.abc import Sequence

from atoll.errors import InvalidParameter
from atoll.model.record import Box

_CORNERS_2D, _CORNERS_3D = 4, 6


def parse_bbox(text: str) -> tuple[Box, ...]:
    """Boxes of the text `west,south,east,north`; see `boxes_of`."""
    try:
        edges = [float(edge) for edge in text.split(",")]
    except ValueError as fault:
        raise InvalidParameter("bbox", text, "numbers with commas between them are") from fault
    return boxes_of(edges)


def boxes_of(edges: Sequence[float]) -> tuple[Box, ...]:
    """One box, or two where it crosses the dateline; heights say nothing here.

    Raises:
        InvalidParameter: it is none.

    Examples:
        >>> [(box.west, box.east) for box in boxes_of([170, -10, 190, 10])]
        [(170.0, 180.0), (-180.0, -170.0)]
    """
    if len(edges) not in {_CORNERS_2D, _CORNERS_3D}:
        raise InvalidParameter("bbox", list(edges), "west, south, east, north are, in degrees")
    half = len(edges) // 2
    west, south, east, north = edges[0], edges[1], edges[half], edges[half + 1]
    finite = all(map(math.isfinite, edges))
    if not (finite and -90 <= south <= north <= 90 and abs(west) <= 360 and abs(east) <= 360):  # noqa: PLR2004  degrees of the earth
        raise InvalidParameter("bbox", list(edges), "latitudes of -90..90, the south first, are")
    if east - west >= 360:  # noqa: PLR2004
        west, east = -180.0, 180.0
    west, east = _turned(west), _turned(east)
    if west <= east:
        return (Box(west=west, south=south, east=east, north=north),)
    sides = ((west, 180.0), (-180.0, east))
    return tuple(Box(west=w, south=south, east=e, north=north) for w, e in sides)


def _turned(longitude: float) -> float:
    """The same meridian, -180..180."""
    return longitude if abs(longitude) <= 180 else (longitude + 180) % 360 - 180  # noqa: PLR2004
