"""How a coverage is wanted: formats, reference systems, and what is done to values."""

from collections.abc import Mapping
from dataclasses import dataclass

from atoll.dialects.wcs.exceptions import OwsException, invalid
from atoll.dialects.wcs.requests import GetCoverage
from atoll.errors import shorten
from atoll.model.request import Format

NETCDF, GEOTIFF = "application/netcdf", "image/tiff"
FORMATS: Mapping[str, Format] = {NETCDF: "netcdf4", GEOTIFF: "geotiff"}
NATIVE = NETCDF
MULTIPART = "multipart/related"
_ALIASES: Mapping[str, str] = {
    "application/x-netcdf": NETCDF,
    "application/x-netcdf4": NETCDF,
    "application/netcdf4": NETCDF,
    "netcdf": NETCDF,
    "netcdf4": NETCDF,
    "image/tiff;application=geotiff": GEOTIFF,
    "image/geotiff": GEOTIFF,
    "geotiff": GEOTIFF,
    "tiff": GEOTIFF,
}

EPSG_4326 = "http://www.opengis.net/def/crs/EPSG/0/4326"
CRS_84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
# All of these say degrees; of bounds, labels of axes say which is which, whatever their order.
CRS_NAMES: Mapping[str, str] = {
    name.lower(): crs
    for crs, names in {
        EPSG_4326: (
            EPSG_4326,
            "https://www.opengis.net/def/crs/EPSG/0/4326",
            "urn:ogc:def:crs:EPSG::4326",
            "EPSG:4326",
        ),
        CRS_84: (
            CRS_84,
            "https://www.opengis.net/def/crs/OGC/1.3/CRS84",
            "http://www.opengis.net/def/crs/OGC/0/CRS84",
            "urn:ogc:def:crs:OGC:1.3:CRS84",
            "CRS:84",
        ),
    }.items()
    for name in names
}
NEAREST = "http://www.opengis.net/def/interpolation/OGC/1/nearest-neighbor"
_NEAREST_NAMES = frozenset({NEAREST, NEAREST.replace("http:", "https:"), "nearest"}) | {
    "nearest-neighbor", "nearest-neighbour", "nearestneighbor", "nearest neighbor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Presentation:
    """How the answer is to look.

    Attributes:
        media_type: of the file.
        multipart: a description comes before the file.
        crs: of the description.
    """

    media_type: str = NATIVE
    multipart: bool = False
    crs: str = EPSG_4326

    @property
    def format(self) -> Format:
        """Of the file, as it is ordered."""
        return FORMATS[self.media_type]


def presentation_of(asked: GetCoverage) -> Presentation:
    """How a coverage is wanted.

    Raises:
        OwsException: InvalidParameterValue, SubsettingCrs-NotSupported, OutputCrs-NotSupported,
            InterpolationMethodNotSupported.
    """
    _demand_crs(asked)
    for method in asked.interpolations:
        if method.lower() not in _NEAREST_NAMES:
            raise OwsException(
                "InterpolationMethodNotSupported",
                method[:80],
                f"interpolation: {shorten(method)} is not supported; {NEAREST} is",
            )
    if asked.media_type and asked.media_type.lower() != MULTIPART:
        raise invalid("mediaType", asked.media_type, f"{MULTIPART}, or nothing, is")
    crs = CRS_NAMES.get(asked.output_crs.lower(), EPSG_4326)
    return Presentation(_media_type(asked.format), multipart=bool(asked.media_type), crs=crs)


def known_crs(name: str) -> bool:
    """Whether bounds may be told in a reference system; empty = in the coverage's own."""
    return not name or name.lower() in CRS_NAMES


def _demand_crs(asked: GetCoverage) -> None:
    accepted = f"{EPSG_4326} and {CRS_84} are"
    for name in (asked.subsetting_crs, *(cut.crs for cut in asked.cuts)):
        if not known_crs(name):
            raise OwsException(
                "SubsettingCrs-NotSupported",
                name[:80],
                f"subsettingCrs: {shorten(name)} is not supported; {accepted}",
            )
    if not known_crs(asked.output_crs):
        raise OwsException(
            "OutputCrs-NotSupported",
            asked.output_crs[:80],
            f"outputCrs: {shorten(asked.output_crs)} is not supported; {accepted}",
        )


def _media_type(text: str) -> str:
    said = "".join(text.lower().split())
    found = _ALIASES.get(said, said) or NATIVE
    if found not in FORMATS:
        raise invalid("format", text, f"{' and '.join(FORMATS)} are")
    return found
