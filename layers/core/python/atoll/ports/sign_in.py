"""Everything impure that signing in through CAS needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from atoll.model.service_url import AllowedServices
from atoll.model.ticket import Attempts, Identity, Kept
from atoll.model.value import Value
from atoll.ports.notices import Secrets

# `more-needed`: the password may be right, and the user has to do something in a browser first.
type SignInRefusal = Literal["wrong-password", "more-needed"]


class Tickets(Protocol):
    """What the door keeps for a while, under keys that tell nothing. What has expired is gone."""

    def keep(self, key: str, kept: Kept, expires_at: datetime) -> None:
        """Keep something, whatever was there.

        Args:
            key: what it is found by.
            kept: what to keep.
            expires_at: until when, in whole seconds or a little longer.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def find[K: Value](self, key: str, kind: type[K]) -> K | None:
        """What is there at this moment; None = nothing.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def take[K: Value](self, key: str, kind: type[K]) -> K | None:
        """Take something out: of all who try, one gets it; the others, None.

        Raises:
            Unavailable: the store did not answer; it may have been taken.
        """
        ...

    def replace(self, key: str, seen: Attempts | None, new: Attempts, expires_at: datetime) -> bool:
        """Change what nobody has changed since it was seen.

        Args:
            key: where.
            seen: what `find` has answered.
            new: what to keep instead.
            expires_at: until when.

        Returns:
            False where it was changed; nothing is then.

        Raises:
            Unavailable: the store did not answer; it may have been changed.
        """
        ...

    def forget(self, key: str) -> None:
        """Keep nothing there.

        Raises:
            Unavailable: the store did not answer.
        """
        ...


class SignIn(Protocol):
    """The identity provider, asked with a password."""

    def check_password(self, username: str, password: str) -> Identity | SignInRefusal:
        """Whose password this is.

        Raises:
            Unavailable: it did not answer, or wants to be asked less often.
        """
        ...


class HostedLogin(Protocol):
    """The identity provider's own pages, for people with a browser."""

    def address(self, state: str, challenge: str) -> str:
        """Where a login begins (RFC 6749, section 4.1.1; RFC 7636, section 4.3).

        Args:
            state: what it comes back with.
            challenge: of the method S256.
        """
        ...

    def exchange(self, code: str, verifier: str) -> Identity | None:
        """Redeem a code (RFC 6749, section 4.1.3); None = it is not good, or not any more.

        Raises:
            Unavailable: the identity provider did not answer.
            NotAuthenticated, DataError: it answered with a token that is not its own, or none.
        """
        ...

    def logout_address(self) -> str:
        """Where its session ends; it comes back to our own page."""
        ...


@dataclass(frozen=True, slots=True)
class SignInPorts:
    """One record of it: real in production, fakes with state in tests.

    Attributes:
        services: which addresses may be given tickets.
        new_secret: 64 hexadecimal digits that nobody can guess.
    """

    tickets: Tickets
    sign_in: SignIn
    hosted_login: HostedLogin
    secrets: Secrets
    services: AllowedServices
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    new_secret: Callable[[], str]
