"""Logins of people with a browser: at the identity provider's pages, by code and PKCE."""

import base64
import hashlib
from dataclasses import dataclass

from atoll.errors import NotAuthenticated
from atoll.model.service_url import with_ticket
from atoll.model.ticket import LOGIN_LIFETIME, PendingLogin, hashed
from atoll.ports.sign_in import SignInPorts
from atoll.services.cas import issue_to_browser

BEGIN_AGAIN = "This login was not begun here, is older than ten minutes, or was used: begin again."


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that has begun.

    Attributes:
        state: known to this browser and the identity provider alone.
        address: where it goes on.
    """

    state: str
    address: str


def begin_login(service: str, ports: SignInPorts) -> Begun:
    """Begin a login.

    Args:
        service: to be given a ticket at its end; empty = none.
        ports: the identity provider's pages, and where the login is kept meanwhile.

    Raises:
        InvalidParameter: the service may not be given tickets.
        Unavailable: the store did not answer.
    """
    if service:
        ports.services.demand(service)
    state, verifier = ports.new_secret(), ports.new_secret()
    pending = PendingLogin(service=service, verifier=verifier)
    ports.tickets.keep(hashed("login", state), pending, ports.now() + LOGIN_LIFETIME)
    return Begun(state, ports.hosted_login.address(state, challenge_of(verifier)))


def finish_login(state: str, code: str, ports: SignInPorts) -> str | None:
    """Finish a login with the code that the browser has brought.

    Returns:
        The service's address with its ticket; None where no service was named.

    Raises:
        NotAuthenticated: there is no such login, or the code is not good.
        InvalidParameter: the service may not be given tickets any more.
        Unavailable: the identity provider or the store did not answer.
    """
    pending = ports.tickets.take(hashed("login", state), PendingLogin)
    identity = ports.hosted_login.exchange(code, pending.verifier) if pending else None
    if pending is None or identity is None:
        raise NotAuthenticated(BEGIN_AGAIN)
    if not pending.service:
        return None
    return with_ticket(pending.service, issue_to_browser(identity, pending.service, ports))


def challenge_of(verifier: str) -> str:
    """The verifier's challenge, method S256 (RFC 7636, section 4.2)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
