"""The WCS door's process."""

from fastapi import FastAPI
from pydantic import Field

from atoll.bootstrap.doors import make_ports, make_verifier
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings, UnitSettings
from atoll.web.telemetry import PowertoolsTelemetry
from atoll.web.wcs.app import make_wcs_app
from atoll.web.wcs.place import Place


class WcsSettings(DoorSettings):
    """What the WCS door needs besides.

    Attributes:
        api_url: see Place.
        guests: see Place.
    """

    api_url: str = Field(pattern=r"^https?://.*[^/]$")
    guests: bool = False


def make_wcs_door() -> FastAPI:
    """The application, from the environment."""
    settings = WcsSettings.read()
    return make_wcs_app(
        make_ports(settings),
        make_verifier(settings),
        PowertoolsTelemetry(logger, metrics),
        Place(settings.api_url, UnitSettings.read().atoll_unit, settings.guests),
    )
