"""The landing page, conformance and health (OGC API - Common, Part 1)."""

from fastapi import APIRouter

from atoll.web.context import PortsHere
from atoll.web.replies import Conformance, Health, Landing

router = APIRouter(tags=["about"])

CONFORMANCE = [
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/json",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/job-list",
    "http://www.opengis.net/spec/ogcapi-processes-1/1.0/conf/dismiss",
]


@router.get("/", summary="Where to go from here")
def landing() -> Landing:
    """Links to everything else."""
    return Landing.build()


@router.get("/conformance", summary="The standards this door follows")
def conformance() -> Conformance:
    """Conformance classes."""
    return Conformance(conformsTo=CONFORMANCE)


@router.get("/health", summary="Whether the door works")
def health(ports: PortsHere) -> Health:
    """Answer only when the catalogue answers."""
    ports.catalogue.entries()
    return Health(status="ok")
