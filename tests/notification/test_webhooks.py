"""Webhooks against a real server with TLS, and against everything that is no webhook."""

import socket
import ssl
import time
from dataclasses import dataclass, field
from threading import Event

import pytest

from atoll.errors import InvalidParameter, Unavailable
from atoll.model.webhook import Webhook
from atoll.notification import webhooks
from atoll.notification.webhooks import HttpsWebhooks, Network
from tests.notification.server import HOST, OTHER, Authority, answer, serving

pytestmark = pytest.mark.slow

PUBLIC = "93.184.216.34"
PUBLIC_TOO = "2606:4700::1111"
HOOK = Webhook.parse("subscriber.successUri", f"https://{HOST}/hook?token=hunter2")
DONE = answer("HTTP/1.1 204 No Content\r\n\r\n")


@dataclass
class Wires:
    """Where names lead, and where connections to the public internet really end: here.

    Attributes:
        port: on this machine, of every address that answers; 0 = nobody answers.
        addresses: of every name, by how often it was asked for.
        dead: addresses that refuse connections.
        asked: names that were resolved.
        reached: addresses that were connected to.
    """

    port: int = 0
    addresses: tuple[list[str], ...] = ([PUBLIC],)
    dead: frozenset[str] = frozenset()
    asked: list[str] = field(default_factory=list)
    reached: list[tuple[str, int]] = field(default_factory=list)

    def resolve(self, host: str, _port: int) -> list[str]:
        self.asked.append(host)
        return self.addresses[min(len(self.asked), len(self.addresses)) - 1]

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        assert 0 < timeout_s <= 5
        self.reached.append((address, port))
        if address in self.dead or not self.port:
            raise ConnectionRefusedError(address)
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def webhooks(self, trusted: ssl.SSLContext, **patience: float) -> HttpsWebhooks:
        return HttpsWebhooks(Network(self.resolve, self.connect, trusted), **patience)


def test_a_message_arrives_as_it_was_sent(authority: Authority):
    with serving(authority.server(HOST), DONE) as server:
        wires = Wires(server.port)
        sender = wires.webhooks(authority.trusted())
        sender.post(HOOK, b'{"a": 1}', {"Content-Type": "application/json", "Atoll-Event": "e"})
    (request,) = server.requests
    head, _, body = request.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /hook?token=hunter2 HTTP/1.1"
    assert {f"Host: {HOST}", "Content-Length: 8", "Atoll-Event: e"} < set(lines)
    assert body == b'{"a": 1}'
    assert server.names == wires.asked == [HOST]
    assert wires.reached == [(PUBLIC, 443)]


def test_the_port_and_the_next_address_are_tried(authority: Authority):
    with serving(authority.server(HOST), DONE) as server:
        wires = Wires(server.port, ([PUBLIC_TOO, PUBLIC],), frozenset({PUBLIC_TOO}))
        hook = Webhook.parse("", f"https://{HOST}:8443/")
        wires.webhooks(authority.trusted()).post(hook, b"{}", {})
    assert wires.reached == [(PUBLIC_TOO, 8443), (PUBLIC, 8443)]
    assert f"\r\nHost: {HOST}:8443\r\n".encode() in server.requests[0]


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["fe80::1%eth0"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:a00:1::"],
        ["0.0.0.0"],  # noqa: S104  refused, not bound to
        [PUBLIC, "10.0.0.1"],
        ["10.0.0.1", PUBLIC],
        [PUBLIC_TOO, PUBLIC, "::1"],
    ],
)
def test_a_name_that_leads_to_any_address_of_ours_is_not_called(addresses, authority: Authority):
    wires = Wires(1, (addresses,))
    with pytest.raises(InvalidParameter, match="of a public host") as caught:
        wires.webhooks(authority.trusted()).post(HOOK, b"{}", {})
    assert wires.reached == []
    assert "hunter2" not in f"{caught.value} {caught.value.facts}"


def test_a_name_that_means_another_address_the_second_time_gains_nothing(authority: Authority):
    """DNS rebinding: public when it is checked, ours when it is connected to."""
    with serving(authority.server(HOST), DONE) as server:
        wires = Wires(server.port, ([PUBLIC], ["127.0.0.1"]))
        wires.webhooks(authority.trusted()).post(HOOK, b"{}", {})
    assert len(wires.asked) == 1
    assert wires.reached == [(PUBLIC, 443)]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("target", ["http://169.254.169.254/latest/meta-data/", "http://localhost"])
def test_a_redirect_is_a_failure_and_is_not_followed(status, target, authority: Authority):
    redirect = answer(f"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\n\r\n")
    with serving(authority.server(HOST), redirect) as server:
        wires = Wires(server.port)
        with pytest.raises(Unavailable, match=f"status {status}"):
            wires.webhooks(authority.trusted()).post(HOOK, b"{}", {})
    assert (wires.asked, wires.reached) == ([HOST], [(PUBLIC, 443)])
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("HTTP/1.1 500 Broken\r\n\r\n", "status 500"),
        ("HTTP/1.1 404 Not Found\r\n\r\n", "status 404"),
        ("HTTP/1.1 199 Odd\r\n\r\n", "status 199"),
        ("220 smtp.example.org ready\r\n", "BadStatusLine"),
        ("HTTP/1.1 200 " + "a" * 70_000 + "\r\n\r\n", "LineTooLong|OSError"),
        ("", "RemoteDisconnected"),
    ],
)
def test_any_answer_but_success_is_tried_again(said, why, authority: Authority):
    with serving(authority.server(HOST), answer(said)) as server:
        sender = Wires(server.port).webhooks(authority.trusted())
        with pytest.raises(Unavailable, match=why) as caught:
            sender.post(HOOK, b"{}", {})
    assert "hunter2" not in f"{caught.value} {caught.value.facts}"
    assert caught.value.facts["host"] == HOST


def test_nobody_answers(authority: Authority):
    with pytest.raises(Unavailable, match="ConnectionRefusedError"):
        Wires().webhooks(authority.trusted()).post(HOOK, b"{}", {})


def test_a_name_of_nobody(authority: Authority):
    with pytest.raises(Unavailable):
        Wires(addresses=([],)).webhooks(authority.trusted()).post(HOOK, b"{}", {})


def test_the_certificate_must_be_the_hosts(authority: Authority):
    with (
        serving(authority.server(OTHER), DONE) as server,
        pytest.raises(Unavailable, match="SSLCertVerificationError"),
    ):
        Wires(server.port).webhooks(authority.trusted()).post(HOOK, b"{}", {})
    assert server.requests == []


def test_the_certificate_must_be_signed_by_somebody_known(authority: Authority):
    with (
        serving(authority.server(HOST), DONE) as server,
        pytest.raises(Unavailable, match="SSLCertVerificationError"),
    ):
        Wires(server.port).webhooks(ssl.create_default_context()).post(HOOK, b"{}", {})
    assert server.requests == []


def test_a_server_without_tls_is_told_nothing(authority: Authority):
    with (
        serving(None, answer("HTTP/1.1 200 OK\r\n\r\n")) as server,
        pytest.raises(Unavailable, match="SSL"),
    ):
        Wires(server.port).webhooks(authority.trusted()).post(HOOK, b"{}", {})


def test_proxies_of_the_environment_are_not_used(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(authority.server(HOST), DONE) as server:
        Wires(server.port).webhooks(authority.trusted()).post(HOOK, b"{}", {})
    assert len(server.requests) == 1


def silent(over: Event):
    """Says nothing until the test is over."""

    def say(_connection: socket.socket, _request: bytes) -> None:
        over.wait(10)

    return say


def test_a_server_that_never_answers_is_left_in_time(authority: Authority):
    over = Event()
    with serving(authority.server(HOST), silent(over)) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="TimeoutError"):
            Wires(server.port).webhooks(authority.trusted(), timeout_s=0.3).post(HOOK, b"{}", {})
        took_s = time.monotonic() - began
        over.set()
    assert took_s < 2


def test_a_server_that_never_shakes_hands_is_left_in_time(authority: Authority):
    over = Event()
    with serving(None, silent(over)) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="TimeoutError"):
            Wires(server.port).webhooks(authority.trusted(), connect_timeout_s=0.3).post(
                HOOK, b"{}", {}
            )
        took_s = time.monotonic() - began
        over.set()
    assert took_s < 2


def forever(piece: bytes, pause_s: float):
    """An answer without an end: no timeout of a single call ever meets it."""

    def say(connection: socket.socket, _request: bytes) -> None:
        while True:
            connection.sendall(piece)
            time.sleep(pause_s)

    return say


@pytest.mark.parametrize("piece", [b"H", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 C\r\na:"])
def test_a_server_that_sends_slowly_for_ever_is_left_in_time(piece, authority: Authority):
    with serving(authority.server(HOST), forever(piece, 0.1)) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable, match=r"TimeoutError|BadStatusLine"):
            Wires(server.port).webhooks(authority.trusted(), timeout_s=0.5).post(HOOK, b"{}", {})
        assert time.monotonic() - began < 2


def test_a_server_that_sends_for_ever_is_heard_for_64_kib(authority: Authority):
    def say(connection: socket.socket, _request: bytes) -> None:
        while True:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)

    with serving(authority.server(HOST), say) as server:
        began = time.monotonic()
        with pytest.raises(Unavailable, match="OSError"):
            Wires(server.port).webhooks(authority.trusted()).post(HOOK, b"{}", {})
        assert time.monotonic() - began < 5


def test_a_body_without_end_is_not_read(authority: Authority):
    def say(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"a" * 65_536)

    with serving(authority.server(HOST), say) as server:
        began = time.monotonic()
        Wires(server.port).webhooks(authority.trusted()).post(HOOK, b"{}", {})
        assert time.monotonic() - began < 5


def test_the_real_network_resolves_and_connects():
    """The parts that other tests replace; without them nothing would ever be called."""
    network = webhooks.the_internet()
    assert network.context.check_hostname
    assert network.context.verify_mode is ssl.CERT_REQUIRED
    assert network.resolve("127.0.0.1", 443) == ["127.0.0.1"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        with network.connect("127.0.0.1", port, 1.0) as connection:
            assert connection.getpeername() == ("127.0.0.1", port)


def test_the_real_network_does_not_call_this_machine():
    with pytest.raises(InvalidParameter, match="of a public host"):
        HttpsWebhooks(webhooks.the_internet()).post(
            Webhook(host="localhost", port=443, path="/"), b"{}", {}
        )
