"""What the CAS door keeps: logins begun, tickets, passwords checked, attempts at them. Pure."""

import hashlib
from datetime import datetime, timedelta
from typing import Literal, Self

from pydantic import AwareDatetime

from atoll.model.job import Account
from atoll.model.value import Value

# As an access token's: a change of a user's groups is seen by then.
GRANT_LIFETIME = timedelta(hours=1)
# A client calls the service as soon as it has its ticket.
TICKET_LIFETIME = timedelta(seconds=60)
LOGIN_LIFETIME = timedelta(minutes=10)
CHECK_LIFETIME = timedelta(minutes=10)

WINDOW = timedelta(minutes=15)
# The identity provider is waited for half as long: an attempt that is older was broken off, and
# nobody knows how it would have ended.
PENDING_FOR = timedelta(seconds=60)


class Identity(Value):
    """Who has signed in.

    Attributes:
        username: as the identity provider writes it.
        account: what is counted and entitled.
    """

    username: str
    account: Account


class Grant(Value):
    """What a ticket-granting ticket stands for.

    Attributes:
        authenticated_at: when the password was presented.
    """

    identity: Identity
    authenticated_at: AwareDatetime


class ServiceTicket(Grant):
    """What a service ticket stands for.

    Attributes:
        service: the URL that it is good for, byte for byte.
        is_from_new_login: False where nobody knows whether the password was presented for it.
    """

    service: str
    is_from_new_login: bool


type InvalidCode = Literal["INVALID_REQUEST", "INVALID_TICKET", "INVALID_SERVICE", "INTERNAL_ERROR"]


class InvalidTicket(Value):
    """Why nobody is told whose a service ticket is (CAS 3.0, section 2.5.3)."""

    code: InvalidCode
    reason: str


class PasswordCheck(Value):
    """A password that the identity provider has found right.

    Attributes:
        digest: of the password, hexadecimal; see `services.passwords`.
    """

    digest: str
    identity: Identity


class PendingLogin(Value):
    """A login in a browser that has begun at the identity provider's pages.

    Attributes:
        service: where to go on to; empty = nowhere.
        verifier: proof that the code is redeemed by who began (RFC 7636, section 4.1).
    """

    service: str
    verifier: str


class Attempt(Value):
    """One password that was, or is being, asked for.

    Attributes:
        at: when it began; of a failed one, when it failed.
    """

    attempt_id: str
    at: AwareDatetime
    failed: bool = False


class Attempts(Value):
    """What was tried under one name, or from one address, in the last 15 minutes."""

    made: tuple[Attempt, ...] = ()

    def recent(self, now: datetime) -> Self:
        """Those that still count."""
        return self.model_copy(
            update={"made": tuple(one for one in self.made if now - one.at < WINDOW)}
        )

    def failures(self, now: datetime) -> int:
        """How many failed; one that was broken off is one of them."""
        recent = self.recent(now).made
        return sum(one.failed or now - one.at > PENDING_FOR for one in recent)

    def begun(self, attempt_id: str, now: datetime) -> Self:
        """The same and one more, under way; once, though it be said twice."""
        others = tuple(one for one in self.made if one.attempt_id != attempt_id)
        return self.model_copy(update={"made": (*others, Attempt(attempt_id=attempt_id, at=now))})

    def ended(self, attempt_id: str, now: datetime, *, failed: bool) -> Self:
        """The same when an attempt has ended; what did not fail is not kept."""
        others = tuple(one for one in self.made if one.attempt_id != attempt_id)
        failure = Attempt(attempt_id=attempt_id, at=now, failed=True)
        return self.model_copy(update={"made": (*others, failure) if failed else others})


type Kept = Grant | ServiceTicket | PasswordCheck | PendingLogin | Attempts


def hashed(kind: str, secret: str) -> str:
    """The key under which a secret's meaning is kept: whoever reads the table learns no ticket."""
    return f"{kind}#{hashlib.sha256(secret.encode()).hexdigest()}"
