"""POST to an address that a user has named, so that it cannot be used to reach our own network.

The host's name is resolved once, every address must be public, and the connection goes to one of
these: a name that means another address a moment later is of no use to anyone. No redirect is
followed, no proxy of the environment is used, and the certificate must be the host's.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from typing import TYPE_CHECKING

from atoll.errors import InvalidParameter, Unavailable
from atoll.model.webhook import ACCEPTED, HTTPS_PORT, Webhook, is_public
from atoll.notification.bounded import BoundedSocket, Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    type Resolve = Callable[[str, int], list[str]]
    type Connect = Callable[[str, int, float], socket.socket]

CONNECT_TIMEOUT_S = 5.0
TIMEOUT_S = 10.0
MOST_ANSWER_BYTES = 65_536


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, those first that are reached best.

    Raises:
        OSError: it has none, or nobody knows now.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(where[0]) for *_, where in found]


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to an address; nothing is resolved."""
    return socket.create_connection((address, port), timeout_s)


@dataclass(frozen=True, slots=True)
class Network:
    """What of the network can be another's in a test.

    Attributes:
        resolve: host, port -> its addresses.
        connect: address, port, seconds -> a connection.
        context: which certificates are trusted.
    """

    resolve: Resolve
    connect: Connect
    context: ssl.SSLContext


def the_internet() -> Network:
    """The network as it is, and the certificates that this machine trusts."""
    return Network(resolve, connect, ssl.create_default_context())


class HttpsWebhooks:
    """The Webhooks port."""

    def __init__(
        self,
        network: Network,
        connect_timeout_s: float = CONNECT_TIMEOUT_S,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Remember the limits.

        Args:
            network: see Network.
            connect_timeout_s: until a connection is there, and once more until it has TLS.
            timeout_s: until the answer is there, from the beginning.
        """
        self._network = network
        self._connect_timeout_s = connect_timeout_s
        self._timeout_s = timeout_s

    def post(self, webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> None:
        """Send once; see `ports.Webhooks`."""
        deadline = Deadline(self._timeout_s)
        try:
            connection = _Pinned(webhook, self._connected(webhook, deadline))
            try:
                connection.request("POST", webhook.path, body, dict(headers))
                status = connection.getresponse().status
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as fault:
            raise _unavailable(webhook, type(fault).__name__) from fault
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise _unavailable(webhook, f"status {status}")

    def _connected(self, webhook: Webhook, deadline: Deadline) -> BoundedSocket:
        """A connection to the first of the host's addresses that takes one, with TLS.

        Raises:
            InvalidParameter: one of the addresses is not public.
            OSError: there is none, or none was reached in time.
        """
        addresses = self._network.resolve(webhook.host, webhook.port)
        if not all(is_public(ip_address(each)) for each in addresses):
            raise InvalidParameter("subscriber", webhook.authority, ACCEPTED)
        reached = self._reach(addresses, webhook.port)
        try:
            reached.settimeout(min(self._connect_timeout_s, deadline.left_s()))
            secure = self._network.context.wrap_socket(reached, server_hostname=webhook.host)
        except OSError:
            reached.close()
            raise
        return BoundedSocket(secure, deadline, MOST_ANSWER_BYTES)

    def _reach(self, addresses: list[str], port: int) -> socket.socket:
        deadline = Deadline(self._connect_timeout_s)
        last: OSError = OSError("the host has no address")
        for address in addresses:
            try:
                return self._network.connect(address, port, deadline.left_s())
            except OSError as fault:
                last = fault
        raise last


class _Pinned(http.client.HTTPConnection):
    """HTTP on a connection that is there: it resolves nothing and connects to nothing."""

    default_port = HTTPS_PORT  # it is left out of the header `Host`
    auto_open = 0

    def __init__(self, webhook: Webhook, connected: BoundedSocket) -> None:
        super().__init__(webhook.host, webhook.port)
        self.sock = connected


def _unavailable(webhook: Webhook, why: str) -> Unavailable:
    """The error that names the host alone: path and query may be secrets."""
    return Unavailable(
        f"The webhook at {webhook.authority} did not take the message: {why}.",
        {"host": webhook.authority, "why": why},
    )
