"""What a Motu request says: a raw query string, or a form's body, as names and values. Pure."""

from dataclasses import dataclass
from urllib.parse import unquote

from atoll.errors import InvalidParameter

# What motuclient writes for an option that was not given.
ABSENT = frozenset({"", "None"})


@dataclass(frozen=True, slots=True)
class Query:
    """Names and values in the order in which they were sent.

    What is not understood is left alone: a value is decoded when it is asked for.

    Attributes:
        pairs: names, decoded, and values, which are not.
    """

    pairs: tuple[tuple[str, str], ...] = ()

    def first(self, name: str) -> str | None:
        """A parameter's value: the first one's, its name in either case; None = it has none.

        Raises:
            InvalidParameter: it does not decode to UTF-8.
        """
        wanted = name.lower()
        value = next((value for key, value in self.pairs if key.lower() == wanted), "")
        return _present(name, value)

    def plain(self, name: str) -> str:
        """A value that is only echoed or logged; empty where there is none that decodes."""
        try:
            return self.first(name) or ""
        except InvalidParameter:
            return ""

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a parameter that may be repeated, each once; its name is exact.

        Raises:
            InvalidParameter: one does not decode to UTF-8.
        """
        values = (_present(name, value) for key, value in self.pairs if key == name)
        return tuple(dict.fromkeys(value for value in values if value is not None))

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
    """
    parts = (part.partition("=") for part in raw.split("&") if part and not _is_ticket(part))
    return Query(tuple((unquote(name.replace("+", " ")), value) for name, _, value in parts))


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


def _present(name: str, value: str) -> str | None:
    said = _decoded(name, value.replace("+", " ")).strip()
    return None if said in ABSENT else said


def _decoded(name: str, text: str) -> str:
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError as fault:
        raise InvalidParameter(name, text, "percent-encode text as UTF-8") from fault
