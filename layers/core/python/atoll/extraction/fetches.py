"""Which bytes to ask for: one object a chunk, or runs of neighbours within a shard."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from atoll.errors import DataError
from atoll.extraction.chunk_source import ChunkSource, StoredRange, read_all
from atoll.extraction.codecs import crc32c
from atoll.extraction.selection import ChunkRead
from atoll.extraction.stored_array import CRC32C_BYTES, Sharding, StoredArray

# Neighbours in a shard are read at one go over gaps up to this: less than a GET costs.
GAP_BYTES = 64 * 2**10
RUN_BYTES = 2 * 2**20
KEPT_INDEXES = 1024
ABSENT = 2**64 - 1


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

    def fetches(self, reads: Sequence[ChunkRead]) -> list[Fetch]:
        """The requests that get all of `reads`."""
        ...


class ObjectLocator:
    """Every chunk is an object of its own."""

    def __init__(self, array: StoredArray) -> None:
        self._array = array

    def fetches(self, reads: Sequence[ChunkRead]) -> list[Fetch]:
        """See `Locator`."""
        return [Fetch(StoredRange(self._array.key(read.index)), ((read, None),)) for read in reads]


class ShardLocator:
    """Chunks are found by their shard's index, which is read once."""

    def __init__(self, array: StoredArray, sharding: Sharding, source: ChunkSource) -> None:
        self._array = array
        self._sharding = sharding
        self._source = source
        self._indexes: dict[tuple[int, ...], NDArray[np.uint64] | None] = {}

    def fetches(self, reads: Sequence[ChunkRead]) -> list[Fetch]:
        """See `Locator`.

        Raises:
            DataError: an index is damaged.
            Unavailable: the store did not answer.
        """
        by_shard: dict[tuple[int, ...], list[ChunkRead]] = {}
        for read in reads:
            by_shard.setdefault(self._shard(read.index), []).append(read)
        self._load([shard for shard in by_shard if shard not in self._indexes])
        return [
            fetch for shard, within in by_shard.items() for fetch in self._of_shard(shard, within)
        ]

    def _shard(self, index: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(i // n for i, n in zip(index, self._sharding.chunks, strict=True))

    def _load(self, shards: list[tuple[int, ...]]) -> None:
        if len(self._indexes) + len(shards) > KEPT_INDEXES:
            self._indexes.clear()
        size = self._sharding.index_bytes
        start = None if self._sharding.at_end else 0
        wanted = [StoredRange(self._array.key(shard), start, size) for shard in shards]
        for shard, stored in zip(shards, read_all(self._source, wanted), strict=True):
            self._indexes[shard] = None if stored is None else self._parse(bytes(stored))

    def _parse(self, stored: bytes) -> NDArray[np.uint64]:
        """Offsets and lengths, shape (chunks of a shard..., 2)."""
        sharding, entries = self._sharding, stored
        if sharding.checked:
            entries = stored[:-CRC32C_BYTES]
            if crc32c(entries).to_bytes(CRC32C_BYTES, "little") != stored[-CRC32C_BYTES:]:
                raise DataError(f"{self._array.path}: a shard's index is damaged")
        if len(stored) != sharding.index_bytes:
            raise DataError(f"{self._array.path}: a shard is shorter than its index")
        values = np.frombuffer(entries, "<u8" if sharding.little else ">u8")
        return values.astype(np.uint64).reshape(*sharding.chunks, 2)

    def _of_shard(self, shard: tuple[int, ...], reads: list[ChunkRead]) -> list[Fetch]:
        index = self._indexes[shard]
        if index is None:
            return [Fetch(None, tuple((read, None) for read in reads))]
        found, absent = [], []
        for read in reads:
            inner = tuple(i % n for i, n in zip(read.index, self._sharding.chunks, strict=True))
            offset, length = map(int, index[inner])
            if offset == ABSENT and length == ABSENT:
                absent.append(read)
            else:
                found.append((offset, length, read))
        found.sort(key=lambda item: item[0])
        key = self._array.key(shard)
        merged = [_merge(key, run) for run in _neighbours(found)]
        return merged + ([Fetch(None, tuple((read, None) for read in absent))] if absent else [])


def _neighbours(
    found: list[tuple[int, int, ChunkRead]],
) -> list[list[tuple[int, int, ChunkRead]]]:
    """Cut a list sorted by offset where the gap or the run becomes too long."""
    runs: list[list[tuple[int, int, ChunkRead]]] = []
    for offset, length, read in found:
        run = runs[-1] if runs else []
        near = run and offset - (run[-1][0] + run[-1][1]) <= GAP_BYTES
        if near and offset + length - run[0][0] <= RUN_BYTES:
            run.append((offset, length, read))
        else:
            runs.append([(offset, length, read)])
    return runs


def _merge(key: str, run: list[tuple[int, int, ChunkRead]]) -> Fetch:
    start = run[0][0]
    stop = max(offset + length for offset, length, _ in run)
    return Fetch(
        StoredRange(key, start, stop - start),
        tuple(
            (read, slice(offset - start, offset - start + length)) for offset, length, read in run
        ),
    )
