"""Every call of AWS's services counted: S3's on its way to the server, the others in botocore."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from botocore import handlers

HOST = "127.0.0.1"
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")
HOP = {"connection", "keep-alive", "transfer-encoding"}


@dataclass
class Calls:
    """Calls since the last look, in any thread.

    Attributes:
        told: `service:Operation`, of S3 `s3:METHOD first-folder`, in order.
    """

    told: list[str] = field(default_factory=list)

    def taken(self) -> Counter[str]:
        """What was counted, which then begins anew."""
        taken, self.told = self.told, []
        return Counter(taken)

    def of_botocore(self, event_name: str, **_: object) -> None:
        service, operation = event_name.split(".")[1:]
        if service != "s3":
            self.told.append(f"{service}:{operation}")

    def of_s3(self, method: str, path: str) -> None:
        folder = f"{urlsplit(path).path}/".split("/")[2]  # behind the bucket
        self.told.append(f"s3:{method} {folder}")


@contextmanager
def counted_clients(calls: Calls) -> Iterator[None]:
    """Count what clients that are made meanwhile ask."""
    handler = ("before-call", calls.of_botocore)
    handlers.BUILTIN_HANDLERS.append(handler)
    try:
        yield
    finally:
        handlers.BUILTIN_HANDLERS.remove(handler)


@contextmanager
def counted_server(endpoint_url: str, calls: Calls) -> Iterator[str]:
    """An address that hands every request on, headers and all, and counts it."""

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            calls.of_s3(self.command, self.path)
            sent = self.rfile.read(int(self.headers.get("content-length", 0)))
            onwards = HTTPConnection(urlsplit(endpoint_url).netloc)
            # The signature is over the host that the client has called.
            onwards.request(self.command, self.path, sent, dict(self.headers))
            answer = onwards.getresponse()
            content = answer.read()
            onwards.close()
            self.send_response_only(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP | {"content-length"}:
                    self.send_header(name, value)
            held = answer.getheader("content-length", "0") if self.command == "HEAD" else None
            self.send_header("Content-Length", held or str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    for method in METHODS:
        setattr(Passing, f"do_{method}", Passing.pass_on)
    server = ThreadingHTTPServer((HOST, 0), Passing)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
