"""What a route of the CAS door is given, and how it reads what was sent."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from atoll.dialects.cas.parameters import parse_parameters
from atoll.ports.sign_in import SignInPorts
from atoll.web.body import read_body
from atoll.web.observability import Telemetry

LONGEST_FORM_BYTES = 16 * 1024

# Every answer is for one caller and one moment, and addresses hold tickets.
HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}

type Parameters = dict[str, str]


@dataclass(frozen=True, slots=True)
class CasDoor:
    """What the routes share.

    Attributes:
        ports: everything impure.
        telemetry: where refusals and faults are told.
        url: absolute, of this door, without a slash at its end: what its links are made of,
            never of what a caller says of the host.
    """

    ports: SignInPorts
    telemetry: Telemetry
    url: str

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by TLS: not on one machine."""
        return self.url.startswith("https:")

    @property
    def path(self) -> str:
        """Where browsers send its cookies: on one machine its paths begin before `/cas`."""
        return urlsplit(self.url).path


def door_of(request: Request) -> CasDoor:
    """What the routes share."""
    door: CasDoor = request.app.state.door
    return door


def query_of(request: Request) -> Parameters:
    """The query's parameters.

    Raises:
        InvalidParameter: it is not encoded UTF-8.
    """
    query: bytes = request.scope["query_string"]
    return parse_parameters(query, "query")


async def form_of(request: Request) -> Parameters:
    """The body's parameters.

    Raises:
        RequestTooLong: it is longer than any form is; no more than that is read.
        InvalidParameter: it is not encoded UTF-8.
    """
    return parse_parameters(await read_body(request, LONGEST_FORM_BYTES), "body")


def address_of(request: Request) -> str:
    """Where the request comes from, as the gateway has seen it: no header of the caller's own."""
    return request.client.host if request.client else ""


type DoorHere = Annotated[CasDoor, Depends(door_of)]
type Query = Annotated[Parameters, Depends(query_of)]
type Form = Annotated[Parameters, Depends(form_of)]
type Address = Annotated[str, Depends(address_of)]
