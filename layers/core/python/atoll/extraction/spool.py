"""Encoded chunks between their making and their upload.

The header is known last and stands first, and the SHA-256 runs over the file in order: so
the chunks wait, in memory while they are few, in a temporary file beyond. Disk bounds the
size of a result then, not memory.
"""

import errno
import hashlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from types import TracebackType
from typing import IO, Self

from atoll.errors import TooLarge
from atoll.extraction.file_format import Header
from atoll.extraction.netcdf_file import StoredChunk

# As much as goes in one PUT: a larger file costs a little time on the disk, no memory.
IN_MEMORY_BYTES = 8 * 2**20
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise TooLarge("the result does not fit on the worker's disk") from error


class Spool:
    """Chunks in the order in which they will lie in the file: the first in memory."""

    def __init__(self, folder: str | None, in_memory_bytes: int = IN_MEMORY_BYTES) -> None:
        """Prepare; nothing is on disk before `in_memory_bytes` are exceeded.

        Args:
            folder: for the temporary file; None = the system's.
            in_memory_bytes: kept in memory.
        """
        self.chunks: list[StoredChunk] = []
        self._folder = folder
        self._room = in_memory_bytes
        self._held: deque[bytes] = deque()
        self._rest: IO[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._rest is not None:
            self._rest.close()

    def append(self, chunk: StoredChunk, stored: bytes) -> None:
        """Keep one chunk.

        Raises:
            TooLarge: the worker's disk is full.
        """
        self.chunks.append(chunk)
        self._room -= len(stored)
        if self._room >= 0:
            self._held.append(stored)
            return
        with _disk():
            if self._rest is None:
                self._rest = TemporaryFile(dir=self._folder)  # noqa: SIM115 -- see __exit__
            self._rest.write(stored)

    def blocks(self, header: Header) -> Iterator[bytes]:
        """The file's bytes in order: the header, a block for each chunk, the tail."""
        yield header.image
        yield from self._stored()
        yield header.tail

    def _stored(self) -> Iterator[bytes]:
        in_memory = len(self._held)
        yield from drained(self._held)
        if self._rest is not None:
            with _disk():
                self._rest.seek(0)
            for chunk in self.chunks[in_memory:]:
                stored = self._rest.read(chunk.nbytes)
                if len(stored) != chunk.nbytes:
                    raise RuntimeError(f"{chunk.variable}: a chunk was kept and is not there")
                yield stored


def drained(blocks: deque[bytes]) -> Iterator[bytes]:
    """The blocks, none of which is kept here when it is gone."""
    while blocks:
        yield blocks.popleft()


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
