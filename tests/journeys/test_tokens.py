"""Tokens that must not be believed: at a unit that checks itself, and at one whose gateway does."""

import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from stacks.local.door import Answer
from stacks.local.endpoints import Endpoints
from stacks.local.orders import Customer
from stacks.local.place import LocalError
from tests.journeys.local import BOX, WINDS, Local

pytestmark = pytest.mark.slow

type Forge = Callable[[str, RSAKey], str]

PROBLEM = "application/problem+json"


def part(token: str, index: int) -> dict[str, Any]:
    text = token.split(".")[index]
    document: dict[str, Any] = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return document


def expired(token: str, key: RSAKey) -> str:
    """The pool's own signature under an hour that is over."""
    return jwt.encode(part(token, 0), part(token, 1) | {"exp": int(time.time()) - 60}, key)


def foreign(token: str, _key: RSAKey) -> str:
    """The right claims and the right key id, signed by somebody else."""
    return jwt.encode(part(token, 0), part(token, 1), RSAKey.generate_key(2048))


def unsigned(token: str, _key: RSAKey) -> str:
    """An algorithm that signs nothing."""
    return f"{encoded({'alg': 'none'})}.{token.split('.')[1]}."


def promoted(token: str, _key: RSAKey) -> str:
    """A real signature under a group that was added afterwards."""
    head, _, signature = token.split(".")
    return f"{head}.{encoded(part(token, 1) | {'cognito:groups': ['everything']})}.{signature}"


def encoded(document: Mapping[str, object]) -> str:
    return urlsafe_b64encode(json.dumps(document).encode()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def key(local: Local) -> RSAKey:
    """What the pool signs access tokens with; the emulator makes it with its first token."""
    Endpoints.read(local.place).token("ann")
    pool = local.stacks["central"].outputs["UserPoolId"]
    pem = local.place.directory / "state" / "cognito-pool-keys" / f"{pool}-access.pem"
    return RSAKey.import_key(pem.read_bytes())


FORGERIES = pytest.mark.parametrize("forge", [expired, foreign, unsigned, promoted])


def order(local: Local, unit: str, token: str, inputs: Mapping[str, object]) -> Answer:
    return Customer(Endpoints.read(local.place).units[unit], token).order(inputs)


@FORGERIES
def test_the_unit_itself_refuses(local: Local, key: RSAKey, forge: Forge) -> None:
    token = forge(local.customer("ann").token, key)
    answer = order(local, "levitus", token, BOX)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert answer.headers["Content-Type"] == PROBLEM
    assert answer.json()["type"] == "urn:atoll:error:not-authenticated"
    assert answer.json()["parameter"] == "Authorization"


@FORGERIES
def test_the_gateway_refuses(local: Local, key: RSAKey, forge: Forge) -> None:
    token = forge(local.customer("nav").token, key)
    answer = order(local, "navy", token, WINDS)
    assert (answer.status, answer.json()) == (HTTPStatus.UNAUTHORIZED, {"message": "Unauthorized"})


def test_no_token_orders_nothing(local: Local) -> None:
    answer = order(local, "levitus", "", BOX)
    assert answer.status == HTTPStatus.UNAUTHORIZED
    assert answer.headers["Content-Type"] == PROBLEM
    assert order(local, "navy", "", WINDS).status == HTTPStatus.UNAUTHORIZED


def test_an_id_token_is_no_access_token(local: Local) -> None:
    endpoints = Endpoints.read(local.place)
    ann = endpoints.users[0]
    cognito = local.client("cognito-idp", "central")
    signed_in = cognito.initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=endpoints.client_id,
        AuthParameters={"USERNAME": ann.username, "PASSWORD": ann.password},
    )["AuthenticationResult"]
    assert order(local, "levitus", signed_in["IdToken"], BOX).status == HTTPStatus.UNAUTHORIZED


def test_a_wrong_password_signs_nobody_in(local: Local) -> None:
    endpoints = Endpoints.read(local.place)
    stranger = endpoints.users[0].model_copy(update={"password": "Wrong-password-1"})
    forged = endpoints.model_copy(update={"users": [stranger]})
    with pytest.raises(LocalError, match="Incorrect username or password"):
        forged.token("ann")
