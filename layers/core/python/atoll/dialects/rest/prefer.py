"""The `Prefer` header (RFC 7240): what an order's caller would like, never what it demands."""

import re
from dataclasses import dataclass
from typing import Self

# The gateway waits no longer than 30 s for its function, and an order has to be placed first.
LONGEST_WAIT_S = 25

# Of a list separated by commas; those within quotes, even unbalanced ones, separate nothing.
_ELEMENT = re.compile(r'(?:[^",]|"(?:[^"\\]|\\.)*"?)+')
_DIGITS = re.compile(r"[0-9]+")


@dataclass(frozen=True, slots=True)
class Preferences:
    """Preferences of a request that this door knows.

    Attributes:
        wait_s: how long the answer may wait for the job's end, in seconds.
        applied: for `Preference-Applied`; empty = none is.
    """

    wait_s: int = 0
    applied: str = ""

    @classmethod
    def parse(cls, header: str) -> Self:
        """Read the header; what is unknown or malformed is ignored, as the RFC wants it.

        `respond-async` wins over `wait`: an answer at once keeps within any bound, and OGC API -
        Processes demands it. A wait that is too long is cut to `LONGEST_WAIT_S`.

        Args:
            header: its value; those of several headers are joined by commas.
        """
        asked = _preferences(header)
        if asked.get("respond-async") == "":
            return cls(applied="respond-async")
        wait = asked.get("wait", "")
        if not _DIGITS.fullmatch(wait):
            return cls()
        wait_s = _at_most(LONGEST_WAIT_S, wait)
        return cls(wait_s, f"wait={wait_s}")


def _preferences(header: str) -> dict[str, str]:
    """Name -> value, without parameters; of a name that comes twice, the first."""
    found: dict[str, str] = {}
    for element in _ELEMENT.findall(header):
        name, _, value = element.partition(";")[0].partition("=")
        found.setdefault(name.strip().lower(), value.strip())
    return found


def _at_most(limit: int, digits: str) -> int:
    """A number of any length, cut to the limit; Python reads no more than 4,300 digits."""
    significant = digits.lstrip("0")
    return limit if len(significant) > len(str(limit)) else min(limit, int(significant or "0"))
