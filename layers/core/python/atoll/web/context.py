"""What a route is given: the door's ports, the caller's account, the correlation id."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atoll.dialects.rest.prefer import LONGEST_WAIT_S, Preferences
from atoll.model.job import Account, Origin
from atoll.ports import Ports
from atoll.services.history import History
from atoll.web.identity import Authenticate, not_authenticated
from atoll.web.observability import Telemetry

type Pause = Callable[[float], Awaitable[None]]

HEADER = "x-correlation-id"
LONGEST_AGENT = 200
_SAFE = re.compile(r"[A-Za-z0-9._-]{8,64}")

# For the OpenAPI document alone: these headers are read below, with our own words for their faults.
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="Cognito access token")
_prefer = Header(
    description="RFC 7240: `wait=N` holds the answer up to N seconds for the job's end "
    f"({LONGEST_WAIT_S} at most); `respond-async`, as nothing at all, does not.",
    examples=["wait=20"],
)


@dataclass(frozen=True, slots=True)
class Door:
    """What the routes of one application share.

    Attributes:
        ports: everything impure.
        authenticate: the `Authorization` header's value -> the account.
        telemetry: where refusals and faults are told.
        pause: waits so many seconds, and lets other requests pass.
        history: of past jobs, which estimates are concluded from.
    """

    ports: Ports
    authenticate: Authenticate
    telemetry: Telemetry
    pause: Pause
    history: History


class CorrelationId:
    """Give every request one id: the client's, where it is a safe one, or a new one.

    Ids and telemetry are those of the application's door, whichever door it is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        door = scope["app"].state.door
        sent = Headers(scope=scope).get(HEADER, "")
        correlation_id: str = sent if _SAFE.fullmatch(sent) else door.ports.new_id()
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        door.telemetry.correlate(correlation_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = correlation_id
            await send(message)

        await self.app(scope, receive, send_with_id)


def origin_of(request: Request) -> Origin:
    """Where the request comes from; the caller's address only where the operator keeps it."""
    agent = request.headers.get("user-agent", "")
    client = request.client if ports_of(request).limits.keeps_hosts else None
    return Origin(door="rest", host=client.host if client else "", agent=agent[:LONGEST_AGENT])


def ports_of(request: Request) -> Ports:
    """The door's ports."""
    door: Door = request.app.state.door
    return door.ports


def correlation_id_of(request: Request) -> str:
    """The request's correlation id."""
    return str(request.state.correlation_id)


def caller(request: Request, _documented: Annotated[object, Depends(_bearer)]) -> Account:
    """Whoever asks; nobody in particular without a token.

    Raises:
        NotAuthenticated: there is a token, and it is not valid.
    """
    door: Door = request.app.state.door
    return door.authenticate(request.headers.get("authorization"))


def signed_in(account: Annotated[Account, Depends(caller)]) -> Account:
    """The account that has signed in.

    Raises:
        NotAuthenticated: there is none.
    """
    if not account.account_id:
        raise not_authenticated("none was sent; send 'Bearer <access token>' from the sign-in")
    return account


async def body_of(request: Request) -> bytes:
    """The request's body, as it was sent."""
    return await request.body()


def header_of(request: Request, name: str) -> str:
    """A header's value, empty where there is none; sent once or several times, that is the same."""
    return ",".join(request.headers.getlist(name))


def preferences_of(request: Request, prefer: Annotated[str, _prefer] = "") -> Preferences:
    """What the caller would like."""
    del prefer
    return Preferences.parse(header_of(request, "prefer"))


def door_of(request: Request) -> Door:
    """What the routes share."""
    door: Door = request.app.state.door
    return door


type OriginHere = Annotated[Origin, Depends(origin_of)]
type DoorHere = Annotated[Door, Depends(door_of)]
type Preferred = Annotated[Preferences, Depends(preferences_of)]
type PortsHere = Annotated[Ports, Depends(ports_of)]
type Caller = Annotated[Account, Depends(caller)]
type SignedIn = Annotated[Account, Depends(signed_in)]
type Body = Annotated[bytes, Depends(body_of)]
