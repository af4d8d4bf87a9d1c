"""A door over a world of fakes, and tokens signed by keys of our own."""

import asyncio
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send

from atoll.errors import BrokerError
from atoll.model.record import Publisher
from atoll.services.history import History
from atoll.services.timeliness import Board
from atoll.web.app import make_app, take_deliveries
from atoll.web.context import Door, Pause
from atoll.web.delivery_door import DeliveryDoor
from atoll.web.identity import Keys, TokenVerifier
from tests.web.meanwhile import Meanwhile
from tests.world import T0

ISSUER = "https://issuer.test/pool"
CLIENT_ID = "command-line"
PUBLISHER = Publisher(name="levitus", url="https://unit.example.org")
KEY = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig", "alg": "RS256"}, auto_kid=False)
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "ours"}, auto_kid=False)


def claims(**changed: Any) -> dict[str, Any]:
    """An access token of Ann's as Cognito makes it; None takes a claim away."""
    issued = int(T0.timestamp())
    all_claims = {
        "sub": "ann-id",
        "iss": ISSUER,
        "token_use": "access",
        "client_id": CLIENT_ID,
        "cognito:groups": ["public"],
        "iat": issued,
        "exp": issued + 3_600,
    } | changed
    return {name: value for name, value in all_claims.items() if value is not None}


def token(key: RSAKey = KEY, kid: str = "ours", **changed: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": kid}, claims(**changed), key)


def token_of_groups(*groups: str, **changed: Any) -> str:
    """A token whose holder is in these groups; in none, Cognito leaves the claim out."""
    held = claims(**changed)
    del held["cognito:groups"]
    if groups:
        held["cognito:groups"] = list(groups)
    return jwt.encode({"alg": "RS256", "kid": "ours"}, held, KEY)


def nav_token() -> str:
    return token_of_groups("navy", sub="nav-id")


@dataclass
class Issuer:
    """The sign-in's published keys, and how often they were asked for."""

    keys: list[RSAKey] = field(default_factory=lambda: [KEY])
    asked: int = 0

    def fetch(self) -> Keys:
        self.asked += 1
        return KeySet([*self.keys]).as_dict(private=False)


@dataclass
class Heard:
    """Telemetry that remembers."""

    correlation_ids: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)

    def correlate(self, correlation_id: str) -> None:
        self.correlation_ids.append(correlation_id)

    def refused(self, error: BrokerError) -> None:
        self.refusals.append(error.code())

    def ordered(self, job_id: str, tier: str, output_bytes: int) -> None:
        assert tier
        assert output_bytes
        self.orders.append(job_id)

    def failed(self, error: Exception) -> None:
        self.faults.append(error)


@dataclass
class DoorUnderTest(Meanwhile):
    """The application, signed in as Ann unless told otherwise."""

    issuer: Issuer = field(default_factory=Issuer)
    heard: Heard = field(default_factory=Heard)

    @property
    def verifier(self) -> TokenVerifier:
        return TokenVerifier(ISSUER, frozenset({CLIENT_ID}), self.issuer.fetch, self.world.now)

    def app(self, pause: Pause) -> FastAPI:
        """The application as production makes it."""
        app = make_app(self.world.ports, self.verifier, self.heard, PUBLISHER, pause)
        take_deliveries(app, self.world.delivery_ports)
        return app

    def served(self) -> ASGIApp:
        """The same for one test after the other: its routes cost more than most tests do."""
        ports = self.world.ports
        door = Door(ports, self.verifier, self.heard, self.pause, History(ports))
        delivery_ports = self.world.delivery_ports
        delivery_door = DeliveryDoor(delivery_ports, Board(delivery_ports))

        async def serve(scope: Scope, receive: Receive, send: Send) -> None:
            _shared_app().state.door = door
            _shared_app().state.delivery_door = delivery_door
            await _shared_app()(scope, receive, send)

        return serve

    def client(self, bearer: str | None = "ann") -> TestClient:
        known = {"ann": token(), "nav": nav_token()}
        headers = {} if bearer is None else {"authorization": f"Bearer {known.get(bearer, bearer)}"}
        return TestClient(self.served(), headers=headers, raise_server_exceptions=False)


@cache
def _shared_app() -> FastAPI:
    """An application whose door is put into its state before each request."""
    return DoorUnderTest().app(asyncio.sleep)
