"""The catalogue on this machine, for clients that open connections of their own."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import uvicorn

from atoll.model.announcement import Announcement
from tests.web.catalogue.world import CatalogueUnderTest


@contextmanager
def served_catalogue(told: Sequence[Announcement]) -> Iterator[CatalogueUnderTest]:
    """Serve these records, on a port of this machine that is free."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        catalogue = CatalogueUnderTest(told, url=url)
        settings = uvicorn.Config(
            catalogue.app, lifespan="off", log_level="error", http="h11", ws="none", loop="asyncio"
        )
        server = uvicorn.Server(settings)
        thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield catalogue
        finally:
            server.should_exit = True
            thread.join(10)
