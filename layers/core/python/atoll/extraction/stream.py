"""Slabs through three stages at once: one is fetched and decoded while another is encoded.

Memory: `DECODING + ENCODING` slabs, and the chunks under way. None of it grows with the
request.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.array_reader import Workers
from atoll.extraction.file_format import ChunkedVariable, FileFormat, Origin
from atoll.extraction.netcdf_file import StoredChunk
from atoll.extraction.values import Meaning
from atoll.planning.cut import Box, Cut

DECODING = 3
ENCODING = 2
type Array = NDArray[np.generic]


class Reader(Protocol):
    """Fills boxes of output with stored values."""

    def fill(self, box: Box, target: Array, workers: Workers) -> list[Future[None]]:
        """Begin to fill; when all futures are done, the box is full."""
        ...


@dataclass(frozen=True, slots=True)
class Stream:
    """One variable on its way into the file.

    Attributes:
        name: of the variable.
        reader: of its stored values.
        stored_dtype: as they are read.
        meant: how they are written and counted.
        cut: into slabs and chunks.
        fill: of the rest of a chunk at the array's edge, in the written type.
        shifts: added to the cells along each dimension, e.g. to bounds of longitudes
            beyond the seam; shape broadcasts with the output. None = nothing is.
    """

    name: str
    reader: Reader
    stored_dtype: np.dtype[np.generic]
    meant: Meaning
    cut: Cut
    fill: Array
    shifts: NDArray[np.float64] | None = None

    @property
    def chunked(self) -> ChunkedVariable:
        """As its chunks' encoder sees it."""
        cut = self.cut
        return ChunkedVariable(self.name, self.meant.dtype, cut.shape, cut.chunk, self.fill)

    def finish(self, box: Box, stored: Array) -> Array:
        """Stored values of a box as they are written."""
        values = self.meant.written(stored)
        if self.shifts is None:
            return values
        places = tuple(
            slice(nodes.start, nodes.stop) if length > 1 else slice(None)
            for nodes, length in zip(box, self.shifts.shape, strict=True)
        )
        moved: Array = values.astype(np.float64) + self.shifts[places]
        if values.dtype.kind in "iu":
            np.rint(moved, out=moved)  # a turn is no whole number of every packing's steps
        return moved.astype(values.dtype)


@dataclass(frozen=True, slots=True)
class Encoded:
    """One chunk as the file will hold it.

    Attributes:
        stream: that it is of.
        origin: of its first cell.
        stored: its bytes.
        crc32: see `FileFormat.encode`.
        cells_with_data: that are not fill.
    """

    stream: Stream
    origin: Origin
    stored: bytes
    crc32: int
    cells_with_data: int

    @property
    def of_file(self) -> StoredChunk:
        """As the file's layout sees it."""
        return StoredChunk(self.stream.name, self.origin, len(self.stored), self.crc32)


@dataclass(slots=True)
class _Slab:
    stream: Stream
    box: Box
    values: Array
    filling: list[Future[None]]
    encoding: list[Future[Encoded]]

    def drop(self) -> None:
        """Begin no more of it."""
        for filling in self.filling:
            filling.cancel()
        for encoding in self.encoding:
            encoding.cancel()


@dataclass(frozen=True, slots=True)
class Crew:
    """Threads of the stages.

    Attributes:
        workers: fetch and decode.
        encoders: encode.
    """

    workers: Workers
    encoders: Executor


def encoded(
    slabs: Iterable[tuple[Stream, Box]], made_as: FileFormat, crew: Crew
) -> Iterator[Encoded]:
    """All chunks of these slabs, in order.

    The first slabs are begun at once, before anything is asked of the iterator.

    Args:
        slabs: variable and box of its output; see `Cut`.
        made_as: encodes.
        crew: threads.

    Raises:
        DataError, Unavailable: see ArrayReader.
    """
    waiting = iter(slabs)
    first = deque(_fill(stream, box, crew) for stream, box in islice(waiting, DECODING))
    return _in_order(first, waiting, made_as, crew)


def _in_order(
    decoding: deque[_Slab],
    waiting: Iterator[tuple[Stream, Box]],
    made_as: FileFormat,
    crew: Crew,
) -> Iterator[Encoded]:
    encoding: deque[_Slab] = deque()
    try:
        while decoding or encoding:
            if decoding:
                encoding.append(_encode(decoding.popleft(), made_as, crew))
                decoding.extend(_fill(stream, box, crew) for stream, box in islice(waiting, 1))
            if not decoding or len(encoding) >= ENCODING:
                yield from _results(encoding.popleft())
    finally:
        for slab in (*decoding, *encoding):
            slab.drop()


def whole(stream: Stream, workers: Workers) -> tuple[Array, int]:
    """All of a small variable as it is written, and how many of its cells have data."""
    box = tuple(range(length) for length in stream.cut.shape)
    stored = np.empty(stream.cut.shape, stream.stored_dtype)
    for filled in stream.reader.fill(box, stored, workers):
        filled.result()
    return stream.finish(box, stored), stream.meant.count(stored)


def _fill(stream: Stream, box: Box, crew: Crew) -> _Slab:
    values = np.empty(tuple(map(len, box)), stream.stored_dtype)
    return _Slab(stream, box, values, stream.reader.fill(box, values, crew.workers), [])


def _encode(slab: _Slab, made_as: FileFormat, crew: Crew) -> _Slab:
    for filled in slab.filling:
        filled.result()
    slab.encoding = [
        crew.encoders.submit(_encoded_chunk, slab, chunk, made_as)
        for chunk in slab.stream.cut.chunks(slab.box)
    ]
    return slab


def _encoded_chunk(slab: _Slab, chunk: Box, made_as: FileFormat) -> Encoded:
    within = tuple(
        slice(nodes.start - outer.start, nodes.stop - outer.start)
        for nodes, outer in zip(chunk, slab.box, strict=True)
    )
    stream, stored = slab.stream, slab.values[within]
    origin = tuple(nodes.start for nodes in chunk)
    made, crc32 = made_as.encode(stream.chunked, origin, stream.finish(chunk, stored))
    return Encoded(stream, origin, made, crc32, stream.meant.count(stored))


def _results(slab: _Slab) -> Iterator[Encoded]:
    for future in slab.encoding:
        yield future.result()
