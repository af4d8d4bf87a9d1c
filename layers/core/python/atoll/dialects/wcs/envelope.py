"""What every request must say: service, version and operation (06-121r9, 09-110r4 clause 8)."""

from collections.abc import Sequence

from atoll.dialects.wcs.exceptions import OwsException, invalid, missing
from atoll.dialects.wcs.requests import VERSIONS
from atoll.errors import shorten

OPERATIONS = ("GetCapabilities", "DescribeCoverage", "GetCoverage")
_VERSIONS = " or ".join(VERSIONS)


def demand_service(service: str) -> None:
    """Refuse a request to another service.

    Raises:
        OwsException: MissingParameterValue, InvalidParameterValue.
    """
    if not service:
        raise missing("service", "give WCS")
    if service.upper() != "WCS":
        raise invalid("service", service, "this is a WCS")


def demand_version(version: str) -> None:
    """Refuse a request of another version.

    Raises:
        OwsException: MissingParameterValue, InvalidParameterValue.
    """
    if not version:
        raise missing("version", f"give {_VERSIONS}")
    if version not in VERSIONS:
        raise invalid("version", version, f"{_VERSIONS} are")


def negotiated(versions: Sequence[str]) -> str:
    """The first of the versions that a client accepts and that is served; none said = the newest.

    Raises:
        OwsException: VersionNegotiationFailed.
    """
    found = next((one for one in versions or VERSIONS if one in VERSIONS), None)
    if found is None:
        shown = ", ".join(versions)
        raise OwsException(
            "VersionNegotiationFailed",
            "",
            f"acceptVersions: none of {shorten(shown)} is served; {_VERSIONS} are",
        )
    return found


def unknown_operation(name: str) -> OwsException:
    """There is no such operation."""
    return OwsException(
        "OperationNotSupported",
        name[:80],
        f"request: there is no operation {shorten(name)}; there are {', '.join(OPERATIONS)}",
    )
