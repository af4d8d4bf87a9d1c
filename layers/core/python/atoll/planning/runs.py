"""How far one part reaches along each dimension of a variable: a grid of boxes.

Nothing is made for each chunk: 9,000 boxes of a million chunks cost what 9,000 boxes cost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, prod
from typing import Self

from atoll.model.plan import Piece
from atoll.planning.borders import clean_borders, stored_nodes, widest_gap
from atoll.planning.cut import Box, Cut, boxes, grown


@dataclass(frozen=True, slots=True)
class Ruler:
    """Where one dimension of the output may be cut.

    Attributes:
        length: of the output.
        unit: one chunk of the output; any multiple of it is a border.
        rough: units that are as long as a stored chunk, or longer.
        clean: borders at which no stored chunk lies on both sides.
        clean_gap: nodes between two of them, at most.
    """

    length: int
    unit: int
    rough: int
    clean: tuple[range, ...]
    clean_gap: int

    @classmethod
    def of(cls, pieces: Sequence[Piece], stored_chunk: int, unit: int) -> Self:
        """The ruler of a dimension.

        Args:
            pieces: taken of the dimension.
            stored_chunk: nodes of one stored chunk.
            unit: nodes of one chunk of the output.
        """
        length = sum(len(piece.indices) for piece in pieces)
        rough = ceil(stored_nodes(pieces, stored_chunk) / unit) * unit
        clean = clean_borders(pieces, stored_chunk, unit)
        return cls(length, unit, min(rough, length), clean, widest_gap(clean, length))

    def runs(self, nodes: int, *, clean: bool) -> list[range]:
        """Runs of at most so many nodes, which cover the dimension."""
        if nodes >= self.length:
            return [range(self.length)]
        if clean:
            borders = _every(nodes // self.clean_gap, self.clean)
        else:
            borders = list(range(nodes, self.length, nodes))
        return list(map(range, [0, *borders], [*borders, self.length]))


def free_boxes(rulers: Sequence[Ruler], most: int) -> Iterator[Box]:
    """Boxes of at most `most` nodes, if one chunk has no more, in C order.

    Dimensions are cut at clean borders; where such a box would be too large, as the stored
    chunks are, from the first dimension on; at last at any border.
    """
    steps = [ruler.clean_gap for ruler in rulers]
    for axis, ruler in enumerate(rulers):
        if prod(steps) > most:
            steps[axis] = min(steps[axis], ruler.rough)
    for axis, ruler in enumerate(rulers):
        if prod(steps) > most:
            room = steps[axis] * most // prod(steps)
            steps[axis] = min(steps[axis], max(1, room // ruler.unit) * ruler.unit)
    clean = [step == ruler.clean_gap for step, ruler in zip(steps, rulers, strict=True)]
    # What reads stored chunks twice where it is cut becomes long first.
    order = sorted(range(len(rulers)), key=lambda axis: (not clean[axis], axis))
    lengths = tuple(rulers[axis].length for axis in order)
    box = grown(lengths, tuple(steps[axis] for axis in order), most)
    nodes = dict(zip(order, box, strict=True))
    return product(
        *(ruler.runs(nodes[axis], clean=clean[axis]) for axis, ruler in enumerate(rulers))
    )


def contiguous_boxes(cut: Cut, most: int) -> Iterator[Box]:
    """Boxes of at most `most` nodes, if one chunk has no more: runs in C order, in C order."""
    whole = tuple(range(length) for length in cut.shape)
    return boxes(whole, grown(cut.shape, cut.chunk, most))


def _every(count: int, borders: Sequence[range]) -> list[int]:
    """Every so manyth of some borders, the first ones left out."""
    found: list[int] = []
    skipped = count - 1
    for some in borders:
        found += some[skipped::count]
        skipped = (skipped - len(some)) % count
    return found
