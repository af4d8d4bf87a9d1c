"""How a variable's output is cut: chunks of the file, and slabs of them that are made at one go.

A chunk follows from the output's shape, the stored chunk and the size of a value, and from
nothing else: every worker of a job, and every other job, cuts alike. A stored chunk of 1 to
4 MiB gives a chunk of its own; smaller ones are joined up to 2 MiB, the last dimensions
first; a larger one is divided into runs in C order of at most 4 MiB. So an array of 1 MiB
or more has chunks of 1 to 4 MiB.

A slab is as large as memory allows and covers stored chunks whole where it can, so that
few of them are needed by two slabs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, prod

LEAST_CHUNK_BYTES = 2**20
JOINED_CHUNK_BYTES = 2 * 2**20
CHUNK_BYTES = 4 * 2**20
type Box = tuple[range, ...]
type Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """How one variable is cut.

    Attributes:
        shape: of the output.
        chunk: of the file.
        slab: a multiple of the chunk along each dimension, or all of it.
    """

    shape: Shape
    chunk: Shape
    slab: Shape

    def slabs(self, box: Box | None = None) -> Iterator[Box]:
        """Boxes of output nodes, in C order, that cover the output once.

        Args:
            box: cover only this part of it, which begins at chunks' borders.
        """
        whole = tuple(range(length) for length in self.shape)
        return boxes(whole if box is None else box, self.slab)

    def chunks(self, slab: Box) -> Iterator[Box]:
        """The chunks of a slab, in C order; the last along a dimension may be cut off."""
        return boxes(slab, self.chunk)


def boxes(whole: Box, step: Shape) -> Iterator[Box]:
    """Cut a box into boxes of at most `step`, in C order."""
    return product(
        *(
            [nodes[at : at + size] for at in range(0, len(nodes), size)]
            for nodes, size in zip(whole, step, strict=True)
        )
    )


def trailing(shape: Sequence[int], most: int) -> Shape:
    """A run in C order of `shape`, as long as `most` elements allow, or a quarter at least.

    Examples:
        >>> trailing((12, 30, 50), 800), trailing((12, 30, 50), 3000), trailing((31,), 16)
        ((1, 15, 50), (2, 30, 50), (16,))
    """
    found = []
    for length in reversed(shape):
        taken = max(1, min(length, most))
        found.append(_run(length, taken))
        most = most // taken if taken == length else 1
    return tuple(reversed(found))


def _run(length: int, most: int) -> int:
    """Of the least number of equal runs; of up to twice as many where those leave no rest."""
    fewest = ceil(length / most)
    exact = (count for count in range(fewest, 2 * fewest) if length % count == 0)
    return ceil(length / next(exact, fewest))


def grown(shape: Shape, unit: Shape, most: int, least: int = 1) -> Shape:
    """A box of many units: the last dimensions become whole first, the next one in part.

    Args:
        shape: it is no larger.
        unit: it is a multiple of this along each dimension, or whole.
        most: elements it may have, unless the unit has more.
        least: elements below which it is not made smaller to leave a smaller rest.

    Examples:
        >>> grown((20, 180, 360), (1, 90, 180), 4 * 90 * 180), grown((7, 100), (1, 10), 60)
        ((1, 180, 360), (1, 50))
    """
    found = list(unit)
    for axis in reversed(range(len(shape))):
        count = ceil(shape[axis] / unit[axis])
        times = min(count, max(1, most // prod(found)))
        # 10 units of which 6 fit are taken 5 + 5, not 6 + 4.
        even = ceil(count / ceil(count / times))
        times = even if prod(found) * even >= least else times
        found[axis] = min(shape[axis], unit[axis] * times)
        if times < count:
            break
    return tuple(found)


def output_chunk(shape: Shape, stored_chunk: Shape, itemsize: int) -> Shape:
    """The shape of the file's chunks, by the rule above."""
    taken = tuple(map(min, shape, stored_chunk))
    nbytes = prod(taken) * itemsize
    if nbytes > CHUNK_BYTES:
        return trailing(taken, CHUNK_BYTES // itemsize)
    if nbytes >= LEAST_CHUNK_BYTES:
        return taken
    return grown(shape, taken, JOINED_CHUNK_BYTES // itemsize, LEAST_CHUNK_BYTES // itemsize)


def cut(shape: Shape, stored_chunk: Shape, itemsize: int, slab_bytes: int) -> Cut:
    """Choose chunk and slab.

    Args:
        shape: of the output; no length is 0.
        stored_chunk: nodes of the output that one stored chunk may give along each
            dimension.
        itemsize: bytes of an output value.
        slab_bytes: a slab is no larger, unless one chunk is, stored or of the file.
    """
    chunk = output_chunk(shape, stored_chunk, itemsize)
    unit = tuple(
        min(length, ceil(stored / step) * step)
        for length, stored, step in zip(shape, stored_chunk, chunk, strict=True)
    )
    return Cut(shape, chunk, grown(shape, unit, slab_bytes // itemsize))


def contiguous_cut(shape: Shape, itemsize: int, slab_bytes: int) -> Cut:
    """Choose chunk and slab where the file keeps a variable in C order: both are runs of it."""
    chunk = trailing(shape, CHUNK_BYTES // itemsize)
    return Cut(shape, chunk, grown(shape, chunk, slab_bytes // itemsize))
