"""A dissemination unit that serves WCS on this machine: real data, really extracted."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response
from obstore.store import MemoryStore

from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources
from atoll.model.job import Account, Download, Work
from atoll.ports import Ends
from atoll.services.completion import settle_job
from atoll.web.wcs.app import make_wcs_app
from atoll.web.wcs.place import Place
from tests.fakes import FakeResults
from tests.publication.builders import Bench
from tests.web.builders import Heard
from tests.world import World

ASKER = Account(account_id="somebody", profiles=("navy",))
SOURCES = Sources(S3Options(endpoint_url=None, region="eu-west-1"))


@dataclass
class ServedResults(FakeResults):
    """Results whose addresses are true.

    Attributes:
        root: of the addresses.
    """

    root: str = ""

    def url(self, wanted: Download, lifetime_s: int) -> str:
        return f"{self.root}/bucket/{wanted.key}?lifetime_s={lifetime_s}"


@dataclass
class Unit:
    """A unit whose clock stands but while its door waits: then its workers work.

    Attributes:
        folder: of its datasets.
        queries: that clients have sent.
    """

    folder: Path
    url: str = ""
    results: ServedResults = field(default_factory=ServedResults)
    queries: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bench = Bench(self.folder)
        self.world = World(catalogue=self.bench.catalogue, results=self.results)

    async def pause(self, seconds: float) -> None:
        self.world.later(seconds)
        for work in list(self.world.workflow.started.values()):
            if work.job_id not in self.world.workflow.ended:
                self.make(work)

    def make(self, work: Work) -> None:
        """What the workflow does with a small job."""
        ends: Ends = self.world.ports.ends
        self.world.ledger.begin(work.job_id, ends.now())
        store = MemoryStore()
        coverage = self.bench.catalogue.describe(work.plan.dataset, work.plan.revision)
        outcome = extract(work, coverage, Places(store, SOURCES))
        self.results.objects[outcome.key] = bytes(store.get(outcome.key).bytes())
        settle_job(work.job_id, outcome, ends)
        self.world.workflow.ended.add(work.job_id)

    def app(self) -> FastAPI:
        place = Place(self.url, "test unit")
        app = make_wcs_app(self.world.ports, lambda _: ASKER, Heard(), place, self.pause)

        @app.get("/bucket/{key:path}")
        def stored(key: str) -> Response:
            return Response(self.results.objects[key], media_type="application/octet-stream")

        @app.middleware("http")
        async def remember(request, call_next):
            self.queries.append(request.url.query)
            return await call_next(request)

        return app


@contextmanager
def serving(unit: Unit) -> Iterator[Unit]:
    """Serve it, on a port of this machine that is free."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        unit.url = unit.results.root = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = uvicorn.Config(
            unit.app(), lifespan="off", log_level="error", http="h11", ws="none", loop="asyncio"
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield unit
        finally:
            server.should_exit = True
            thread.join(10)
