"""Arrays whose codecs are not known here, read by zarr itself over the same source.

Imported only when such an array is met: zarr costs more to import than everything else.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Future

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.abc.store import (
    ByteRequest,
    OffsetByteRequest,
    RangeByteRequest,
    Store,
    SuffixByteRequest,
)
from zarr.core.buffer import Buffer, BufferPrototype

from atoll.errors import BrokerError, DataError
from atoll.extraction.array_reader import Pieces, Workers
from atoll.extraction.chunk_source import ChunkSource, StoredRange
from atoll.extraction.stored_array import StoredArray
from atoll.planning.cut import Box


class SourceStore(Store):
    """A `ChunkSource` as zarr's store: it gets keys that it is told, and that is all."""

    supports_writes = supports_deletes = supports_listing = False

    def __init__(self, source: ChunkSource) -> None:
        super().__init__(read_only=True)
        self._source = source

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = None  # type: ignore[assignment]

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """One object, or bytes of it."""
        (future,) = self._source.fetch([_stored_range(key, byte_range)])
        stored = await asyncio.wrap_future(future)
        return None if stored is None else prototype.buffer.from_bytes(bytes(stored))

    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        """Several of them."""
        return [await self.get(key, prototype, wanted) for key, wanted in key_ranges]

    async def exists(self, key: str) -> bool:
        """Say whether there is such an object."""
        (future,) = self._source.fetch([StoredRange(key)])
        return await asyncio.wrap_future(future) is not None

    async def set(self, key: str, value: Buffer) -> None:
        """Refuse."""
        raise NotImplementedError(key)

    async def delete(self, key: str) -> None:
        """Refuse."""
        raise NotImplementedError(key)

    def list(self) -> AsyncIterator[str]:
        """Refuse."""
        raise NotImplementedError

    def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """Refuse."""
        raise NotImplementedError(prefix)

    def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """Refuse."""
        raise NotImplementedError(prefix)


def _stored_range(key: str, wanted: ByteRequest | None) -> StoredRange:
    match wanted:
        case RangeByteRequest(start, end):
            return StoredRange(key, start, end - start)
        case SuffixByteRequest(suffix):
            return StoredRange(key, None, suffix)
        case OffsetByteRequest():
            raise NotImplementedError(str(wanted))
        case None:
            return StoredRange(key)


class ZarrReader:
    """Reads one array through zarr, for one selection of its nodes."""

    def __init__(self, label: str, array: StoredArray, pieces: Pieces, source: ChunkSource) -> None:
        self._label = label
        self._indices = [
            np.concatenate([np.array(piece.indices, np.intp) for piece in run]) for run in pieces
        ]
        try:
            opened = zarr.open_array(
                SourceStore(source),
                path=array.path,
                mode="r",
                zarr_format=3 if array.document == "zarr.json" else 2,
            )
        except BrokerError:
            raise
        except Exception as error:
            raise self._fault() from error
        self._array = opened
        self.dtype: np.dtype[np.generic] = np.dtype(opened.dtype)

    def fill(self, box: Box, target: NDArray[np.generic], workers: Workers) -> list[Future[None]]:
        """See ArrayReader.fill."""

        def work() -> None:
            indices = tuple(
                along[nodes.start : nodes.stop]
                for along, nodes in zip(self._indices, box, strict=True)
            )
            try:
                target[...] = self._array.oindex[indices] if indices else self._array[()]
            except BrokerError:
                raise
            except Exception as error:
                raise self._fault() from error

        return [workers.decoders.submit(work)]

    def _fault(self) -> DataError:
        return DataError(f"{self._label}: zarr cannot read the array")
