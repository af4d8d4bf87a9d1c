"""What reading chunks costs, in seconds: requests that wait, and bytes that come and decode.

Only the ratio of the numbers decides between layouts: one request costs as much as 188 KB.
They come from trials on two shared cores with SeaweedFS 4.48 over loopback, not from S3.
"""

from collections.abc import Iterable, Sequence
from math import prod

from atoll.model.coverage import ChunkGrid
from atoll.model.plan import Piece
from atoll.planning.chunks import chunk_count

# To a GET's first byte. Assumed of S3, not measured: the trial's server was made to wait so long.
LATENCY_S = 0.020
# GETs under way at once: 16 to 64 of them, of 1 MB, took 7 to 10 times less than one by one.
CONCURRENCY = 32
# GET and decode of series in Blosc-zstd, of decoded bytes. GETs alone came at 520 to 700 MB/s
# and maps in Blosc-lz4 decoded at 1.7 GB/s: the codec matters more than this network does.
BANDWIDTH_BYTES_S = 300e6
# Neighbours within a shard are joined to requests of so many bytes, by `extraction.fetches`.
RUN_BYTES = 2 * 2**20

type Pieces = Sequence[Sequence[Piece]]


def reading_s(grid: ChunkGrid, pieces: Pieces, nbytes: float) -> float:
    """Seconds for some pieces of each dimension, of which `nbytes` are read."""
    waiting_s = request_count(grid, pieces, nbytes) * LATENCY_S / CONCURRENCY
    return waiting_s + nbytes / BANDWIDTH_BYTES_S


def request_count(grid: ChunkGrid, pieces: Pieces, nbytes: float) -> float:
    """GETs: one a chunk; of a sharded array an index for each shard, and runs of neighbours."""
    chunks = _counts(pieces, grid.chunk_shape)
    if grid.shard_shape is None:
        return prod(chunks)
    shards = _counts(pieces, grid.shard_shape)
    runs, neighbours = 1, True
    for axis in reversed(range(len(chunks))):
        runs *= shards[axis] if neighbours else chunks[axis]
        within = grid.shard_shape[axis] // grid.chunk_shape[axis]
        neighbours = neighbours and chunks[axis] == shards[axis] * within
    return prod(shards) + max(runs, min(prod(chunks), nbytes / RUN_BYTES))


def times_read(grid: ChunkGrid, pieces: Pieces, slab: Sequence[int]) -> float:
    """How often a chunk is read, on average and at least, for an output made slab by slab.

    Args:
        grid: of the layout.
        pieces: of each dimension.
        slab: nodes of the output along each dimension.
    """
    found = 1.0
    for runs, chunk, step in zip(pieces, grid.chunk_shape, slab, strict=True):
        slabs = -(-sum(len(piece.indices) for piece in runs) // step)
        found *= max(1.0, slabs / chunk_count(runs, chunk))
    return found


def stored_bytes(grid: ChunkGrid, chunks: int, shape: Iterable[int]) -> float:
    """Bytes of so many chunks as they are stored, if they are like all others.

    Args:
        grid: one whose stored bytes are known.
        chunks: how many are read.
        shape: of the whole array.
    """
    of_all = prod(-(-size // chunk) for size, chunk in zip(shape, grid.chunk_shape, strict=True))
    return grid.stored_bytes * chunks / of_all


def _counts(pieces: Pieces, shape: Sequence[int]) -> list[int]:
    return [chunk_count(runs, chunk) for runs, chunk in zip(pieces, shape, strict=True)]
