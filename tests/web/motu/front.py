"""The Motu and the CAS door at one address of this machine, for programs that speak HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from starlette.testclient import TestClient

from atoll.dialects.cas.validation import parse_validation
from atoll.model.job import Account, Download
from atoll.web.motu.app import make_motu_app
from atoll.web.motu.door import Welcome
from tests.fakes import FakeResults
from tests.sign_in_world import SignInWorld
from tests.web.cas.builders import CasUnderTest
from tests.web.motu.builders import MotuUnderTest

HOST, FILE = "127.0.0.1", "/file/"
CONTENT = b"CDF\x01" * 100
HOP = {"host", "connection", "content-length"}
USER, PASSWORD = "bob", "s/cr&t+%\u00e9"


@dataclass
class Files(FakeResults):
    """Results behind addresses that can be fetched."""

    front: str = ""

    def url(self, wanted: Download, lifetime_s: int) -> str:
        return f"{self.front}{FILE}{wanted.key}?lifetime_s={lifetime_s}&signature=%2F"


@dataclass
class Front:
    """Both doors.

    Attributes:
        url: where they are.
        job_s: time that a job takes, on the doors' clock.
        asked: method and path of every request.
    """

    url: str
    motu: MotuUnderTest = field(default_factory=MotuUnderTest)
    job_s: float = 3
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        world = SignInWorld(services=f"{self.url}/motu-web/")
        world.sign_in.add(USER, PASSWORD, "public")
        self.cas = CasUnderTest(world, url=f"{self.url}/cas")
        self.motu.world.results = Files(front=self.url)
        welcome = Welcome(self.url, guests=True, cas_url=self.cas.url, check_ticket=self.check)
        app = make_motu_app(self.motu.world.ports, welcome, self.motu.heard, self.pause)
        self.motu_client = TestClient(app, base_url=self.url, follow_redirects=False)
        self.cas_client = self.cas.client()

    def check(self, service: str, ticket: str) -> Account:
        sent = {"service": service, "ticket": ticket}
        return parse_validation(self.cas_client.get("/cas/serviceValidate", params=sent).content)

    async def pause(self, seconds: float) -> None:
        await self.motu.pause(seconds)
        for job in list(self.motu.world.ledger.rows.values()):
            age_s = (self.motu.world.now() - job.created_at).total_seconds()
            if job.status == "accepted" and job.leader is None and age_s >= self.job_s:
                self.motu.settle(job.job_id)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request of a program."""
        self.asked.append(f"{handler.command} {handler.path}")
        body = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        if handler.path.startswith(FILE):
            send(handler, 200, {"content-type": "application/x-netcdf"}, CONTENT)
            return
        client = self.cas_client if handler.path.startswith("/cas/") else self.motu_client
        headers = {name: value for name, value in handler.headers.items()
                   if name.lower() not in HOP}  # fmt: skip
        found = client.request(handler.command, handler.path, content=body, headers=headers)
        send(handler, found.status_code, dict(found.headers), found.content)


def send(
    handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: bytes
) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        if name.lower() not in HOP:
            handler.send_header(name, value)
    handler.send_header("content-length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


@contextmanager
def served_front() -> Iterator[Front]:
    """Both doors, while they are open."""
    fronts: list[Front] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            fronts[0].answer(self)

        def do_POST(self) -> None:
            fronts[0].answer(self)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((HOST, 0), Handler) as server:
        fronts.append(Front(f"http://{HOST}:{server.server_port}"))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield fronts[0]
        finally:
            server.shutdown()
            thread.join()
