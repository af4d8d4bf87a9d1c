"""GetCapabilities: the service, and what it offers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from atoll.dialects.wcs.contents import contents
from atoll.dialects.wcs.envelope import OPERATIONS
from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.inspire import extended_capabilities
from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.presentation import CRS_84, EPSG_4326, FORMATS, NEAREST
from atoll.dialects.wcs.requests import VERSIONS, GetCapabilities
from atoll.dialects.wcs.xml import Element, document, element, texts
from atoll.errors import shorten

PROFILES = (
    "http://www.opengis.net/spec/WCS/2.0/conf/core",
    "http://www.opengis.net/spec/WCS_protocol-binding_get-kvp/1.0/conf/get-kvp",
    "http://www.opengis.net/spec/WCS_protocol-binding_post-xml/1.0/conf/post-xml",
    "http://www.opengis.net/spec/GMLCOV/1.0/conf/gml-coverage",
    "http://www.opengis.net/spec/GMLCOV/1.0/conf/special-format",
    "http://www.opengis.net/spec/GMLCOV/1.0/conf/multipart",
    "http://www.opengis.net/spec/WCS_service-extension_crs/1.0/conf/crs",
    "http://www.opengis.net/spec/WCS_service-extension_interpolation/1.0/conf/interpolation",
    "http://www.opengis.net/spec/WCS_service-extension_range-subsetting/1.0/conf/record-subsetting",
    "http://www.opengis.net/spec/WCS_service-extension_scaling/1.0/conf/scaling",
)
ABSTRACT = (
    "Gridded data by area, depth and time. Each coverage is one variable of a dataset on its map "
    "of latitudes and longitudes; longitudes may be any, and go round. Axes that a request does "
    "not cut are sliced: at the last time, at the top. Scaling takes every n-th node, and no "
    "value is made up. Results of more than a few megabytes are a redirect to a file."
)


@dataclass(frozen=True, slots=True)
class Service:
    """Who serves, and where.

    Attributes:
        provider: name of the dissemination unit.
        root: absolute address of the unit's doors, without a slash at its end.
        path: of this service, e.g. `/wcs`.
    """

    provider: str
    root: str
    path: str

    @property
    def url(self) -> str:
        """The address that requests go to."""
        return f"{self.root}{self.path}"


def render_capabilities(
    asked: GetCapabilities, service: Service, offers: Sequence[Offer], sequence: str
) -> bytes:
    """The document, or the sections of it that are asked for.

    Args:
        asked: sections, and what the client has already.
        service: who serves.
        offers: that the caller may see.
        sequence: of what is offered now.

    Raises:
        OwsException: InvalidParameterValue.
    """
    _demand_sections(asked)
    parts = [] if asked.update_sequence == sequence else _sections(asked, service, offers)
    attributes = {"version": asked.version, "updateSequence": sequence}
    return document(element("wcs:Capabilities", *parts, attributes=attributes))


def demand_told(sequence: str, now: datetime) -> None:
    """Refuse the sequence of a document that cannot have been told.

    They begin with a time. One that is later than ours is none of the future: what was the newest
    may have been taken away since, or may be kept from this caller.

    Args:
        sequence: that the client has; empty = none.
        now: in UTC.

    Raises:
        OwsException: InvalidUpdateSequence.
    """
    if sequence > f"{now:%Y-%m-%dT%H:%M:%SZ}~":
        raise OwsException(
            "InvalidUpdateSequence",
            "updateSequence",
            f"updateSequence: {shorten(sequence)} is not there yet; it is {now:%Y-%m-%d}",
        )


SECTIONS = (
    "ServiceIdentification", "ServiceProvider", "OperationsMetadata", "ServiceMetadata",
    "Contents", "Languages", "All",
)  # fmt: skip


def _demand_sections(asked: GetCapabilities) -> None:
    known = {name.lower() for name in SECTIONS}
    for name in sorted(asked.sections - known):
        raise OwsException(
            "InvalidParameterValue",
            "sections",
            f"sections: there is no {shorten(name)}; there are {', '.join(SECTIONS)}",
        )


def _sections(asked: GetCapabilities, service: Service, offers: Sequence[Offer]) -> list[Element]:
    made: dict[str, Callable[[], Element]] = {
        "serviceidentification": _identification,
        "serviceprovider": lambda: _provider(service),
        "operationsmetadata": lambda: _operations(service, offers),
        "servicemetadata": _service_metadata,
        "contents": lambda: contents(offers),
    }
    # The schema has this one in every document but the short one.
    wanted = asked.sections | {"servicemetadata"}
    everything = not asked.sections or "all" in asked.sections
    return [make() for name, make in made.items() if everything or name in wanted]


def _identification() -> Element:
    return element(
        "ows:ServiceIdentification",
        element("ows:Title", "Atoll WCS"),
        element("ows:Abstract", ABSTRACT),
        element("ows:ServiceType", "OGC WCS", attributes={"codeSpace": "OGC"}),
        *texts("ows:ServiceTypeVersion", VERSIONS),
        *texts("ows:Profile", PROFILES),
        element("ows:Fees", "NONE"),
        element("ows:AccessConstraints", "Bearer token of the sign-in, unless guests are served"),
    )


def _provider(service: Service) -> Element:
    site = element("ows:ProviderSite", attributes={"xlink:href": service.root})
    return element(
        "ows:ServiceProvider",
        element("ows:ProviderName", service.provider),
        site,
        element("ows:ServiceContact"),
    )


def _operations(service: Service, offers: Sequence[Offer]) -> Element:
    # INSPIRE's are of spatial datasets, and of one at least.
    inspire = extended_capabilities(service.root, offers) if offers else None
    return element(
        "ows:OperationsMetadata",
        *(_operation(name, service) for name in OPERATIONS),
        element("ows:ExtendedCapabilities", inspire) if offers else None,
    )


def _operation(name: str, service: Service) -> Element:
    # A client puts its query behind the question mark.
    get = element("ows:Get", attributes={"xlink:href": f"{service.url}?"})
    encoding = element(
        "ows:Constraint",
        element("ows:AllowedValues", element("ows:Value", "XML")),
        attributes={"name": "PostEncoding"},
    )
    post = element("ows:Post", encoding, attributes={"xlink:href": service.url})
    return element(
        "ows:Operation",
        element("ows:DCP", element("ows:HTTP", get, post)),
        attributes={"name": name},
    )


def _service_metadata() -> Element:
    systems = element("crs:CrsMetadata", *texts("crs:crsSupported", (EPSG_4326, CRS_84)))
    methods = element("int:InterpolationMetadata", element("int:InterpolationSupported", NEAREST))
    return element(
        "wcs:ServiceMetadata",
        *texts("wcs:formatSupported", FORMATS),
        element("wcs:Extension", systems, methods),
    )
