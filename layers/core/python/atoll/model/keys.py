"""Keys for one purpose and one subject each, all out of one master secret. Pure."""

import hmac
from typing import Literal

type Purpose = Literal["webhook", "quote", "waiting", "cas-user", "cas-password", "cas-address"]


def derive_key(master: bytes, purpose: Purpose, subject: str) -> bytes:
    """The key of a subject for a purpose: 32 bytes that tell nothing of any other key.

    Args:
        master: the secret.
        purpose: what is signed with the key.
        subject: for whom, e.g. an account id.
    """
    return hmac.digest(master, f"{purpose}\0{subject}".encode(), "sha256")
