"""Decode those blocks of a blosc frame that hold the nodes wanted, and leave the others.

A frame (c-blosc 1) is a head of 16 bytes, where each block begins, and the blocks, which
know nothing of each other. Some of them behind a head of their own are a frame again.
"""

from collections.abc import Buffer, Sequence
from dataclasses import dataclass
from math import prod
from typing import Self

import numpy as np
from numcodecs import blosc
from numpy.typing import NDArray

from atoll.extraction.codecs import Chain, scratch
from atoll.extraction.selection import Slices

FORMAT = 2  # of c-blosc 1; Blosc2's frames are 5
HEAD_BYTES = 16
BLOCK_START_BYTES = 4
COPIED = 0x02  # flag: the bytes are stored as they are, no table before them
# Rows whose blocks are worth finding out; beyond, nearly every block has one.
MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Frame:
    """What a frame's head says.

    Attributes:
        stored: all of it.
        nbytes: decoded.
        block_bytes: decoded, of each block but the last.
        starts, stops: of each block within `stored`.
    """

    stored: memoryview
    nbytes: int
    block_bytes: int
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]

    @classmethod
    def of(cls, stored: memoryview) -> Self | None:
        """Read the head; None = this is for blosc itself to understand, or to refuse."""
        if len(stored) < HEAD_BYTES or stored[0] != FORMAT:
            return None
        nbytes, block_bytes, stored_bytes = map(int, np.frombuffer(stored, "<u4", 3, 4))
        if stored_bytes != len(stored) or not 0 < block_bytes < nbytes:
            return None
        starts = _starts(stored, nbytes, block_bytes)
        if starts is None or starts.min() < HEAD_BYTES or starts.max() >= stored_bytes:
            return None
        # Threads have written them in the order in which they were done.
        edges = np.append(np.sort(starts), stored_bytes)
        stops = edges[np.searchsorted(edges, starts, "right")]
        return cls(stored, nbytes, block_bytes, starts, stops)

    def decode(self, first: int, last: int, target: NDArray[np.uint8]) -> None:
        """Decode blocks `first` to `last`, inclusive, to where they lie in `target`.

        The last of all goes with the one before: blosc refuses a frame that is shorter than
        its blocks.

        Raises:
            Exception: whatever blosc says of bytes that are not its own.
        """
        first = min(first, len(self.starts) - 2)
        begin, end = first * self.block_bytes, min((last + 1) * self.block_bytes, self.nbytes)
        pieces = [self.stored[self.starts[n] : self.stops[n]] for n in range(first, last + 1)]
        table = b""
        if not self.stored[2] & COPIED:
            lengths = np.array([len(piece) for piece in pieces])
            behind = HEAD_BYTES + BLOCK_START_BYTES * len(pieces)
            table = (behind + np.cumsum(lengths) - lengths).astype("<i4").tobytes()
        total = HEAD_BYTES + len(table) + sum(map(len, pieces))
        sizes = np.array([end - begin, self.block_bytes, total], "<u4").tobytes()
        frame = b"".join([self.stored[:4], sizes, table, *pieces])
        blosc.decompress(frame, target[begin:end])


def _starts(stored: memoryview, nbytes: int, block_bytes: int) -> NDArray[np.int64] | None:
    """Where each block begins; None = the frame is too short to say."""
    count = -(-nbytes // block_bytes)
    if stored[2] & COPIED:
        whole = len(stored) == HEAD_BYTES + nbytes
        return HEAD_BYTES + block_bytes * np.arange(count) if whole else None
    if len(stored) < HEAD_BYTES + count * BLOCK_START_BYTES:
        return None
    return np.frombuffer(stored, "<i4", count, HEAD_BYTES).astype(np.int64)


def decode_nodes(chain: Chain, stored: Buffer, selections: Sequence[Slices]) -> NDArray[np.generic]:
    """Decode as much of one chunk as holds the nodes of `selections`.

    Args:
        chain: how it was encoded.
        stored: as read.
        selections: nodes of each dimension, in the array's order of them.

    Returns:
        see `Chain.decode`; other nodes are whatever memory held.

    Raises:
        Exception: whatever a codec says of bytes that are not its own.
    """
    if any(_all_of(chain.shape, nodes) for nodes in selections):
        return chain.decode(stored)
    view = memoryview(stored).cast("B")
    frame = Frame.of(view) if [one.codec_id for one in chain.decoders] == ["blosc"] else None
    if frame is None or frame.nbytes != chain.nbytes:
        return chain.decode(stored)
    taken = [tuple(nodes[axis] for axis in chain.order) for nodes in selections]
    wanted = touched(chain.stored_shape, chain.dtype.itemsize, taken, frame.block_bytes)
    if wanted.all():
        return chain.decode(stored)
    flat = scratch(chain.nbytes)
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False))
    for first, stop in edges.reshape(-1, 2).tolist():
        frame.decode(first, stop - 1, flat)
    return chain.shaped(flat)


def _all_of(shape: Sequence[int], nodes: Slices) -> bool:
    """Say whether every node of a chunk is taken."""
    return all(
        len(range(length)[along]) == length for length, along in zip(shape, nodes, strict=True)
    )


def touched(
    shape: Sequence[int], itemsize: int, selections: Sequence[Slices], block_bytes: int
) -> NDArray[np.bool_]:
    """Which blocks of a chunk's bytes hold a node of `selections`.

    Args:
        shape: of the chunk as it is stored.
        itemsize: bytes of a value.
        selections: nodes of each dimension.
        block_bytes: of a block.
    """
    changes = np.zeros(-(-prod(shape) * itemsize // block_bytes) + 1, np.int64)
    for nodes in selections:
        starts, nbytes = _spans(shape, itemsize, nodes)
        np.add.at(changes, starts // block_bytes, 1)
        np.add.at(changes, (starts + nbytes - 1) // block_bytes + 1, -1)
    return np.cumsum(changes[:-1]) > 0


def _spans(shape: Sequence[int], itemsize: int, nodes: Slices) -> tuple[NDArray[np.int64], int]:
    """Runs of bytes that hold the nodes: where each begins; how long all of them are."""
    taken = [range(length)[along] for length, along in zip(shape, nodes, strict=True)]
    axis, nbytes = len(shape), itemsize
    while axis and len(taken[axis - 1]) == shape[axis - 1]:
        axis -= 1
        nbytes *= shape[axis]
    if prod(map(len, taken[: max(axis - 1, 0)])) > MOST_ROWS:
        return np.zeros(1, np.int64), prod(shape) * itemsize
    starts, inner = np.zeros(1, np.int64), nbytes
    if axis:
        low, high = sorted((taken[axis - 1][0], taken[axis - 1][-1]))
        starts, nbytes = starts + low * inner, (high - low + 1) * inner
        inner *= shape[axis - 1]
    for before in reversed(range(axis - 1)):
        starts = np.add.outer(np.array(taken[before]) * inner, starts).ravel()
        inner *= shape[before]
    return starts, nbytes
