"""Route: how a user knows that a message is from us."""

from http import HTTPStatus

from fastapi import APIRouter, Response

from atoll.dialects.rest.subscriber import WebhookSecret
from atoll.services.notify import own_secret
from atoll.web.context import PortsHere, SignedIn
from atoll.web.problems import problems

router = APIRouter(tags=["jobs"])


@router.get(
    "/me/webhook-secret",
    summary="What messages to the caller's webhooks are signed with",
    responses=problems(
        HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
def get_webhook_secret(account: SignedIn, ports: PortsHere, response: Response) -> WebhookSecret:
    """The caller's own; nobody else's messages are signed with it."""
    response.headers["cache-control"] = "no-store"
    return WebhookSecret(secret=own_secret(account, ports.secrets))
