"""A request and a description in, a plan out: the one entry of every door."""

from collections.abc import Iterator, Mapping
from math import prod

from atoll.errors import DataError
from atoll.model.coverage import Axis, Coverage, Variable
from atoll.model.plan import AxisPlan, Piece, SubsetPlan, VariablePlan
from atoll.model.request import SubsetRequest
from atoll.planning.axes import piece_of
from atoll.planning.cut import CHUNK_BYTES, Shape, contiguous_cut
from atoll.planning.fitness import demand_fit
from atoll.planning.formats import written_dtype
from atoll.planning.layout import cheapest_reading
from atoll.planning.nodes import value_at
from atoll.planning.size import coordinate_bytes, item_bytes
from atoll.planning.trims import pieces_by_axis
from atoll.planning.variables import planned_axes, planned_variables

type Pieces = tuple[Piece, ...]


def plan_subset(request: SubsetRequest, coverage: Coverage) -> SubsetPlan:
    """Resolve a request against one revision of a dataset.

    Nothing is read and nothing as long as an axis is made: a plan of a million chunks takes
    as long as one of a thousand.

    Raises:
        UnknownVariable: the dataset has no such variable.
        UnknownAxis: the dataset has no such axis.
        InvalidParameter: a value does not fit the dataset.
        EmptySelection: nothing lies within the bounds.
        FormatUnfit: the format cannot hold what is asked for.
        DataError: the description contradicts itself.
    """
    variables = planned_variables(request.variables, coverage)
    axes = planned_axes(variables, coverage)
    pieces = pieces_by_axis(request, coverage, axes)
    axis_plans = tuple(_axis_plan(axis, pieces[axis.name]) for axis in axes)
    whole = {name: (piece_of(range(n)),) for name, n in coverage.other_dimensions.items() if n > 0}
    variable_plans = tuple(_variable_plans(variables, coverage, whole | pieces, request))
    coordinates = sum(
        coordinate_bytes(axis, plan.count) for axis, plan in zip(axes, axis_plans, strict=True)
    )
    plan = SubsetPlan(
        dataset=coverage.dataset,
        revision=coverage.revision,
        axes=axis_plans,
        variables=variable_plans,
        packing=request.packing,
        format=request.format,
        output_bytes=coordinates + sum(variable.output_bytes for variable in variable_plans),
        read_bytes=sum(variable.read_bytes for variable in variable_plans),
        chunks=sum(variable.chunks for variable in variable_plans),
    )
    demand_fit(plan, coverage)
    return plan


def _axis_plan(axis: Axis, pieces: Pieces) -> AxisPlan:
    first, last = pieces[0], pieces[-1]
    return AxisPlan(
        name=axis.name,
        pieces=pieces,
        first=value_at(axis, first.indices[0]) + first.shift,
        last=value_at(axis, last.indices[-1]) + last.shift,
    )


def _variable_plans(
    variables: tuple[Variable, ...],
    coverage: Coverage,
    pieces: Mapping[str, Pieces],
    request: SubsetRequest,
) -> Iterator[VariablePlan]:
    lengths = coverage.other_dimensions | {axis.name: axis.size for axis in coverage.axes}
    for variable in variables:
        missing = [name for name in variable.dimensions if name not in pieces]
        if missing:
            raise DataError(f"variable {variable.name} has a dimension {missing[0]} of no size")
        taken = [pieces[name] for name in variable.dimensions]
        counts = tuple(sum(len(piece.indices) for piece in runs) for runs in taken)
        shape = [lengths[name] for name in variable.dimensions]
        itemsize = item_bytes(written_dtype(variable, request.packing, request.format))
        slab = _slab(counts, itemsize, request)
        cost = cheapest_reading(variable, taken, shape, slab)
        yield VariablePlan(
            name=variable.name,
            layout=cost.layout,
            chunks=cost.chunks,
            read_bytes=cost.read_bytes,
            output_bytes=prod(counts) * itemsize,
        )


def _slab(shape: Shape, itemsize: int, request: SubsetRequest) -> Shape | None:
    """What must be made at one go: NetCDF-3 keeps a variable's values in C order."""
    if request.format != "netcdf3":
        return None
    return contiguous_cut(shape, itemsize, CHUNK_BYTES).slab
