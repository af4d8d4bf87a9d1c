"""A web server of the test's own on this machine, with certificates of an authority of its own."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "hooks.example.org"
OTHER = "other.example.org"

type Answer = Callable[[socket.socket, bytes], None]


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(
    subject: str, key: ec.EllipticCurvePrivateKey, signed_by: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    now = datetime.now(UTC)
    is_authority = key is signed_by
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name("authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(subject)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signed_by.public_key()),
            critical=False,
        )
    )
    if is_authority:
        usage = x509.KeyUsage(
            digital_signature=False,
            content_commitment=False,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=True,
            crl_sign=True,
            encipher_only=False,
            decipher_only=False,
        )
        certificate = certificate.add_extension(usage, critical=True)
    return certificate.sign(signed_by, hashes.SHA256())


class Authority:
    """Who signs the servers' certificates, and whom the tested client trusts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._certificate = _certificate("authority", self._key, self._key)

    def trusted(self) -> ssl.SSLContext:
        """A client's context as the real one's, but that it trusts this authority alone."""
        pem = self._certificate.public_bytes(serialization.Encoding.PEM).decode()
        return ssl.create_default_context(cadata=pem)

    def server(self, host: str) -> ssl.SSLContext:
        """A server's context with the certificate of a host."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(host, key, self._key)
        file = self._folder / f"{host}.pem"
        file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def answer(text: str) -> Answer:
    """Answer every request with these bytes."""

    def send(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(text.encode())

    return send


class Server:
    """Listens on this machine, and remembers what it was sent.

    Attributes:
        port: where.
        requests: whole requests, in order.
        names: the names that clients asked for (SNI).
    """

    def __init__(self, listener: socket.socket, context: ssl.SSLContext | None, say: Answer):
        self.port: int = listener.getsockname()[1]
        self.requests: list[bytes] = []
        self.names: list[str | None] = []
        self._listener = listener
        self._context = context
        self._say = say
        if context is not None:
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)

    def serve(self) -> None:
        """Serve one connection after the other until the listener is closed."""
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            # Clients of these tests hang up as they please.
            with plain, suppress(OSError):
                self._serve_one(plain)

    def _serve_one(self, plain: socket.socket) -> None:
        if self._context is None:
            self._say(plain, b"")
            return
        with self._context.wrap_socket(plain, server_side=True) as connection:
            request = _request_of(connection)
            self.requests.append(request)
            self._say(connection, request)


def _request_of(connection: socket.socket) -> bytes:
    """A whole request: head, and as much body as its head says."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += connection.recv(65_536)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < int(lengths[0].partition(b":")[2]):
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def serving(context: ssl.SSLContext | None, say: Answer) -> Iterator[Server]:
    """A server while the block lasts; without a context it speaks no TLS."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener, context, say)
        thread = Thread(target=server.serve)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
