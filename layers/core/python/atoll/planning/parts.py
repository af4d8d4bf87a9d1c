"""A plan cut into parts: runs of output that one worker reads, encodes and uploads."""

from dataclasses import dataclass

from atoll.planning.cut import Box


@dataclass(frozen=True, slots=True)
class Slab:
    """A box of one variable's output; a multiple of its chunks, or the rest at an edge."""

    variable: str
    box: Box


@dataclass(frozen=True, slots=True)
class Part:
    """What one worker makes at one go.

    Attributes:
        number: from 1, without a gap.
        slabs: in the order in which their chunks lie in the file.
    """

    number: int
    slabs: tuple[Slab, ...]
