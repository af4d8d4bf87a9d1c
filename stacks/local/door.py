"""Plain HTTP, as any user's program would speak it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

ANSWER_LIMIT_S = 60
AUTHENTICATE = "AWSCognitoIdentityProviderService.InitiateAuth"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, refusals included."""

    status: int
    headers: Message
    body: bytes = field(repr=False)

    def json(self) -> Any:  # noqa: ANN401 (a document of any shape)
        """The body, as the document that it is."""
        return json.loads(self.body)


def call(
    method: str,
    url: str,
    document: object = None,
    *,
    token: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Send one request; every status is an answer, none is an exception."""
    sent = {"Content-Type": "application/json"} if document is not None else {}
    sent |= {"Authorization": f"Bearer {token}"} if token else {}
    body = None if document is None else json.dumps(document).encode()
    request = Request(url, body, sent | dict(headers or {}), method=method)  # noqa: S310 (a loopback address)
    try:
        with urlopen(request, timeout=ANSWER_LIMIT_S) as reply:  # noqa: S310
            return Answer(reply.status, reply.headers, reply.read())
    except HTTPError as refusal:
        with refusal:
            return Answer(refusal.code, refusal.headers, refusal.read())


def sign_in(central: str, client_id: str, username: str, password: str) -> str:
    """An access token for a user's password, as the command-line client gets one.

    Raises:
        PermissionError: the identity provider refuses.
    """
    parameters = {"USERNAME": username, "PASSWORD": password}
    answer = call(
        "POST",
        f"{central}/",
        {"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client_id, "AuthParameters": parameters},
        headers={"X-Amz-Target": AUTHENTICATE, "Content-Type": "application/x-amz-json-1.1"},
    )
    if answer.status != HTTPStatus.OK:
        raise PermissionError(f"{username}: {answer.json().get('message', answer.status)}")
    token: str = answer.json()["AuthenticationResult"]["AccessToken"]
    return token
