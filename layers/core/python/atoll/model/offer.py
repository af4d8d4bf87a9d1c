"""A quote that binds who made it: what is offered to whom, at what price, until when. Pure."""

import hmac
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from atoll.errors import QuoteInvalid
from atoll.model.request import SubsetRequest
from atoll.model.value import Value

type Fault = Literal["altered", "another-account", "another-request", "another-plan", "expired"]

DIGEST_BYTES = 32
LONGEST_TOKEN = 4096
# Of a token that was altered: so much is unpacked of it and no more.
LONGEST_TEXT_BYTES = 65_536


class Offer(Value):
    """An order as it was quoted.

    Attributes:
        request: pinned to a revision.
        fingerprint: of the plan.
        cost_bytes: its price.
        until_s: good until then, in seconds since 1970 (UTC).
    """

    account_id: str
    request: SubsetRequest
    fingerprint: str
    cost_bytes: int = Field(ge=0)
    until_s: int = Field(ge=0, le=2**40)

    @property
    def valid_until(self) -> datetime:
        """Good until then."""
        return datetime.fromtimestamp(self.until_s, UTC)


def write_offer(offer: Offer, key: bytes) -> str | None:
    """The offer as a token, which only holders of the key can make.

    Returns:
        base64url; None where it would be longer than LONGEST_TOKEN: the request names too much.
    """
    packed = zlib.compress(offer.model_dump_json(exclude_defaults=True).encode(), 9)
    token = _text(hmac.digest(key, packed, "sha256") + packed)
    return token if len(token) <= LONGEST_TOKEN else None


def read_offer(token: str, account_id: str, key: bytes) -> Offer:
    """The offer that a token holds.

    Args:
        token: as it was sent.
        account_id: who sends it.
        key: of that account.

    Raises:
        QuoteInvalid: it is another account's, or not as it was given out.
    """
    try:
        held = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        signed, packed = held[:DIGEST_BYTES], held[DIGEST_BYTES:]
        offer = Offer.model_validate_json(
            zlib.decompressobj().decompress(packed, LONGEST_TEXT_BYTES)
        )
    except (ValueError, zlib.error) as fault:
        raise altered() from fault
    if offer.account_id != account_id:
        raise quote_invalid("another-account", "it was made for another account")
    # Base64 has several texts for the same bytes; one of them was given out.
    if token != _text(held) or not hmac.compare_digest(signed, hmac.digest(key, packed, "sha256")):
        raise altered()
    return offer


def altered() -> QuoteInvalid:
    """The refusal of a token that is not as it was given out."""
    return quote_invalid("altered", "it is not as it was given out")


def quote_invalid(reason: Fault, why: str) -> QuoteInvalid:
    """The refusal of a token."""
    return QuoteInvalid(
        f"quote: {why}; ask for a new quote.", {"parameter": "quote", "reason": reason}
    )


def _text(held: bytes) -> str:
    return urlsafe_b64encode(held).decode().rstrip("=")
