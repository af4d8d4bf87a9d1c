"""Whom an order wants told: OGC's member `subscriber`, and what it means to us."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from atoll.model.subscriber import Subscriber
from atoll.model.webhook import Webhook

type Uri = Annotated[str, Field(json_schema_extra={"format": "uri"})]


class SubscriberMembers(BaseModel):
    """OGC API - Processes, Part 1, subscriber: addresses that are told of the job, by POST.

    Public https addresses alone, of up to 1999 characters, on port 443 or from 1024 on.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    successUri: Uri = Field(description="Told that the job was successful.")  # noqa: N815  OGC's name
    inProgressUri: Uri | None = Field(default=None, description="Told that it runs.")  # noqa: N815
    failedUri: Uri | None = Field(default=None, description="Told that it failed.")  # noqa: N815


class WebhookSecret(BaseModel):
    """What messages to the caller's webhooks are signed with."""

    secret: str = Field(
        description="Of the header `Atoll-Signature: t=<epoch seconds>,v1=<hexadecimal>`, `v1` is "
        "the HMAC-SHA256 of `<t>.<body>` with this text as its key."
    )


def parse_subscriber(members: SubscriberMembers | None) -> Subscriber | None:
    """Whom to tell of the job; None = nobody.

    Raises:
        InvalidParameter: one of the addresses may not be called; it names the member.
    """
    if members is None:
        return None
    for member, uri in members.model_dump(exclude_none=True).items():
        Webhook.parse(f"subscriber.{member}", uri)
    return Subscriber(
        success_uri=members.successUri,
        failed_uri=members.failedUri,
        in_progress_uri=members.inProgressUri,
    )
