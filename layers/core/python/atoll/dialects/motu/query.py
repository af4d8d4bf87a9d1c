"""What a Motu request says: a raw query string, or a form's body, as names and values. Pure."""

from dataclasses import dataclass
from urllib.parse import unquote

from atoll.errors import InvalidParameter

MOST_PARAMETERS = 1000
# What motuclient writes for an option that was not given.
ABSENT = frozenset({"", "None"})


@dataclass(frozen=True, slots=True)
class Query:
    """Names and values, decoded once, in the order in which they were sent."""

    pairs: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str | None:
        """A parameter's value: the first one's, its name in either case; None = it has none."""
        wanted = name.lower()
        value = next((value for key, value in self.pairs if key.lower() == wanted), "")
        return None if value.strip() in ABSENT else value.strip()

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a parameter that may be repeated, each once; its name is exact."""
        values = (value.strip() for key, value in self.pairs if key == name)
        return tuple(dict.fromkeys(value for value in values if value not in ABSENT))

    def twice_decoded(self, name: str) -> str | None:
        """The value of a parameter that clients encode once or twice.

        Raises:
            InvalidParameter: it does not decode to UTF-8.
        """
        value = self.first(name)
        return None if value is None else _decoded(name, value)


def parse_query(raw: str) -> Query:
    """The parameters of `a=1&b=2`; a ticket is none of them.

    Args:
        raw: undecoded.

    Raises:
        InvalidParameter: a name or value does not decode to UTF-8, or there are too many.
    """
    parts = [part for part in raw.split("&") if part and not _is_ticket(part)]
    if len(parts) > MOST_PARAMETERS:
        accepted = f"a request has up to {MOST_PARAMETERS} parameters"
        raise InvalidParameter("query", f"{len(parts)} parameters", accepted)
    return Query(tuple(_pair(part) for part in parts))


def split_ticket(raw: str) -> tuple[str, str | None]:
    """A query string without its tickets, otherwise byte for byte; and the ticket, sent last.

    A sign-in appends it to the address that it was given, and vouches for that address alone.

    Examples:
        >>> split_ticket("a=%20&b=1&ticket=ST-1")
        ('a=%20&b=1', 'ST-1')
    """
    parts = raw.split("&")
    tickets = [part for part in parts if _is_ticket(part)]
    kept = "&".join(part for part in parts if not _is_ticket(part))
    ticket = tickets[-1].partition("=")[2] if tickets else ""
    return kept, unquote(ticket, errors="replace") or None


def _is_ticket(part: str) -> bool:
    return part.partition("=")[0] == "ticket"


def _pair(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    decoded = _decoded("query", name.replace("+", " "))
    return decoded, _decoded(decoded, value.replace("+", " "))


def _decoded(name: str, text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as fault:
        raise InvalidParameter(name, text, "percent-encode text as UTF-8") from fault
