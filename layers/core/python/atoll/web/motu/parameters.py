"""The parameters of a request, undecoded: of its address, and of a form."""

from collections.abc import Mapping, Sequence
from http import HTTPMethod
from operator import itemgetter
from urllib.parse import quote

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from atoll.errors import InvalidParameter
from atoll.web.body import read_body

LONGEST_BODY_BYTES = 65_536
# Of ASCII, beside letters and digits. The sign-in gives no tickets for addresses with a `#` or
# a backslash, which no address has, and a form may.
VISIBLE = "!\"$%&'()*+,-./:;<=>?@[]^_`{|}~"
FORM = "application/x-www-form-urlencoded"


class BalancedQuery:
    """Give requests of an Application Load Balancer their query string as it was sent.

    A load balancer hands over names and values undecoded, and not their order; Mangum writes
    them in another way. Here they keep their own, sorted by name: an address that a ticket was
    asked for is the same when it comes back with it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        event = scope.get("aws.event", {})
        if "elb" in event.get("requestContext", {}):
            scope["query_string"] = balanced_query(event).encode()
        await self.app(scope, receive, send)


def balanced_query(event: Mapping[str, Mapping[str, Sequence[str]]]) -> str:
    """The query string of a load balancer's event, its names sorted."""
    sent = event.get("multiValueQueryStringParameters") or {}
    return by_name("&".join(f"{name}={value}" for name in sent for value in sent[name]))


def by_name(raw: str) -> str:
    """Parameters as a load balancer tells them: sorted by name, those of one name as they were.

    Addresses that are made here come back to one, whichever front the request came through; and
    a ticket is for one address, byte for byte.
    """
    parts = sorted((part.partition("=") for part in raw.split("&") if part), key=itemgetter(0))
    return "&".join(f"{name}={value}" for name, _, value in parts)


def address_parameters(request: Request) -> str:
    """Those of the address."""
    return _in_ascii(request.scope["query_string"])


async def form_parameters(request: Request) -> str:
    """Those of a form; what is too large for one is refused before it is read.

    Raises:
        RequestTooLong: above 64 KiB.
        InvalidParameter: it is no form.
    """
    if request.method != HTTPMethod.POST:
        return ""
    body = await read_body(request, LONGEST_BODY_BYTES)
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if body and kind != FORM:
        raise InvalidParameter("Content-Type", kind, f"send {FORM}")
    return _in_ascii(body.strip())  # a line break at its end is no part of it


def _in_ascii(sent: bytes) -> str:
    """Parameters as they were sent; what no address may have is encoded."""
    return quote(sent, safe=VISIBLE)
