"""Signatures of tokens (RFC 7515), by joserfc: loaded with the first token, for what it costs."""

from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization

__all__ = ["JoseError", "read_keys", "verified_claims"]

ALGORITHMS = ["RS256"]


def read_keys(published: KeySetSerialization) -> KeySet:
    """An issuer's published keys.

    Raises:
        ValueError: what it publishes are none.
    """
    try:
        return KeySet.import_key_set(published)
    except (JoseError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise ValueError("what is published are no keys") from fault


def verified_claims(token: str, find_keys: Callable[[object], KeySet]) -> dict[str, Any]:
    """The claims of a token whose signature holds.

    Args:
        token: compact serialisation.
        find_keys: key id, or None -> the keys to try.

    Raises:
        JoseError, ValueError: it is no token, or its signature does not hold.
    """

    def keys_of(found: Any) -> KeySet:  # noqa: ANN401  joserfc's union of private classes
        return find_keys(found.headers().get("kid"))

    try:
        return dict(jwt.decode(token, keys_of, algorithms=ALGORITHMS).claims)
    except TypeError as fault:  # joserfc's, of a header's member of another type, as `crit: 5`
        raise ValueError("a member of the header is of another type") from fault
