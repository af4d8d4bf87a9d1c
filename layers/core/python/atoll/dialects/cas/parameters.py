"""Parameters of a query or a form: each once, bytes for bytes as UTF-8."""

from urllib.parse import parse_qsl

from atoll.errors import InvalidParameter

MOST_PARAMETERS = 50


def parse_parameters(encoded: bytes, place: str) -> dict[str, str]:
    """Read `application/x-www-form-urlencoded` (WHATWG URL, section 5).

    Args:
        encoded: a query without its question mark, or a form.
        place: what it is, for the message.

    Returns:
        Name -> value; of several of one name the first counts.

    Raises:
        InvalidParameter: it is not encoded UTF-8, or has too many. None of it is told: it may
            hold a password.
    """
    try:
        pairs = parse_qsl(
            encoded.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        accepted = f"send at most {MOST_PARAMETERS} parameters, percent-encoded as UTF-8"
        # The fault itself would show what was sent.
        raise InvalidParameter(place, f"{len(encoded)} bytes", accepted) from None
    return dict(reversed(pairs))
