"""A dataset is found in the federation's catalogue, as its users' programs find it: by OWSLib."""

import time
from collections.abc import Mapping

from stacks.local.endpoints import Endpoints
from stacks.local.place import LocalError, Place

# What a unit tells is in the catalogue after its queue's window, and a cold start of pycsw.
PATIENCE_S = 120
PAUSE_S = 1


def find(catalogue: str, words: str, headers: Mapping[str, str] | None = None) -> dict[str, str]:
    """Records by words anywhere in them.

    Args:
        catalogue: URL of its doors.
        words: that are looked for.
        headers: of the requests, e.g. a token's.

    Returns:
        Id -> title.
    """
    # Here, because loading it takes longer than all else of the launcher.
    from owslib.csw import CatalogueServiceWeb  # noqa: PLC0415
    from owslib.fes import PropertyIsLike  # noqa: PLC0415

    csw = CatalogueServiceWeb(f"{catalogue}/csw", version="2.0.2", headers=dict(headers or {}))
    csw.getrecords2([PropertyIsLike("csw:AnyText", f"%{words}%")], esn="summary")
    return {name: record.title for name, record in csw.records.items()}


def await_record(catalogue: str, words: str, name: str) -> str:
    """The title of a record, once it is found.

    Raises:
        LocalError: it was not found in time.
    """
    deadline = time.monotonic() + PATIENCE_S
    found: dict[str, str] = {}
    while time.monotonic() < deadline:
        found = find(catalogue, words)
        if name in found:
            return found[name]
        time.sleep(PAUSE_S)
    raise LocalError(f"{name} is not in the catalogue after {PATIENCE_S} s; found: {found}")


def show_finding(place: Place) -> None:
    """Look for the demo's climatology, and say what was found.

    Raises:
        LocalError: it was not found.
    """
    catalogue = Endpoints.read(place).catalogue
    print("\nLooking for salinity in the federation's catalogue, by OWSLib")
    title = await_record(catalogue, "salinity", "levitus.levitus-climatology")
    print(f"  found    levitus.levitus-climatology: {title}")
    print(f"  CSW      {catalogue}/csw")
    print(f"  STAC     {catalogue}/stac")
