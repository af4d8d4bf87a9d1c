"""Where a dataset is to be had: the addresses of a unit's doors, as records tell them."""

from urllib.parse import quote

from atoll.dialects.motu.words import service_of
from atoll.dialects.wcs.offer import offers
from atoll.model.coverage import Coverage
from atoll.model.record import AccessPoint
from atoll.model.request import MEDIA_TYPES


def access_points(coverage: Coverage, root: str) -> tuple[AccessPoint, ...]:
    """The doors of the unit that a dataset can be had through."""
    dataset = coverage.dataset
    service = quote(service_of(coverage), safe="")
    rest = AccessPoint(
        door="REST",
        protocol="OpenAPI",
        url=f"{root}/datasets/{dataset}",
        description=f"Any box of it, of any size, as {', '.join(sorted(MEDIA_TYPES))}.",
    )
    motu = AccessPoint(
        door="Motu",
        protocol="MOTU",
        url=f"{root}/motu-web/Motu?action=describeproduct&service={service}&product={dataset}",
        description=f"For motuclient: service {service_of(coverage)}, product {dataset}.",
    )
    coverages = ", ".join(offer.coverage_id for offer in offers(coverage))
    wcs = AccessPoint(
        door="WCS",
        protocol="OGC:WCS",
        url=f"{root}/wcs?service=WCS&version=2.0.1&request=GetCapabilities",
        description=f"Coverages {coverages}.",
    )
    return (rest, motu, wcs) if coverages else (rest, motu)
