"""How a variable's output is cut: NetCDF chunks, and slabs of them that are made at one go.

A chunk is a run of the output in C order, about 2 MiB and never above `CHUNK_BYTES`: the
last dimensions whole as far as they fit, the next one in part, 1 of those before. Where
a map (latitude, longitude) fits, a chunk is one or more maps.

A slab is as large as memory allows and covers stored chunks whole where it can, so that
few of them are needed by two slabs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, prod

CHUNK_BYTES = 4 * 2**20
type Box = tuple[range, ...]
type Shape = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """How one variable is cut.

    Attributes:
        shape: of the output.
        chunk: of the NetCDF file.
        slab: a multiple of the chunk along each dimension, or all of it.
    """

    shape: Shape
    chunk: Shape
    slab: Shape

    def slabs(self) -> Iterator[Box]:
        """Boxes of output nodes, in C order, that cover the output once."""
        return boxes(tuple(range(length) for length in self.shape), self.slab)

    def chunks(self, slab: Box) -> Iterator[Box]:
        """The NetCDF chunks of a slab, in C order; the last along a dimension may be cut off."""
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
    """The largest run in C order of `shape` with no more than `most` elements, at least one."""
    found = []
    for length in reversed(shape):
        taken = max(1, min(length, most))
        # Equal runs: 30 nodes of which 16 fit are cut into 15 + 15, not 16 + 14.
        found.append(ceil(length / ceil(length / taken)))
        most = most // taken if taken == length else 1
    return tuple(reversed(found))


def cut(shape: Shape, stored_chunk: Shape, itemsize: int, slab_bytes: int) -> Cut:
    """Choose chunk and slab.

    Args:
        shape: of the output; no length is 0.
        stored_chunk: nodes of the output that one stored chunk may give along each
            dimension.
        itemsize: bytes of an output value.
        slab_bytes: a slab is no larger, unless one stored chunk is.
    """
    most = max(1, slab_bytes // itemsize)
    slab = list(map(min, shape, stored_chunk))
    for axis in reversed(range(len(shape))):
        if prod(slab) >= most:
            break
        slab[axis] = min(shape[axis], slab[axis] * max(1, most // prod(slab)))
    chunk = trailing(slab, CHUNK_BYTES // itemsize)
    whole = tuple(
        length if taken == length else taken // step * step
        for length, taken, step in zip(shape, slab, chunk, strict=True)
    )
    return Cut(shape, chunk, whole)
