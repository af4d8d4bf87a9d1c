"""What a raster image can hold: bands of one regular map."""

from collections.abc import Iterator

from atoll.model.coverage import Axis, Coverage, RegularValues, Variable
from atoll.model.plan import AxisPlan, SubsetPlan
from atoll.planning.curvilinear import native_grid
from atoll.planning.formats import written_dtype
from atoll.planning.nodes import value_at

MOST_BANDS = 65_535  # TIFF counts them in 16 bits
EVEN = 1e-3  # of a step


def raster_faults(plan: SubsetPlan, coverage: Coverage) -> Iterator[str]:
    """Why a plan is no raster; nothing = it is one.

    Args:
        plan: made from `coverage`.
        coverage: of the plan's revision.
    """
    variables = [coverage.variable_by_name[one.name] for one in plan.variables]
    bands = [one for one in variables if one.role == "data"]
    yield from _band_faults(bands, plan)
    row, column = coverage.axis_of("Y"), coverage.axis_of("X")
    if row is None or column is None or native_grid(coverage) is not None:
        yield f"{coverage.dataset} has no axes of X and Y, or its grid is curvilinear"
        return
    for band in bands:
        yield from _shape_faults(band, plan, coverage, (row.name, column.name))
    for taken in plan.axes:
        if taken.name in (row.name, column.name):
            yield from _spacing_faults(coverage.axis_by_name[taken.name], taken)


def _band_faults(bands: list[Variable], plan: SubsetPlan) -> Iterator[str]:
    if not bands:
        yield "the bands of a raster are data variables, and none is asked for"
    if len(bands) > MOST_BANDS:
        yield f"{len(bands)} variables are more than {MOST_BANDS} bands"
    dtypes = {one.name: written_dtype(one, plan.packing, "geotiff") for one in bands}
    if len(set(dtypes.values())) > 1:
        shown = ", ".join(f"{name} {dtype}" for name, dtype in dtypes.items())
        yield f"all bands of a raster have one type of value, and these have several: {shown}"
    fills = {
        one.name: _fill_value(one) for one in bands if dtypes[one.name].lstrip("<>|")[0] in "iu"
    }
    if len(set(fills.values())) > 1:  # of floats it is NaN
        shown = ", ".join(f"{name} {fill}" for name, fill in fills.items())
        yield f"all bands of a raster have one fill value, and these have several: {shown}"


def _fill_value(band: Variable) -> str:
    said = band.attributes.get("_FillValue", band.attributes.get("missing_value"))
    return str(said[0] if isinstance(said, list) and said else said)


def _shape_faults(
    band: Variable, plan: SubsetPlan, coverage: Coverage, flat: tuple[str, str]
) -> Iterator[str]:
    if tuple(name for name in band.dimensions if name in flat) != flat:
        yield f"{band.name} has not the dimensions {flat[0]} and {flat[1]}, in this order"
    counts = coverage.other_dimensions | {axis.name: axis.count for axis in plan.axes}
    for name in band.dimensions:
        if name not in flat and counts[name] > 1:
            yield f"{band.name} has {counts[name]} nodes of {name}, and a raster has one"


def _spacing_faults(axis: Axis, taken: AxisPlan) -> Iterator[str]:
    if not axis.has_coordinate or axis.size == 1:
        yield f"the size of a cell along {axis.name} is not known"
    step = (taken.last - taken.first) / max(1, taken.count - 1)
    for place, value in _nodes(axis, taken):
        if abs(value - (taken.first + place * step)) > EVEN * abs(step):
            yield f"the nodes of {axis.name} are not evenly spaced, as at {value:g}"


def _nodes(axis: Axis, taken: AxisPlan) -> Iterator[tuple[int, float]]:
    """Places in the output and values; of what is regular by itself, the ends."""
    before = 0
    for piece in taken.pieces:
        count = len(piece.indices)
        ends = {0, count - 1} if isinstance(axis.values, RegularValues) else range(count)
        for place in ends:
            yield before + place, value_at(axis, piece.indices[place]) + piece.shift
        before += count
