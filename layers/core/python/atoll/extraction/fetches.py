"""Which bytes to ask for: one object a chunk, or runs of neighbours within a shard."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, groupby
from typing import Protocol

from atoll.extraction.chunk_source import ChunkSource, StoredRange
from atoll.extraction.selection import ChunkRead
from atoll.extraction.shard_indexes import Index, ShardIndexes
from atoll.extraction.stored_array import Sharding, StoredArray

# Neighbours in a shard are read at one go over gaps up to this: less than S3's first byte
# costs. A run ends here, so that several are under way at once.
GAP_BYTES = 256 * 2**10
RUN_BYTES = 2 * 2**20
# Indexes that are read at one go: as many as hide each other's first byte.
SHARDS_AT_ONCE = 64
ABSENT = 2**64 - 1

type Found = tuple[int, int, ChunkRead]


@dataclass(frozen=True, slots=True)
class Fetch:
    """One request, and the chunks that its answer holds.

    Attributes:
        wanted: None = it is known that these chunks are not stored.
        chunks: chunk, and where its bytes are in the answer; None = all of them.
    """

    wanted: StoredRange | None
    chunks: tuple[tuple[ChunkRead, slice | None], ...]


class Locator(Protocol):
    """Finds the bytes of chunks."""

    def fetches(self, reads: Iterable[ChunkRead]) -> Iterator[Fetch]:
        """The requests that get all of `reads`, as they are asked for.

        Raises:
            DataError, Unavailable: see ShardIndexes.of.
        """
        ...


class ObjectLocator:
    """Every chunk is an object of its own."""

    def __init__(self, array: StoredArray) -> None:
        self._array = array

    def fetches(self, reads: Iterable[ChunkRead]) -> Iterator[Fetch]:
        """See `Locator`."""
        for read in reads:
            yield Fetch(StoredRange(self._array.key(read.index)), ((read, None),))


class ShardLocator:
    """Chunks are found by their shard's index. Those of a shard must be asked for together."""

    def __init__(
        self, label: str, array: StoredArray, sharding: Sharding, source: ChunkSource
    ) -> None:
        self._array = array
        self._sharding = sharding
        self._indexes = ShardIndexes(label, array, sharding, source)

    def fetches(self, reads: Iterable[ChunkRead]) -> Iterator[Fetch]:
        """See `Locator`."""
        grouped = ((shard, list(found)) for shard, found in groupby(reads, self._shard))
        for some in batched(grouped, SHARDS_AT_ONCE, strict=False):
            indexes = self._indexes.of([shard for shard, _ in some])
            for (shard, of_shard), index in zip(some, indexes, strict=True):
                yield from self._of_shard(shard, of_shard, index)

    def _shard(self, read: ChunkRead) -> tuple[int, ...]:
        return tuple(i // n for i, n in zip(read.index, self._sharding.chunks, strict=True))

    def _of_shard(
        self, shard: tuple[int, ...], reads: list[ChunkRead], index: Index
    ) -> Iterator[Fetch]:
        found: list[Found] = []
        absent = []
        for read in reads:
            inner = tuple(i % n for i, n in zip(read.index, self._sharding.chunks, strict=True))
            offset, length = (ABSENT, ABSENT) if index is None else map(int, index[inner])
            if offset == ABSENT and length == ABSENT:
                absent.append(read)
            else:
                found.append((offset, length, read))
        key = self._array.key(shard)
        for run in _neighbours(sorted(found, key=lambda item: item[0])):
            yield _merge(key, run)
        if absent:
            yield Fetch(None, tuple((read, None) for read in absent))


def _neighbours(found: list[Found]) -> list[list[Found]]:
    """Cut a list sorted by offset where the gap or the run becomes too long."""
    runs: list[list[Found]] = []
    for offset, length, read in found:
        run = runs[-1] if runs else []
        near = run and offset - (run[-1][0] + run[-1][1]) <= GAP_BYTES
        if near and offset + length - run[0][0] <= RUN_BYTES:
            run.append((offset, length, read))
        else:
            runs.append([(offset, length, read)])
    return runs


def _merge(key: str, run: list[Found]) -> Fetch:
    start = run[0][0]
    stop = max(offset + length for offset, length, _ in run)
    return Fetch(
        StoredRange(key, start, stop - start),
        tuple(
            (read, slice(offset - start, offset - start + length)) for offset, length, read in run
        ),
    )
