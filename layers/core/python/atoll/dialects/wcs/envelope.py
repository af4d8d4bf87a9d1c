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


def demand_acceptable(versions: Sequence[str]) -> None:
    """Refuse a client that accepts versions, and none of ours.

    Raises:
        OwsException: VersionNegotiationFailed.
    """
    if versions and not set(versions) & set(VERSIONS):
        shown = ", ".join(versions)
        raise OwsException(
            "VersionNegotiationFailed",
            "",
            f"acceptVersions: none of {shorten(shown)} is served; {_VERSIONS} are",
        )


def unknown_operation(name: str) -> OwsException:
    """There is no such operation."""
    return OwsException(
        "OperationNotSupported",
        name[:80],
        f"request: there is no operation {shorten(name)}; there are {', '.join(OPERATIONS)}",
    )
