"""Which addresses may be given tickets: of the operator's services, and no others. Pure."""

import re
from typing import Self
from urllib.parse import urlsplit

from atoll.errors import InvalidParameter
from atoll.model.value import Value

LONGEST_URL = 8000
_PORTS = {"https": 443, "http": 80}

_VISIBLE = re.compile(r"[!-~]+")
# No user name, no brackets but an IPv6 address's own, no empty port.
_AUTHORITY = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
# A dot, a slash or a backslash that only shows when it is decoded, once or several times.
_HIDDEN = re.compile(r"%(?:25)*(?:2e|2f|5c)", re.IGNORECASE)

ACCEPTED = (
    "give the URL of a service of this federation, without user name, fragment, backslash and "
    "dot segments"
)


class ServiceUrl(Value):
    """An address in the parts that are compared.

    Attributes:
        scheme: `https` or `http`.
        host: in lower case.
        port: also where the address names none.
        path: begins with a slash.
        query: None = it has no question mark.
    """

    scheme: str
    host: str
    port: int
    path: str
    query: str | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Take an address apart.

        Raises:
            ValueError: programs may disagree about where it leads to.
        """
        if len(url) > LONGEST_URL or not _VISIBLE.fullmatch(url) or "\\" in url or "#" in url:
            raise ValueError("characters that no address has")
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not _AUTHORITY.fullmatch(parts.netloc):
            raise ValueError("scheme, host or port")
        path = parts.path or "/"
        segments = (segment.partition(";")[0] for segment in path.split("/"))
        if _HIDDEN.search(path) or any(segment in {".", ".."} for segment in segments):
            raise ValueError("dot segments")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=_PORTS[parts.scheme] if parts.port is None else parts.port,
            path=path,
            query=parts.query if "?" in url else None,
        )

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what must be equal."""
        return self.scheme, self.host, self.port

    def lies_under(self, prefix: "ServiceUrl") -> bool:
        """Whether this address is below another, or the same."""
        border = prefix.path if prefix.path.endswith("/") else f"{prefix.path}/"
        inside = self.path == prefix.path or self.path.startswith(border)
        return inside and self.origin == prefix.origin


class AllowedServices(Value):
    """The operator's services.

    Attributes:
        prefixes: what an address must lie under.
    """

    prefixes: tuple[ServiceUrl, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the operator's list.

        Args:
            text: URLs, with commas between them.

        Raises:
            ValueError: one of them is none, or has a query.
        """
        urls = [url.strip() for url in text.split(",") if url.strip()]
        prefixes = tuple(ServiceUrl.parse(url) for url in urls)
        if any(prefix.query is not None for prefix in prefixes):
            raise ValueError("a prefix has a query")
        return cls(prefixes=prefixes)

    def demand(self, service: str) -> None:
        """Refuse an address that may not be given tickets.

        Raises:
            InvalidParameter: of the address the message shows its beginning alone: it may hold
                what is nobody else's business.
        """
        try:
            url = ServiceUrl.parse(service)
        except ValueError as fault:
            raise InvalidParameter("service", service[:8], ACCEPTED) from fault
        if not any(url.lies_under(prefix) for prefix in self.prefixes):
            raise InvalidParameter("service", f"{url.scheme}://{url.host}:{url.port}", ACCEPTED)


def with_ticket(service: str, ticket: str) -> str:
    """A service's address with a ticket at its end; nothing before it is changed.

    Args:
        service: an address without a fragment.
        ticket: of letters, digits and hyphens.
    """
    return f"{service}{'&' if '?' in service else '?'}ticket={ticket}"
