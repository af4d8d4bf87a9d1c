"""Access tokens of Cognito, verified offline (RFC 7519, RFC 9068 section 4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError

from atoll.errors import NotAuthenticated, Unavailable
from atoll.model.job import ANONYMOUS, Account

if TYPE_CHECKING:
    from joserfc.jwk import KeySet, KeySetSerialization

type Keys = KeySetSerialization
type Authenticate = Callable[[str | None], Account]
type FetchKeys = Callable[[], Keys]

CLOCK_SKEW_S = 30
KEYS_AGE_S = 300


class _Claims(BaseModel):
    """What we read of an access token."""

    sub: str
    iss: str
    token_use: str
    client_id: str
    exp: int
    scope: str = ""
    groups: tuple[str, ...] = ()


class TokenVerifier:
    """Header value in, account out. Keys are fetched once, and again for a key not yet seen."""

    def __init__(
        self,
        issuer: str,
        client_ids: frozenset[str],
        fetch_keys: FetchKeys,
        now: Callable[[], datetime],
    ) -> None:
        self._issuer = issuer
        self._client_ids = client_ids
        self._fetch_keys = fetch_keys
        self._now = now
        self._keys: KeySet | None = None
        self._fetched_at: datetime | None = None

    def __call__(self, header: str | None) -> Account:
        """The account of an `Authorization` header.

        Raises:
            NotAuthenticated: there is a header, and it holds no valid token of this issuer.
            Unavailable: the issuer's keys could not be fetched, and none are kept.
        """
        if header is None:
            return ANONYMOUS
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise not_authenticated("it is not of the form 'Bearer <access token>'")
        claims = self._verify(token.strip())
        return Account(
            account_id=claims.sub, profiles=claims.groups, may_order=_may_order(claims.scope)
        )

    def _verify(self, token: str) -> _Claims:
        from atoll.web import signatures  # noqa: PLC0415  a request without a token needs none

        try:
            found = signatures.verified_claims(token, self._find_keys)
            found["groups"] = found.pop("cognito:groups", ())
            claims = _Claims.model_validate(found)
        except (signatures.JoseError, ValueError, ValidationError) as fault:
            raise not_authenticated(
                "its token is not one that this service's sign-in has issued"
            ) from fault
        if claims.iss != self._issuer or claims.client_id not in self._client_ids:
            raise not_authenticated("its token was issued by, or for, somebody else")
        if claims.token_use != "access":  # noqa: S105  a claim's value
            raise not_authenticated("it holds another kind of token than an access token")
        if claims.exp + CLOCK_SKEW_S < self._now().timestamp():
            raise not_authenticated("its token has expired; sign in again")
        return claims

    def _find_keys(self, key_id: object) -> KeySet:
        from atoll.web import signatures  # noqa: PLC0415

        if self._keys is None or (not self._holds(key_id) and self._is_old()):
            try:
                self._keys = signatures.read_keys(self._fetch_keys())
            except ValueError as fault:
                raise keys_unavailable() from fault
            self._fetched_at = self._now()
        return self._keys

    def _holds(self, key_id: object) -> bool:
        return self._keys is not None and any(key.kid == key_id for key in self._keys.keys)

    def _is_old(self) -> bool:
        # A token with an invented key id must not make us ask the issuer each time.
        if self._fetched_at is None:
            return True
        return (self._now() - self._fetched_at).total_seconds() > KEYS_AGE_S


def _may_order(scope: str) -> bool:
    """Whether a token is good for ordering: a sign-in by password has no scope of ours, and is."""
    ours = {one for one in scope.split() if one.startswith("atoll/")}
    return not ours or "atoll/order" in ours


def keys_unavailable() -> Unavailable:
    """The fault of a sign-in that is away, or publishes something else: nobody is refused."""
    return Unavailable("The sign-in's keys cannot be read now; try again.")


def not_authenticated(why: str) -> NotAuthenticated:
    """The refusal of a request whose `Authorization` header is not what is needed."""
    return NotAuthenticated(
        f"Authorization: {why}.",
        {"parameter": "Authorization", "accepted": "Bearer <access token>"},
    )
