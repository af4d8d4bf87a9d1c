"""Who signs tokens: its public keys, fetched when a token is first seen."""

import json
import urllib.request
from http.client import HTTPException

from atoll.bootstrap.settings import now
from atoll.web.identity import Keys, TokenVerifier, keys_unavailable

KEYS_TIMEOUT_S = 3


def make_token_verifier(issuer: str, jwks_url: str, client_ids: frozenset[str]) -> TokenVerifier:
    """Tokens of the central user pool.

    Args:
        issuer: as in a token's `iss`.
        jwks_url: where its keys are; empty = under the issuer.
        client_ids: for whom tokens may have been issued.
    """
    address = jwks_url or f"{issuer}/.well-known/jwks.json"

    def fetch_keys() -> Keys:
        try:
            with urllib.request.urlopen(address, timeout=KEYS_TIMEOUT_S) as answer:  # noqa: S310  the operator's own setting
                keys: Keys = json.load(answer)
        except (OSError, ValueError, HTTPException) as fault:
            raise keys_unavailable() from fault
        return keys

    return TokenVerifier(issuer, client_ids, fetch_keys, now)
