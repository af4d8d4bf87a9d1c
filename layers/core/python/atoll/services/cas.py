"""Tickets of CAS 3.0: granted for a password, issued for a service, validated once."""

import re

from atoll.model.ticket import (
    GRANT_LIFETIME,
    TICKET_LIFETIME,
    Grant,
    Identity,
    InvalidTicket,
    ServiceTicket,
    hashed,
)
from atoll.ports.sign_in import SignInPorts
from atoll.services.passwords import Credentials, verify_password

# Of letters, digits and hyphens alone (CAS 3.0, section 3.7).
_GRANT = re.compile(r"TGT-[0-9a-f]{64}")
_TICKET = re.compile(r"ST-[0-9a-f]{64}")


def grant_ticket(credentials: Credentials, ports: SignInPorts) -> str:
    """Give a ticket-granting ticket for a password.

    Raises:
        NotAuthenticated, Unavailable: see `verify_password`.
    """
    identity = verify_password(credentials, ports)
    grant, now = f"TGT-{ports.new_secret()}", ports.now()
    kept = Grant(identity=identity, authenticated_at=now)
    ports.tickets.keep(hashed("grant", grant), kept, now + GRANT_LIFETIME)
    return grant


def issue_ticket(grant: str, service: str, ports: SignInPorts) -> str | None:
    """Issue a service ticket.

    Args:
        grant: a ticket-granting ticket.
        service: the URL that the ticket will be good for.
        ports: where both are kept.

    Returns:
        The ticket; None where there is no such grant, or none any more.

    Raises:
        InvalidParameter: the service may not be given tickets.
        Unavailable: the store did not answer.
    """
    ports.services.demand(service)
    known = ports.tickets.find(hashed("grant", grant), Grant) if _is_grant(grant) else None
    if known is None:
        return None
    ticket = ServiceTicket(**dict(known), service=service, is_from_new_login=True)
    return _kept(ticket, ports)


def issue_to_browser(identity: Identity, service: str, ports: SignInPorts) -> str:
    """Issue a service ticket to who has come from the hosted login, be it by an older session.

    Raises:
        InvalidParameter, Unavailable: see `issue_ticket`.
    """
    ports.services.demand(service)
    ticket = ServiceTicket(
        identity=identity,
        authenticated_at=ports.now(),
        service=service,
        is_from_new_login=False,
    )
    return _kept(ticket, ports)


def revoke_grant(grant: str, ports: SignInPorts) -> None:
    """Let a ticket-granting ticket be good for nothing. Of one that is not there nothing is said.

    Raises:
        Unavailable: the store did not answer.
    """
    if _is_grant(grant):
        ports.tickets.forget(hashed("grant", grant))


def validate_ticket(
    ticket: str, service: str, ports: SignInPorts, *, renew: bool = False
) -> ServiceTicket | InvalidTicket:
    """Say whose a ticket is. It is good once, whatever the answer (CAS 3.0, section 3.1.1).

    Args:
        ticket: a service ticket.
        service: that it was presented to.
        ports: where it is kept.
        renew: whether the password must have been presented for it.

    Raises:
        Unavailable: the store did not answer; the ticket may be used up.
    """
    known = None
    if _TICKET.fullmatch(ticket):
        known = ports.tickets.take(hashed("ticket", ticket), ServiceTicket)
    if known is None:
        return InvalidTicket(
            code="INVALID_TICKET",
            reason="The ticket was never issued, has been used, or is older than 60 seconds.",
        )
    if known.service != service:
        return InvalidTicket(
            code="INVALID_SERVICE", reason="The ticket was issued for another service."
        )
    if renew and not known.is_from_new_login:
        return InvalidTicket(
            code="INVALID_TICKET", reason="The ticket does not come from a new login."
        )
    return known


def _kept(ticket: ServiceTicket, ports: SignInPorts) -> str:
    text = f"ST-{ports.new_secret()}"
    ports.tickets.keep(hashed("ticket", text), ticket, ports.now() + TICKET_LIFETIME)
    return text


def _is_grant(text: str) -> bool:
    return _GRANT.fullmatch(text) is not None
