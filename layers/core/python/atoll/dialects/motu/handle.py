"""A handle on a job: who waits for it comes back with it, and need not sign in again. Pure.

It stands in an address, and is good for one job of one account until it expires.
"""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from atoll.errors import UnknownJob

DIGEST_BYTES = 32
LONGEST_HANDLE = 1024


@dataclass(frozen=True, slots=True)
class Handle:
    """What a handle holds.

    Attributes:
        job_id: which may be asked for.
        account_id: whose it is.
        until_s: good until then, in seconds since 1970 (UTC).
    """

    job_id: str
    account_id: str
    until_s: int


def write_handle(handle: Handle, key: bytes) -> str:
    """The handle as text for an address, which only holders of the key can make.

    Args:
        handle: what it is to hold.
        key: of its account.
    """
    packed = json.dumps([handle.job_id, handle.account_id, handle.until_s]).encode()
    return _text(hmac.digest(key, packed, "sha256") + packed)


def read_handle(text: str, key_of: Callable[[str], bytes], now: datetime) -> Handle:
    """What a handle holds.

    Args:
        text: as it was sent.
        key_of: account id -> its key.
        now: the moment at which it must be good.

    Raises:
        UnknownJob: it is not as it was given out, or has expired.
    """
    try:
        held = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if _is_short(text) else b""
        signed, packed = held[:DIGEST_BYTES], held[DIGEST_BYTES:]
        job_id, account_id, until_s = json.loads(packed)
        handle = Handle(str(job_id), str(account_id), int(until_s))
        expected = hmac.digest(key_of(handle.account_id), packed, "sha256")
    except (ValueError, TypeError, OverflowError, RecursionError) as fault:
        raise _not_ours() from fault
    if _text(held) != text or not hmac.compare_digest(signed, expected):
        raise _not_ours()
    if now.timestamp() > handle.until_s:
        raise UnknownJob(
            "handle: it has expired; ask with action=getreqstatus.", {"parameter": "handle"}
        )
    return handle


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST_HANDLE and text.isascii()


def _not_ours() -> UnknownJob:
    return UnknownJob("handle: it is not as it was given out.", {"parameter": "handle"})


def _text(held: bytes) -> str:
    return urlsafe_b64encode(held).decode().rstrip("=")
