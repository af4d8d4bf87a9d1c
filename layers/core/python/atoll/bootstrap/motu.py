"""The Motu door's process."""

from urllib.parse import urlsplit

from fastapi import FastAPI
from pydantic import Field, field_validator

from atoll.bootstrap.doors import make_ports
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings
from atoll.bootstrap.ticket_check import make_check_ticket
from atoll.web.motu.app import make_motu_app
from atoll.web.motu.door import Welcome
from atoll.web.telemetry import PowertoolsTelemetry

# Where a sign-in may be asked without TLS: it does not leave the machine.
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class MotuSettings(DoorSettings):
    """What the Motu door needs besides.

    Attributes:
        api_url: absolute base of this door, without a slash at its end.
        guests: whether those are served who have not signed in.
        cas_url: of the sign-in, up to `/cas`; empty = there is none.
    """

    api_url: str = Field(pattern=r"^https?://[^/]+(/.*[^/])?$")
    guests: bool = False
    cas_url: str = ""

    @field_validator("cas_url")
    @classmethod
    def _is_safe(cls, url: str) -> str:
        """Tickets are worth a sign-in, and so is what the sign-in says of them."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        local = host in LOCAL or host.endswith(".localhost")
        if url and (url.endswith("/") or not (parts.scheme == "https" or local)):
            raise ValueError("an https address without a slash at its end is needed")
        return url


def make_motu_door() -> FastAPI:
    """The application, from the environment."""
    settings = MotuSettings.read()
    welcome = Welcome(
        url=settings.api_url,
        guests=settings.guests,
        cas_url=settings.cas_url,
        check_ticket=make_check_ticket(settings.cas_url),
    )
    telemetry = PowertoolsTelemetry(logger, metrics)
    return make_motu_app(make_ports(settings), welcome, telemetry)
