"""What will be read and written: index ranges, chunk counts and sizes. A few hundred bytes."""

from pydantic import Field

from atoll.model.request import Format, Packing
from atoll.model.value import Value


class Piece(Value):
    """A run of nodes of one axis: `range(start, stop, step)`.

    Attributes:
        start, stop, step: as `range`; step is negative where the axis is read backwards.
        shift: degrees added to these nodes' longitudes, a multiple of 360.
    """

    start: int
    stop: int
    step: int = 1
    shift: float = 0.0

    @property
    def indices(self) -> range:
        """The nodes."""
        return range(self.start, self.stop, self.step)


class AxisPlan(Value):
    """The nodes taken of one axis.

    Attributes:
        name: of the axis.
        pieces: in output order; at most two, the second beyond the longitude seam.
        first, last: values at the ends of the output, in the axis's units, shift included.
    """

    name: str
    pieces: tuple[Piece, ...]
    first: float
    last: float

    @property
    def count(self) -> int:
        """Number of nodes in the output."""
        return sum(len(piece.indices) for piece in self.pieces)


class VariablePlan(Value):
    """What one variable costs.

    Attributes:
        name: of the variable; its role and dimensions are in the coverage.
        layout: whose chunks are read.
        chunks: number of chunks to read.
        read_bytes: of these chunks, decoded.
        output_bytes: of its values in the types of the format, uncompressed.
    """

    name: str
    layout: str
    chunks: int
    read_bytes: int
    output_bytes: int


class SubsetPlan(Value):
    """A subset, resolved against one revision. Serialises to JSON; equal plans are equal work.

    Attributes:
        dataset, revision: what was quoted is what is read.
        axes: of all axes that any planned variable has.
        variables: data variables and what comes along with them.
        packing, format: as asked.
        output_bytes: of all values, uncompressed, each coordinate once; a table repeats them.
        read_bytes: of all chunks, decoded.
        chunks: number of all chunks.
    """

    dataset: str
    revision: str
    axes: tuple[AxisPlan, ...]
    variables: tuple[VariablePlan, ...] = Field(min_length=1)
    packing: Packing
    format: Format
    output_bytes: int
    read_bytes: int
    chunks: int
