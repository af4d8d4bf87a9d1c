"""What was sent as a body, of which no more is read than may be."""

from contextlib import aclosing

from fastapi import Request

from atoll.errors import RequestTooLong

_MOST_DIGITS = 18  # of a length; the first of more tell as well that it is too large


async def read_body(request: Request, limit_bytes: int) -> bytes:
    """The request's body; one that says that it is too long is not read at all.

    Raises:
        RequestTooLong: it has more than `limit_bytes`.
    """
    said = request.headers.get("content-length", "0")
    if said.isdecimal():
        _demand_short(int(said[:_MOST_DIGITS]), limit_bytes)
    body = bytearray()
    async with aclosing(request.stream()) as pieces:
        async for piece in pieces:
            body += piece
            _demand_short(len(body), limit_bytes)
    return bytes(body)


def _demand_short(size_bytes: int, limit_bytes: int) -> None:
    if size_bytes > limit_bytes:
        raise RequestTooLong(
            f"The request has {size_bytes} bytes or more; up to {limit_bytes} are accepted.",
            {"request_bytes": size_bytes, "limit_bytes": limit_bytes},
        )
