"""Fill boxes of output from the stored chunks of one array.

Chunks are fetched and decoded out of step: a budget bounds the bytes under way, whatever
the request, and decoding begins with the first chunk that has come.
"""

from collections import deque
from collections.abc import Buffer
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from threading import Condition

import numpy as np
from numpy.typing import NDArray

from atoll.errors import DataError, Fact, Unavailable
from atoll.extraction.blosc_blocks import decode_nodes
from atoll.extraction.chunk_source import ChunkSource, StoredRange, read_all
from atoll.extraction.codecs import Chain
from atoll.extraction.fetches import Fetch, Locator, ObjectLocator, ShardLocator
from atoll.extraction.selection import ChunkRead, chunk_reads
from atoll.extraction.stored_array import StoredArray
from atoll.model.plan import Piece
from atoll.planning.cut import Box

type Pieces = tuple[tuple[Piece, ...], ...]


class Budget:
    """Bytes that may be under way at once. One that is larger than all of it goes alone."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._used = 0
        self._changed = Condition()

    def take(self, nbytes: int) -> None:
        """Wait until there is room."""
        with self._changed:
            self._changed.wait_for(lambda: not self._used or self._used + nbytes <= self._limit)
            self._used += nbytes

    def give(self, nbytes: int) -> None:
        """Make room."""
        with self._changed:
            self._used -= nbytes
            self._changed.notify_all()


@dataclass(frozen=True, slots=True)
class Workers:
    """Who decodes, and within what bounds.

    Attributes:
        decoders: threads for processor work.
        budget: bytes of chunks under way, counted as decoded.
    """

    decoders: Executor
    budget: Budget


class ArrayReader:
    """Reads one array whose codecs are known here, for one selection of its nodes."""

    def __init__(
        self, label: str, array: StoredArray, chain: Chain, pieces: Pieces, source: ChunkSource
    ) -> None:
        """Prepare to read.

        Args:
            label: dataset and variable, for a person.
            array: what is read.
            chain: how its chunks were encoded.
            pieces: of each dimension, in output order.
            source: where its bytes are.
        """
        self._label = label
        self._array = array
        self._chain = chain
        self._pieces = pieces
        self._source = source
        self._exists = False
        self._locator: Locator = (
            ObjectLocator(array)
            if array.sharding is None
            else ShardLocator(label, array, array.sharding, source)
        )

    def fill(self, box: Box, target: NDArray[np.generic], workers: Workers) -> list[Future[None]]:
        """Begin to fill `target`, of the box's shape and the stored dtype.

        Returns:
            when all are done, the box is full. They raise DataError where a chunk does not
            decode, and Unavailable where the store did not answer.

        Raises:
            DataError, Unavailable: likewise, of what was begun first; or a shard's index
                could not be read.
        """
        together = self._array.sharding.chunks if self._array.sharding else None
        reads = chunk_reads(self._pieces, self._array.chunk_shape, box, together)
        begun: deque[Future[None]] = deque()
        for fetch in self._locator.fetches(reads):
            begun.append(self._begin(fetch, target, workers))
            # A box may have a million chunks; few of them are under way.
            while begun and begun[0].done():
                begun.popleft().result()
        return list(begun)

    def _begin(self, fetch: Fetch, target: NDArray[np.generic], workers: Workers) -> Future[None]:
        nbytes = self._chain.nbytes * len(fetch.chunks)
        workers.budget.take(nbytes)
        stored = self._source.fetch([fetch.wanted])[0] if fetch.wanted else None

        def work() -> None:
            try:
                self._place(fetch, self._arrived(fetch, stored), target)
            finally:
                workers.budget.give(nbytes)

        return workers.decoders.submit(work)

    def _arrived(self, fetch: Fetch, stored: Future[Buffer | None] | None) -> Buffer | None:
        """Wait for what was asked for; whatever goes wrong is said of this array's chunk."""
        if stored is None:
            return None
        read, within = fetch.chunks[0]
        try:
            found = stored.result()
        except (DataError, Unavailable) as error:
            raise type(error)(*self._of_chunk(read, f"was not read: {error.detail}")) from error
        if found is None and within is not None:
            raise DataError(*self._of_chunk(read, "was in a shard that has vanished"))
        return found

    def _place(self, fetch: Fetch, stored: Buffer | None, target: NDArray[np.generic]) -> None:
        for read, within in fetch.chunks:
            if stored is None:
                self._fill_missing(read, target)
            else:
                self._decode(read, stored if within is None else memoryview(stored)[within], target)

    def _fill_missing(self, read: ChunkRead, target: NDArray[np.generic]) -> None:
        """A chunk that is not stored is fill; an array that is not there is no data."""
        if not self._exists:
            document = StoredRange(f"{self._array.path}/{self._array.document}")
            if read_all(self._source, [document])[0] is None:
                raise DataError(f"{self._label}: the array is not in the store any more")
            self._exists = True
        for _, place in read.copies:
            target[place] = self._array.fill

    def _decode(self, read: ChunkRead, stored: Buffer, target: NDArray[np.generic]) -> None:
        direct = self._direct(read, target)
        try:
            if direct is not None:
                self._chain.decode(stored, direct)
                return
            chunk = decode_nodes(self._chain, stored, [nodes for nodes, _ in read.copies])
        except Exception as error:  # codecs raise what they like
            raise DataError(*self._of_chunk(read, "does not decode")) from error
        for nodes, place in read.copies:
            target[place] = chunk[nodes]

    def _of_chunk(self, read: ChunkRead, what: str) -> tuple[str, dict[str, Fact]]:
        """What went wrong with a chunk, for a person and for a program."""
        return (
            f"{self._label}: chunk {'.'.join(map(str, read.index))} {what}",
            {"array": self._array.path, "chunk": list(map(float, read.index))},
        )

    def _direct(self, read: ChunkRead, target: NDArray[np.generic]) -> NDArray[np.generic] | None:
        """The part of the target that is this chunk, all of it, as it lies in memory."""
        if not target.ndim or len(read.copies) > 1 or not self._chain.plain():
            return None
        nodes, place = read.copies[0]
        part = target[place]
        whole = part.shape == self._chain.shape and all(
            part.shape[axis] == 1 or taken.step == 1 for axis, taken in enumerate(nodes)
        )
        return part if whole and part.flags.c_contiguous else None
