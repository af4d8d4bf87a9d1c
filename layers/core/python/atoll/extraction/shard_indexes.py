"""Where the chunks of a shard lie: indexes, read once and kept for the next job of the process.

Kept by the source, which is one store at one revision: a shard of it never changes.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from atoll.errors import DataError
from atoll.extraction.chunk_source import ChunkSource, StoredRange, read_all
from atoll.extraction.codecs import crc32c
from atoll.extraction.stored_array import CRC32C_BYTES, Sharding, StoredArray

type Index = NDArray[np.uint64] | None
type Key = tuple[ref[ChunkSource], str]

# A million chunks.
KEPT_BYTES = 16 * 2**20
# What an entry takes beside its numbers.
ENTRY_BYTES = 512


class KeptIndexes:
    """The indexes that were used last, up to a number of bytes. Any thread may ask."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        """Begin with none.

        Args:
            most_bytes: kept.
        """
        self._room = most_bytes
        self._found: OrderedDict[Key, Index] = OrderedDict()
        self._lock = Lock()

    def known(self, source: ChunkSource, keys: Sequence[str]) -> dict[str, Index]:
        """Those of `keys` that are kept. None = there is no such shard."""
        with self._lock:
            held = [key for key in keys if (ref(source), key) in self._found]
            for key in held:
                self._found.move_to_end((ref(source), key))
            return {key: self._found[ref(source), key] for key in held}

    def keep(self, source: ChunkSource, indexes: dict[str, Index]) -> None:
        """Keep these, and forget those that were not used for longest."""
        with self._lock:
            for key, index in indexes.items():
                if (ref(source), key) not in self._found:
                    self._found[ref(source), key] = index
                    self._room -= _nbytes(index)
            while self._room < 0:
                self._room += _nbytes(self._found.popitem(last=False)[1])


def _nbytes(index: Index) -> int:
    return ENTRY_BYTES + (0 if index is None else index.nbytes)


KEPT = KeptIndexes()


class ShardIndexes:
    """The indexes of one array's shards."""

    def __init__(
        self, label: str, array: StoredArray, sharding: Sharding, source: ChunkSource
    ) -> None:
        """Prepare to read.

        Args:
            label: dataset and variable, for a person.
            array: whose shards they are.
            sharding: how they lie in a shard.
            source: where its bytes are.
        """
        self._label = label
        self._array = array
        self._sharding = sharding
        self._source = source

    def of(self, shards: Sequence[tuple[int, ...]]) -> list[Index]:
        """Offset and length of each chunk, shape (chunks of a shard..., 2); None = no shard.

        Raises:
            DataError: an index is damaged.
            Unavailable: the store did not answer.
        """
        keys = [self._array.key(shard) for shard in shards]
        found = KEPT.known(self._source, keys)
        missing = [
            (shard, key) for shard, key in zip(shards, keys, strict=True) if key not in found
        ]
        if missing:
            size = self._sharding.index_bytes
            start = None if self._sharding.at_end else 0
            ranges = [StoredRange(key, start, size) for _, key in missing]
            stored = read_all(self._source, ranges)
            read = {
                key: None if one is None else self._parse(shard, bytes(one))
                for (shard, key), one in zip(missing, stored, strict=True)
            }
            KEPT.keep(self._source, read)
            found |= read
        return [found[key] for key in keys]

    def _parse(self, shard: tuple[int, ...], stored: bytes) -> NDArray[np.uint64]:
        sharding, entries = self._sharding, stored
        if len(stored) != sharding.index_bytes:
            raise self._fault(shard, "is shorter than its index")
        if sharding.checked:
            entries = stored[:-CRC32C_BYTES]
            if crc32c(entries).to_bytes(CRC32C_BYTES, "little") != stored[-CRC32C_BYTES:]:
                raise self._fault(shard, "has a damaged index")
        values = np.frombuffer(entries, "<u8" if sharding.little else ">u8")
        return values.astype(np.uint64).reshape(*sharding.chunks, 2)

    def _fault(self, shard: tuple[int, ...], what: str) -> DataError:
        return DataError(
            f"{self._label}: shard {'.'.join(map(str, shard))} {what}",
            {"array": self._array.path, "shard": list(map(float, shard))},
        )
