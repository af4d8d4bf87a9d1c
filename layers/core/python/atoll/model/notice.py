"""What is told of a job to those who want to know, and how they know that it is from us."""

import hmac
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

from atoll.model.value import Value

type Event = Literal["job.running", "job.successful", "job.failed"]
type Channel = Literal["webhook", "topic"]

SIGNATURE_VERSION = "v1"


class Notice(Value):
    """One event, told to one.

    Attributes:
        job_id: of the job that it is about.
        event: what has happened.
        channel: by which way; each is tried again without the other.
        correlation_id: of the job.
    """

    job_id: str
    event: Event
    channel: Channel
    correlation_id: str

    @property
    def delivery_id(self) -> str:
        """The same for the same event of the job, by whatever way and however often it is told."""
        return str(uuid5(NAMESPACE_URL, f"urn:atoll:job:{self.job_id}:{self.event}"))


class Letter(Value):
    """An event as it is sent.

    Attributes:
        event: what has happened.
        delivery_id: see Notice.
        body: a JSON document.
    """

    event: Event
    delivery_id: str
    body: str


def webhook_secret(key: bytes) -> str:
    """An account's key as text, as the account is shown it."""
    return key.hex()


def signature(secret: str, sent_s: int, body: bytes) -> str:
    """Value of the header `Atoll-Signature`: `t=<sent_s>,v1=<HMAC-SHA256 of "sent_s.body">`.

    Args:
        secret: the account's, as text.
        sent_s: when it is sent, in seconds since 1970; the receiver refuses what is old.
        body: as it is sent.
    """
    digest = hmac.digest(secret.encode(), f"{sent_s}.".encode() + body, "sha256")
    return f"t={sent_s},{SIGNATURE_VERSION}={digest.hex()}"
