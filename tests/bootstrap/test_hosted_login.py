"""The exchange of a code, against a server of this machine that answers as Cognito documents."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from atoll.bootstrap.hosted_login import CognitoHostedLogin
from atoll.errors import NotAuthenticated, Unavailable
from atoll.web.identity import TokenVerifier
from tests.web.builders import CLIENT_ID, FOREIGN_KEY, ISSUER, Issuer, token
from tests.world import T0

CAS_URL = "https://cas.test/cas"


@dataclass
class Pages:
    """A token endpoint.

    Attributes:
        status, body: what it answers.
        forms: what it was sent.
    """

    status: int = 200
    body: bytes = b"{}"
    forms: list[tuple[str, str, dict[str, list[str]]]] = field(default_factory=list)

    @contextmanager
    def served(self) -> Iterator[CognitoHostedLogin]:
        pages = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                sent = self.rfile.read(int(self.headers["content-length"])).decode()
                pages.forms.append((self.path, self.headers["content-type"], parse_qs(sent)))
                self.send_response(pages.status)
                self.send_header("content-length", str(len(pages.body)))
                self.end_headers()
                self.wfile.write(pages.body)

            def log_message(self, *_):
                """Say nothing."""

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield hosted(f"http://127.0.0.1:{server.server_port}")
            finally:
                server.shutdown()
                thread.join()


def hosted(url: str) -> CognitoHostedLogin:
    verify = TokenVerifier(ISSUER, frozenset({CLIENT_ID}), Issuer().fetch, lambda: T0)
    return CognitoHostedLogin(url, "hosted-client", CAS_URL, verify)


def answer(access_token: object) -> bytes:
    return json.dumps({"access_token": access_token, "token_type": "Bearer"}).encode()


def test_a_code_is_exchanged_with_its_verifier_and_without_a_secret():
    pages = Pages(body=answer(token(username="ann")))
    with pages.served() as login:
        identity = login.exchange("the code", "v" * 64)
    assert identity is not None
    assert (identity.username, identity.account.account_id) == ("ann", "ann-id")
    assert identity.account.profiles == ("public",)
    assert pages.forms == [
        (
            "/oauth2/token",
            "application/x-www-form-urlencoded",
            {
                "grant_type": ["authorization_code"],
                "client_id": ["hosted-client"],
                "code": ["the code"],
                "redirect_uri": [f"{CAS_URL}/callback"],
                "code_verifier": ["v" * 64],
            },
        )
    ]


def test_a_code_that_is_not_good_is_nobodys():
    with Pages(400, b'{"error": "invalid_grant"}').served() as login:
        assert login.exchange("code", "verifier") is None


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, b'{"error": "invalid_client"}'),
        (429, b""),
        (500, b"<html>"),
        (503, b""),
        (200, b"<html>"),
        (200, b"[]"),
        (200, b'{"id_token": "x"}'),
    ],
)
def test_any_other_answer_is_to_be_tried_again(status, body):
    with Pages(status, body).served() as login, pytest.raises(Unavailable):
        login.exchange("code", "verifier")


def test_nobody_there_is_to_be_tried_again():
    with pytest.raises(Unavailable):
        hosted("http://127.0.0.1:1").exchange("code", "verifier")


@pytest.mark.parametrize(
    "held", [token(FOREIGN_KEY), token(iss="https://other"), token(client_id="other"), "x.y.z", 5]
)
def test_a_token_that_the_pool_has_not_signed_is_believed_by_nobody(held):
    with Pages(body=answer(held)).served() as login, pytest.raises(NotAuthenticated):
        login.exchange("code", "verifier")


def test_a_login_begins_with_a_code_and_a_challenge():
    address = urlsplit(hosted("https://login.test").address("st&te", "ch=llenge"))
    assert (address.netloc, address.path) == ("login.test", "/oauth2/authorize")
    assert parse_qs(address.query) == {
        "response_type": ["code"],
        "client_id": ["hosted-client"],
        "redirect_uri": [f"{CAS_URL}/callback"],
        "scope": ["openid"],
        "state": ["st&te"],
        "code_challenge": ["ch=llenge"],
        "code_challenge_method": ["S256"],
    }


def test_a_session_ends_at_our_own_page():
    address = urlsplit(hosted("https://login.test").logout_address())
    assert (address.netloc, address.path) == ("login.test", "/logout")
    assert parse_qs(address.query) == {
        "client_id": ["hosted-client"],
        "logout_uri": [f"{CAS_URL}/signed-out"],
    }
