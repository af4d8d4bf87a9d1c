"""Plain Zarr: chunks are objects, read by synchronous GETs in a pool of threads.

Threads, because the two awaits of an asynchronous GET of a whole object cost more than
ten times the processor time of a synchronous one (measured).
"""

from collections.abc import Buffer, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import TYPE_CHECKING

from obstore.exceptions import BaseError, NotSupportedError

from atoll.errors import Unavailable
from atoll.extraction.chunk_source import StoredRange

if TYPE_CHECKING:
    from obstore.store import ObjectStore


@contextmanager
def store_faults(what: str) -> Iterator[None]:
    """Turn what an object store says of itself into `Unavailable`; no key or ARN is told.

    An object that is missing is for the block to understand; here it means the bucket.
    """
    try:
        yield
    except (BaseError, FileNotFoundError, TimeoutError, ConnectionError) as error:
        raise Unavailable(f"the object store did not give {what}") from error


class ObjectSource:
    """The objects under one prefix. The store is kept open; it may serve several threads."""

    def __init__(self, store: "ObjectStore", threads: Executor) -> None:
        self._store = store
        self._threads = threads

    def fetch(self, ranges: Sequence[StoredRange]) -> list[Future[Buffer | None]]:
        """See `ChunkSource`."""
        return [self._threads.submit(self._get, wanted) for wanted in ranges]

    def _get(self, wanted: StoredRange) -> Buffer | None:
        with store_faults("a chunk"):
            try:
                return self._bytes(wanted)
            except FileNotFoundError:
                return None

    def _bytes(self, wanted: StoredRange) -> Buffer:
        if wanted.length is None:
            return self._store.get(wanted.key).bytes()
        if wanted.start is not None:
            return self._store.get_range(wanted.key, start=wanted.start, length=wanted.length)
        try:
            return self._store.get(wanted.key, options={"range": {"suffix": wanted.length}}).bytes()
        except NotSupportedError:
            size = self._store.head(wanted.key)["size"]
            start = max(0, size - wanted.length)
            return self._store.get_range(wanted.key, start=start, end=size)
