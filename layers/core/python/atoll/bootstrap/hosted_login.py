"""Cognito's hosted pages: the addresses, and the exchange of a code for a token."""

import json
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode

from atoll.errors import Unavailable
from atoll.model.claims import read_identity
from atoll.model.job import Account
from atoll.model.ticket import Identity

TIMEOUT_S = 10


@dataclass(frozen=True, slots=True)
class CognitoHostedLogin:
    """The HostedLogin port, for a client that has no secret.

    Attributes:
        pages_url: of the pages, without a slash at its end.
        client_id: of a client that may exchange codes.
        cas_url: where a browser comes back to: `/callback` and `/signed-out` must be known to
            the client.
        verify: an `Authorization` header's value -> its account; see `web.identity`.
    """

    pages_url: str
    client_id: str
    cas_url: str
    verify: Callable[[str], Account]

    def address(self, state: str, challenge: str) -> str:
        """Where a login begins; see `ports.sign_in.HostedLogin`."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": f"{self.cas_url}/callback",
            "scope": "openid",
            "state": state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{self.pages_url}/oauth2/authorize?{urlencode(asked)}"

    def exchange(self, code: str, verifier: str) -> Identity | None:
        """Redeem a code; see `ports.sign_in.HostedLogin`."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": f"{self.cas_url}/callback",
            "code_verifier": verifier,
        }
        try:
            with urllib.request.urlopen(  # noqa: S310  the operator's own setting
                f"{self.pages_url}/oauth2/token", urlencode(form).encode(), timeout=TIMEOUT_S
            ) as answer:
                token = str(json.load(answer)["access_token"])
        except HTTPError as fault:
            with fault:
                if fault.code == HTTPStatus.BAD_REQUEST:  # RFC 6749, section 5.2: invalid_grant
                    return None
            raise _unavailable() from fault
        except (OSError, ValueError, LookupError, TypeError, HTTPException) as fault:
            raise _unavailable() from fault
        account = self.verify(f"Bearer {token}")
        return read_identity(token).model_copy(update={"account": account})

    def logout_address(self) -> str:
        """Where the session ends; see `ports.sign_in.HostedLogin`."""
        back = {"client_id": self.client_id, "logout_uri": f"{self.cas_url}/signed-out"}
        return f"{self.pages_url}/logout?{urlencode(back)}"


def _unavailable() -> Unavailable:
    return Unavailable("The hosted login did not answer; try again in a moment.")
