"""What address a stranger may have us call: of the public internet, over TLS, and no other.

Pure: names are resolved elsewhere, and what they resolve to is judged by `is_public` again.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Self
from urllib.parse import SplitResult, urlsplit

from atoll.errors import InvalidParameter
from atoll.model.value import Value

LONGEST_URI = 1999
HTTPS_PORT = 443
LEAST_FREE_PORT = 1024
LAST_PORT = 65_535

# The only addresses of IPv6 that are given to hosts (RFC 4291); what lies in them and is not.
_UNICAST = IPv6Network("2000::/3")
_DOCUMENTATION = IPv6Network("3fff::/20")
# An IPv4 address in the last 32 bits, that a gateway of the provider's calls (RFC 6052).
_NAT64 = IPv6Network("64:ff9b::/96")

_VISIBLE = re.compile(r"[!-~]+")
_NAME = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
# Old forms of IPv4 addresses end so: 2130706433, 0x7f.1, 0177.0.0.1 (as resolvers read them).
_NUMBER = re.compile(r"(?:\d+|0x[0-9a-f]*)")
_LOCAL_NAMES = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa")

ACCEPTED = (
    "give an https address of at most 1999 characters, of a public host, on port 443 or from "
    "1024 on, without user name, password and fragment"
)


class Webhook(Value):
    """An address that may be called, in its parts.

    Attributes:
        host: a name or an address, in lower case, without brackets.
        port: to connect to.
        path: with the query; begins with a slash.
    """

    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not 443, as in an address."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"

    @classmethod
    def parse(cls, parameter: str, uri: str) -> Self:
        """Take an address apart.

        Args:
            parameter: what it was given as.
            uri: the address.

        Raises:
            InvalidParameter: it may not be called. Of the address the message shows neither
                user name, password, path nor query: it goes to a log, and they may be secrets.
        """
        if len(uri) > LONGEST_URI or not _VISIBLE.fullmatch(uri) or "\\" in uri:
            raise _refused(parameter, _scheme_of(uri))
        try:
            parts = urlsplit(uri)
            port = HTTPS_PORT if parts.port is None else parts.port
        except ValueError as fault:
            raise _refused(parameter, _scheme_of(uri)) from fault
        host = (parts.hostname or "").removesuffix(".")
        if not (_is_plain(parts, uri) and _is_free(port) and _may_be_public(host)):
            raise _refused(parameter, f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
        query = f"?{parts.query}" if parts.query else ""
        return cls(host=host, port=port, path=f"{parts.path or '/'}{query}")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether it is a host's on the public internet; one that carries another is judged by it."""
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    inner = _carried(address)
    if inner is not None:
        return is_public(inner)
    # 6to4 and Teredo, whose addresses carry others, too, are not global to Python.
    return address.is_global and address in _UNICAST and address not in _DOCUMENTATION


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped


def _is_plain(parts: SplitResult, uri: str) -> bool:
    return parts.scheme == "https" and "@" not in parts.netloc and "#" not in uri


def _is_free(port: int) -> bool:
    return port == HTTPS_PORT or LEAST_FREE_PORT <= port <= LAST_PORT


def _may_be_public(host: str) -> bool:
    last = host.rpartition(".")[2]
    if ":" in host or _NUMBER.fullmatch(last):
        try:
            return "%" not in host and is_public(ip_address(host))
        except ValueError:
            return False
    # A name of one label, and of these, is a machine's own or its network's.
    return bool(_NAME.fullmatch(host)) and last not in _LOCAL_NAMES


def _scheme_of(uri: str) -> str:
    """As much of a malformed address as is surely no secret."""
    return f"{uri[:8]}..." if uri.lower().startswith("https://") else uri[:5]


def _refused(parameter: str, value: str) -> InvalidParameter:
    return InvalidParameter(parameter, value, ACCEPTED)
