"""Which chunks hold the nodes taken, and how many bytes they are: products of 1-d counts.

Zarr's chunks at an edge are as large as all others; what is read of one is all of it.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from atoll.model.coverage import ChunkGrid
from atoll.model.plan import Piece
from atoll.planning.size import item_bytes


def chunk_span(indices: range, chunk: int) -> range:
    """The chunks from the first to the last that these nodes lie in.

    A stride longer than a chunk passes over some of them.

    Args:
        indices: one at least, rising or falling.
        chunk: nodes of one chunk.

    Examples:
        >>> chunk_span(range(5, 12), 4), chunk_span(range(11, 4, -1), 4)
        (range(1, 3), range(1, 3))
    """
    first, last = sorted((indices[0] // chunk, indices[-1] // chunk))
    return range(first, last + 1)


def chunk_count(pieces: Iterable[Piece], chunk: int) -> int:
    """How many chunks hold the nodes of some pieces; one that two pieces share counts once.

    Args:
        pieces: none within the extent of another, as planning makes them.
        chunk: nodes of one chunk.

    Examples:
        >>> chunk_count([Piece(start=350, stop=360), Piece(start=0, stop=40)], 180)
        2
    """
    count, end = 0, -1
    for low, high, own in sorted(_extent(piece, chunk) for piece in pieces):
        count += own - (low == end)
        end = high
    return count


def _extent(piece: Piece, chunk: int) -> tuple[int, int, int]:
    """First chunk, last chunk, number of chunks."""
    span = chunk_span(piece.indices, chunk)
    # A stride longer than a chunk finds each node in a chunk of its own.
    own = len(piece.indices) if abs(piece.step) > chunk else len(span)
    return span[0], span[-1], own


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a variable from one layout costs.

    Attributes:
        read_bytes: decoded.
        chunks: number of them.
        layout: its name.
    """

    read_bytes: int
    chunks: int
    layout: str


def reading(layout: str, grid: ChunkGrid, pieces: Sequence[Sequence[Piece]], dtype: str) -> Reading:
    """The cost of some pieces of each dimension, read from one layout.

    Args:
        layout: its name.
        grid: of the variable in that layout.
        pieces: of each dimension, in the order of the chunk shape.
        dtype: as stored.
    """
    counts = (
        chunk_count(runs, chunk) for runs, chunk in zip(pieces, grid.chunk_shape, strict=True)
    )
    chunks = math.prod(counts)
    return Reading(chunks * math.prod(grid.chunk_shape) * item_bytes(dtype), chunks, layout)
