"""The Motu door's process."""

import urllib.request
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI
from pydantic import Field, field_validator

from atoll.bootstrap.door import make_ports
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.settings import DoorSettings
from atoll.dialects.cas.validation import parse_validation
from atoll.errors import Unavailable
from atoll.model.job import Account
from atoll.web.motu.app import make_motu_app
from atoll.web.motu.door import CheckTicket, Welcome
from atoll.web.telemetry import PowertoolsTelemetry

CAS_TIMEOUT_S = 5
LONGEST_VALIDATION_BYTES = 65_536
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


def make_check_ticket(cas_url: str) -> CheckTicket:
    """Asks a sign-in whose a ticket is (CAS protocol 2.0, section 2.5)."""

    def check_ticket(service: str, ticket: str) -> Account:
        asked = urlencode({"service": service, "ticket": ticket})
        try:
            with urllib.request.urlopen(  # noqa: S310  the operator's own setting
                f"{cas_url}/serviceValidate?{asked}", timeout=CAS_TIMEOUT_S
            ) as answer:
                document: bytes = answer.read(LONGEST_VALIDATION_BYTES + 1)
        except (OSError, ValueError, HTTPException) as fault:
            raise Unavailable("The sign-in does not answer now; try again.") from fault
        if len(document) > LONGEST_VALIDATION_BYTES:
            raise Unavailable("The sign-in does not answer as it should; try again.")
        return parse_validation(document)

    return check_ticket


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
