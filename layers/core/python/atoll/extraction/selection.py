"""From planned nodes to the chunks that hold them: 1-d runs whose product is the N-d read."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from atoll.model.plan import Piece
from atoll.planning.cut import Box

type Slices = tuple[slice, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """Nodes of one dimension that lie in one chunk and are taken at one go.

    Attributes:
        source: of the chunk.
        target: of the box that is being filled.
    """

    source: slice
    target: slice


@dataclass(frozen=True, slots=True)
class ChunkRead:
    """One chunk, and every copy that is made out of it: it is fetched once.

    Attributes:
        index: in the array's chunk grid.
        copies: (of the chunk, of the box): more than one where both pieces of an axis
            lie in it.
    """

    index: tuple[int, ...]
    copies: tuple[tuple[Slices, Slices], ...]


def _slice(start: int, count: int, step: int) -> slice:
    """`count` nodes from `start`; a slice's stop below 0 would count from the end."""
    stop = start + count * step
    return slice(start, stop if stop >= 0 else None, step)


def chunk_runs(pieces: Sequence[Piece], chunk: int, wanted: range) -> dict[int, list[Run]]:
    """Where the output nodes `wanted` of one dimension lie.

    Args:
        pieces: of the dimension, in output order.
        chunk: nodes of one chunk.
        wanted: output nodes, step 1.

    Returns:
        chunk number -> runs, in the order in which output nodes first meet the chunk;
        targets count from `wanted.start`.
    """
    found: dict[int, list[Run]] = {}
    before = 0
    for piece in pieces:
        nodes = piece.indices
        first = max(wanted.start - before, 0)
        last = min(wanted.stop - before, len(nodes))
        while first < last:
            number = nodes[first] // chunk
            edge = number * chunk + (chunk - 1 if piece.step > 0 else 0)
            count = min(last - first, (edge - nodes[first]) // piece.step + 1)
            source = _slice(nodes[first] - number * chunk, count, piece.step)
            start = before + first - wanted.start
            found.setdefault(number, []).append(Run(source, slice(start, start + count)))
            first += count
        before += len(nodes)
    return found


def chunk_reads(
    pieces: Sequence[Sequence[Piece]],
    chunk_shape: Sequence[int],
    box: Box,
    together: Sequence[int] | None = None,
) -> Iterator[ChunkRead]:
    """The chunks that fill `box` (output nodes of each dimension), each once.

    Args:
        pieces: of each dimension.
        chunk_shape: nodes of a chunk.
        box: what is filled.
        together: chunks of a shard along each dimension: a shard's chunks come one behind
            the other. None = no chunk shares its object.
    """
    runs = [
        chunk_runs(of_dimension, chunk, wanted)
        for of_dimension, chunk, wanted in zip(pieces, chunk_shape, box, strict=True)
    ]
    shards = [
        _by_shard(along, n) for along, n in zip(runs, together or [1] * len(runs), strict=True)
    ]
    for of_shard in product(*shards):
        for numbers in product(*of_shard):
            choices = [runs[axis][number] for axis, number in enumerate(numbers)]
            copies = tuple(
                (tuple(run.source for run in combined), tuple(run.target for run in combined))
                for combined in product(*choices)
            )
            yield ChunkRead(numbers, copies)


def _by_shard(numbers: Iterable[int], together: int) -> list[list[int]]:
    """Chunk numbers of one dimension, those of a shard in one list."""
    found: dict[int, list[int]] = {}
    for number in numbers:
        found.setdefault(number // together, []).append(number)
    return list(found.values())
