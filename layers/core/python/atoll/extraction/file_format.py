"""What a file format must be able to do so that many workers can make one file of it.

Chunks are encoded one by one, by anyone, in any process. A file is then

    header | chunks, one behind the other without a gap | tail

and header and tail are laid out last, from the sizes of the chunks alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.netcdf_file import FileContent, StoredChunk
from atoll.extraction.references import References

type Origin = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """What a file has beside its chunks.

    Attributes:
        image: from the file's first byte to its first chunk.
        tail: behind the last chunk.
        file_bytes: size of the whole file.
        references: to the keys of a file that is a store; None = it is none.
    """

    image: bytes
    file_bytes: int
    tail: bytes = b""
    references: References | None = None


@dataclass(frozen=True, slots=True)
class ChunkedVariable:
    """A variable that is written in chunks, as far as encoding one of them takes.

    Attributes:
        name: of the variable.
        dtype: of its values, in the machine's byte order.
        shape: of all of it.
        chunk_shape: of a chunk; the last along a dimension may be cut off by `shape`.
        fill: of the rest of a chunk that is cut off, where the format stores it whole.
    """

    name: str
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    chunk_shape: tuple[int, ...]
    fill: NDArray[np.generic]


class Layout(Protocol):
    """A file being laid out: begun without its chunks, finished when their sizes are known."""

    def finish(self, chunks: Iterable[StoredChunk]) -> Header:
        """Give every chunk its place, in this order; `chunks` is gone through once."""
        ...


class FileFormat(Protocol):
    """One format."""

    @property
    def any_order(self) -> bool:
        """Whether chunks may lie in any order; else: as the format says, by the content's order."""
        ...

    def encode(
        self, variable: ChunkedVariable, origin: Origin, values: NDArray[np.generic]
    ) -> tuple[bytes, int]:
        """Encode one chunk.

        Args:
            variable: that it is of.
            origin: of its first cell.
            values: smaller than the chunk at the array's edge.

        Returns:
            the bytes exactly as they will lie in the file; the CRC-32 that the layout needs
            (0 where it needs none).
        """
        ...

    def layout(self, content: FileContent, least_bytes: int) -> Layout:
        """Begin a file.

        Args:
            content: without the values of variables in chunks.
            least_bytes: the header is made at least as long, by what no reader looks at.
        """
        ...
