"""Encoded chunks between their making and their upload: in memory, or on disk when many.

The header is known last and stands first, and the SHA-256 runs over the file in order:
so the chunks wait in a temporary file. Disk bounds the size of a result then, not memory.
"""

import errno
import hashlib
from collections.abc import Iterator, Sequence
from tempfile import SpooledTemporaryFile
from types import TracebackType
from typing import Self

from atoll.errors import TooLarge
from atoll.extraction.hdf5_header import Header
from atoll.extraction.netcdf_file import StoredChunk

IN_MEMORY_BYTES = 8 * 2**20
BLOCK_BYTES = 2**20
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class Spool:
    """Chunks in the order in which they will lie in the file."""

    def __init__(self, folder: str | None) -> None:
        """Prepare; nothing is on disk before `IN_MEMORY_BYTES` are exceeded.

        Args:
            folder: for the temporary file; None = the system's.
        """
        self._file = SpooledTemporaryFile(max_size=IN_MEMORY_BYTES, dir=folder)  # noqa: SIM115
        self.chunks: list[StoredChunk] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def append(self, variable: str, origin: tuple[int, ...], stored: bytes) -> None:
        """Keep one chunk.

        Raises:
            TooLarge: the worker's disk is full.
        """
        try:
            self._file.write(stored)
        except OSError as error:
            if error.errno not in NO_ROOM:
                raise
            raise TooLarge("the result does not fit on the worker's disk") from error
        self.chunks.append(StoredChunk(variable, origin, len(stored)))

    def blocks(self, header: Header) -> Iterator[bytes]:
        """The file's bytes in order, in blocks of about `BLOCK_BYTES` or a chunk."""
        late = list(zip(header.offsets, self.chunks, strict=True))
        self._file.seek(0)
        at = len(header.image)
        yield from self._early(header, late)
        for offset, chunk in late:
            if offset < len(header.image):
                self._file.seek(chunk.nbytes, 1)
                continue
            if offset != at:
                yield bytes(offset - at)
            yield self._file.read(chunk.nbytes)
            at = offset + chunk.nbytes
        if header.file_bytes > at:
            yield bytes(header.file_bytes - at)

    def _early(self, header: Header, late: Sequence[tuple[int, StoredChunk]]) -> Iterator[bytes]:
        """The header, with the chunks that HDF5 put into gaps of it."""
        for offset, chunk in late:
            stored = self._file.read(chunk.nbytes) if offset < len(header.image) else None
            if stored is None:
                self._file.seek(chunk.nbytes, 1)
            else:
                header.image[offset : offset + chunk.nbytes] = stored
        self._file.seek(0)
        yield bytes(header.image)


class Digest:
    """SHA-256 and size of what flows through."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.nbytes = 0

    def through(self, blocks: Iterator[bytes]) -> Iterator[bytes]:
        """The same blocks."""
        for block in blocks:
            self._sha256.update(block)
            self.nbytes += len(block)
            yield block

    @property
    def hexadecimal(self) -> str:
        """Of all that has flowed through."""
        return self._sha256.hexdigest()
