"""A plan cut into parts: runs of output that one worker reads, encodes and uploads.

All of it follows from plan and description alone: every process computes it anew.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, prod

from atoll.errors import DataError
from atoll.model.coverage import ChunkGrid, Coverage, Variable
from atoll.model.parts import LEAST_UPLOAD_BYTES, MOST_PARTS
from atoll.model.plan import Piece, SubsetPlan, VariablePlan
from atoll.planning.borders import stored_nodes
from atoll.planning.cut import Box, Cut, contiguous_cut, cut
from atoll.planning.formats import written_dtype
from atoll.planning.runs import Ruler, contiguous_boxes, free_boxes
from atoll.planning.size import item_bytes

# Smaller companions (bounds, grid mappings) are written with the header, as they are.
WITH_HEADER_BYTES = 64 * 2**10

type Pieces = tuple[tuple[Piece, ...], ...]


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
        slabs: in the order in which their chunks lie in the file. They may be larger than
            memory: `Cut.slabs(box)` cuts them.
    """

    number: int
    slabs: tuple[Slab, ...]


def variable_pieces(plan: SubsetPlan, coverage: Coverage, variable: Variable) -> Pieces:
    """The nodes taken of each dimension of a variable.

    Raises:
        DataError: the plan says nothing of one of them.
    """
    taken = {axis.name: axis.pieces for axis in plan.axes}
    others = {
        name: (Piece(start=0, stop=size),) for name, size in coverage.other_dimensions.items()
    }
    known = others | taken
    for name in variable.dimensions:
        if name not in known:
            raise DataError(f"{plan.dataset}: the plan says nothing of axis {name!r}")
    return tuple(known[name] for name in variable.dimensions)


def variable_cut(
    plan: SubsetPlan, coverage: Coverage, planned: VariablePlan, slab_bytes: int
) -> Cut:
    """How one variable is cut; the chunk does not depend on `slab_bytes`.

    Raises:
        DataError: the description does not fit the plan.
    """
    variable, grid = _described(plan, coverage, planned)
    pieces = variable_pieces(plan, coverage, variable)
    shape = _shape(pieces)
    written = item_bytes(written_dtype(variable, plan.packing, plan.format))
    if plan.format == "netcdf3":
        return contiguous_cut(shape, written, slab_bytes)
    stored = tuple(map(stored_nodes, pieces, grid.chunk_shape))
    return cut(shape, stored, max(written, item_bytes(variable.dtype)), slab_bytes)


def streamed(plan: SubsetPlan, coverage: Coverage, planned: VariablePlan) -> bool:
    """Say whether it is written in chunks; small companions and scalars go with the header.

    Raises:
        DataError: the description does not fit the plan.
    """
    variable, _ = _described(plan, coverage, planned)
    if not variable.dimensions or variable.role == "data":
        return bool(variable.dimensions)
    return _written_bytes(plan, coverage, planned) > WITH_HEADER_BYTES


def split(plan: SubsetPlan, coverage: Coverage, part_bytes: int) -> tuple[Part, ...]:
    """Cut what is written in chunks into parts, the same at every call.

    Parts begin and end at borders of the output's chunks, and at borders of stored chunks
    where the two coincide somewhere: then no stored chunk is read for two parts. Small
    variables that follow each other share a part. A part of a NetCDF-3 file is a run of its
    bytes, and no smaller than S3 wants it, the last one excepted.

    Args:
        plan: of `coverage`.
        coverage: of the plan's revision.
        part_bytes: of a part, decoded; more where there would be more than `MOST_PARTS`.

    Raises:
        DataError: the description does not fit the plan.
    """
    planned = [one for one in plan.variables if streamed(plan, coverage, one)]
    total_bytes = sum(_written_bytes(plan, coverage, one) for one in planned)
    room_bytes = max(part_bytes, ceil(total_bytes / MOST_PARTS))
    least_bytes = LEAST_UPLOAD_BYTES if plan.format == "netcdf3" else 0
    while True:
        slabs = (sized for one in planned for sized in _slabs(plan, coverage, one, room_bytes))
        found = tuple(_packed(slabs, room_bytes, least_bytes))
        if len(found) <= MOST_PARTS:
            return tuple(Part(number, within) for number, within in enumerate(found, 1))
        room_bytes += room_bytes // 4


def _described(
    plan: SubsetPlan, coverage: Coverage, planned: VariablePlan
) -> tuple[Variable, ChunkGrid]:
    variable = coverage.variable_by_name.get(planned.name)
    if variable is None or planned.layout not in variable.grids:
        raise DataError(
            f"{plan.dataset}: the description has no variable {planned.name!r} "
            f"in the layout {planned.layout!r}"
        )
    return variable, variable.grids[planned.layout]


def _shape(pieces: Pieces) -> tuple[int, ...]:
    return tuple(sum(len(piece.indices) for piece in run) for run in pieces)


def _written_bytes(plan: SubsetPlan, coverage: Coverage, planned: VariablePlan) -> int:
    variable, _ = _described(plan, coverage, planned)
    shape = _shape(variable_pieces(plan, coverage, variable))
    return prod(shape) * item_bytes(written_dtype(variable, plan.packing, plan.format))


def _slabs(
    plan: SubsetPlan, coverage: Coverage, planned: VariablePlan, most_bytes: int
) -> Iterator[tuple[Slab, int]]:
    """Boxes of one variable in the order of the file, and the bytes of each."""
    variable, grid = _described(plan, coverage, planned)
    itemsize = item_bytes(written_dtype(variable, plan.packing, plan.format))
    chosen = variable_cut(plan, coverage, planned, slab_bytes=0)
    most = most_bytes // itemsize
    if plan.format == "netcdf3":
        found = contiguous_boxes(chosen, most)
    else:
        pieces = variable_pieces(plan, coverage, variable)
        rulers = map(Ruler.of, pieces, grid.chunk_shape, chosen.chunk)
        found = free_boxes(tuple(rulers), most)
    for box in found:
        yield Slab(planned.name, box), prod(map(len, box)) * itemsize


def _packed(
    slabs: Iterable[tuple[Slab, int]], most_bytes: int, least_bytes: int
) -> Iterator[tuple[Slab, ...]]:
    held: list[Slab] = []
    held_bytes = 0
    for slab, nbytes in slabs:
        if held and held_bytes >= least_bytes and held_bytes + nbytes > most_bytes:
            yield tuple(held)
            held, held_bytes = [], 0
        held.append(slab)
        held_bytes += nbytes
    if held:
        yield tuple(held)
