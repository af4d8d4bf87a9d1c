"""What a route is given: the door's ports, the caller's account, the correlation id."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from atoll.errors import NotAuthenticated
from atoll.model.job import Account
from atoll.ports import Ports
from atoll.web.identity import Authenticate
from atoll.web.observability import Telemetry

HEADER = "x-correlation-id"
_SAFE = re.compile(r"[A-Za-z0-9._-]{8,64}")

# For the OpenAPI document alone: the header is read below, with our own words for its faults.
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT", description="Cognito access token")


@dataclass(frozen=True, slots=True)
class Door:
    """What the routes of one application share."""

    ports: Ports
    authenticate: Authenticate
    telemetry: Telemetry


class CorrelationId:
    """Give every request one id: the client's, where it is a safe one, or a new one."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str], telemetry: Telemetry) -> None:
        self.app = app
        self.new_id = new_id
        self.telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = Headers(scope=scope).get(HEADER, "")
        correlation_id = sent if _SAFE.fullmatch(sent) else self.new_id()
        scope.setdefault("state", {})["correlation_id"] = correlation_id
        self.telemetry.correlate(correlation_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = correlation_id
            await send(message)

        await self.app(scope, receive, send_with_id)


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
        raise NotAuthenticated(
            "Authorization: none was sent; send 'Bearer <access token>' from the sign-in.",
            {"parameter": "Authorization", "accepted": "Bearer <access token>"},
        )
    return account


async def body_of(request: Request) -> bytes:
    """The request's body, as it was sent."""
    return await request.body()


type PortsHere = Annotated[Ports, Depends(ports_of)]
type Caller = Annotated[Account, Depends(caller)]
type SignedIn = Annotated[Account, Depends(signed_in)]
type Body = Annotated[bytes, Depends(body_of)]
