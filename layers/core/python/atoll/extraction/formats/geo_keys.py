"""Where a raster lies: GeoTIFF's tags (OGC 19-008r4)."""

import re
from collections.abc import Mapping

from atoll.extraction.formats.tiff import ASCII, DOUBLE, SHORT, Tag
from atoll.model.coverage import Attributes

PIXEL_SCALE, TIE_POINT, KEYS, DOUBLES, TEXTS = 33550, 33922, 34735, 34736, 34737
MODEL_TYPE, RASTER_TYPE, CITATION, PROJECTED_CRS = 1024, 1025, 1026, 3072
GEOGRAPHIC_CRS, GEOGRAPHIC_CITATION, DATUM, ANGULAR_UNITS = 2048, 2049, 2050, 2054
ELLIPSOID, SEMI_MAJOR, SEMI_MINOR, FLATTENING = 2056, 2057, 2058, 2059
PROJECTED, GEOGRAPHIC, PIXEL_IS_AREA, USER_DEFINED = 1, 2, 1, 32767
WGS84, DEGREE = 4326, 9102
WGS84_SEMI_MAJOR_M, WGS84_FLATTENING = 6378137.0, 298.257223563
SAME = 1e-6
_EPSG = re.compile(r"""(?:ID|AUTHORITY)\["EPSG",\s*"?(\d+)"?\]\]\s*$""")


def place_tags(west: float, north: float, width: float, height: float) -> list[Tag]:
    """The raster's corner and the size of its cells, all positive."""
    return [
        Tag(PIXEL_SCALE, DOUBLE, [width, height, 0.0]),
        Tag(TIE_POINT, DOUBLE, [0.0, 0.0, 0.0, west, north, 0.0]),
    ]


def crs_tags(mapping: Attributes, *, geographic: bool) -> list[Tag]:
    """The coordinate reference system.

    Args:
        mapping: attributes of the CF grid mapping; empty where there is none.
        geographic: X and Y are degrees on Earth.
    """
    said = str(mapping.get("crs_wkt", mapping.get("spatial_ref", "")))
    code = _EPSG.search(said)
    keys: dict[int, int | float | str] = {RASTER_TYPE: PIXEL_IS_AREA}
    if geographic:
        keys |= {MODEL_TYPE: GEOGRAPHIC, ANGULAR_UNITS: DEGREE}
        keys |= {GEOGRAPHIC_CRS: int(code[1])} if code else _ellipsoid(mapping)
    elif code:
        keys |= {MODEL_TYPE: PROJECTED, PROJECTED_CRS: int(code[1])}
    else:
        name = str(mapping.get("grid_mapping_name", "unknown"))
        keys |= {MODEL_TYPE: USER_DEFINED, CITATION: said or name}
    return _key_tags(keys)


def _ellipsoid(mapping: Attributes) -> dict[int, int | float | str]:
    """A geographic system by its ellipsoid; none said is WGS 84."""
    numbers = {name: value for name, value in mapping.items() if isinstance(value, int | float)}
    radius = numbers.get("earth_radius")
    major = float(numbers.get("semi_major_axis", radius or WGS84_SEMI_MAJOR_M))
    if radius is None and "semi_minor_axis" not in numbers:
        flattening = float(numbers.get("inverse_flattening", WGS84_FLATTENING))
        if abs(major - WGS84_SEMI_MAJOR_M) + abs(flattening - WGS84_FLATTENING) < SAME:
            return {GEOGRAPHIC_CRS: WGS84}
        shape = {FLATTENING: flattening} if flattening else {SEMI_MINOR: major}
    else:
        shape = {SEMI_MINOR: float(numbers.get("semi_minor_axis", major))}
    return {
        GEOGRAPHIC_CRS: USER_DEFINED,
        GEOGRAPHIC_CITATION: str(mapping.get("geographic_crs_name", "unknown")),
        DATUM: USER_DEFINED,
        ELLIPSOID: USER_DEFINED,
        SEMI_MAJOR: major,
        **shape,
    }


def _key_tags(keys: Mapping[int, int | float | str]) -> list[Tag]:
    """Keys in their order; what is no short number lies in a tag of its type."""
    doubles: list[float] = []
    texts = ""
    directory = [1, 1, 0, len(keys)]
    for key, value in sorted(keys.items()):
        if isinstance(value, str):
            directory += [key, TEXTS, len(value.encode()) + 1, len(texts.encode())]
            texts += f"{value}|"
        elif isinstance(value, float):
            directory += [key, DOUBLES, 1, len(doubles)]
            doubles.append(value)
        else:
            directory += [key, 0, 1, value]
    found = [Tag(KEYS, SHORT, directory)]
    found += [Tag(DOUBLES, DOUBLE, doubles)] if doubles else []
    return found + ([Tag(TEXTS, ASCII, texts)] if texts else [])
