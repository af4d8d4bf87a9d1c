"""A box as a geometry of GeoJSON (RFC 7946)."""

from pydantic import JsonValue

from atoll.model.record import Box

_DATELINE = 180.0


def geometry_of(box: Box) -> dict[str, JsonValue]:
    """Its geometry: a point, a line or a polygon; two of them where it crosses the dateline.

    RFC 7946 asks for the latter (3.1.9), and for rings against the clock (3.1.6).

    Examples:
        >>> geometry_of(Box(west=170, south=0, east=-170, north=5))["type"]
        'MultiPolygon'
        >>> geometry_of(Box(west=1, south=2, east=1, north=2))
        {'type': 'Point', 'coordinates': [1.0, 2.0]}
    """
    if box.west > box.east:
        halves = ((box.west, _DATELINE), (-_DATELINE, box.east))
        boxes = [Box(west=w, south=box.south, east=e, north=box.north) for w, e in halves]
        return {"type": "MultiPolygon", "coordinates": [[_ring(half)] for half in boxes]}
    if box.west < box.east and box.south < box.north:
        return {"type": "Polygon", "coordinates": [_ring(box)]}
    ends: list[JsonValue] = [[box.west, box.south], [box.east, box.north]]
    if ends[0] == ends[1]:
        return {"type": "Point", "coordinates": ends[0]}
    return {"type": "LineString", "coordinates": ends}


def _ring(box: Box) -> JsonValue:
    corners = (
        (box.west, box.south),
        (box.east, box.south),
        (box.east, box.north),
        (box.west, box.north),
        (box.west, box.south),
    )
    return [[longitude, latitude] for longitude, latitude in corners]
