"""The landing page, conformance and health (OGC API - Common, Part 1)."""

from http import HTTPStatus

from fastapi import APIRouter

from atoll.web.context import PortsHere
from atoll.web.problems import problems
from atoll.web.replies import Conformance, Health, Landing

router = APIRouter(tags=["about"])

# None of OGC API - Processes: all build on its core, which wants an order answered with 201.
CONFORMANCE = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
]


@router.get("/", summary="Where to go from here")
def landing() -> Landing:
    """Links to everything else."""
    return Landing.build()


@router.get("/conformance", summary="The standards this door follows")
def conformance() -> Conformance:
    """Conformance classes."""
    return Conformance(conformsTo=CONFORMANCE)


@router.get(
    "/health",
    summary="Whether the door works",
    responses=problems(HTTPStatus.SERVICE_UNAVAILABLE),
)
def health(ports: PortsHere) -> Health:
    """Answer only when the catalogue answers."""
    ports.catalogue.entries()
    return Health(status="ok")
