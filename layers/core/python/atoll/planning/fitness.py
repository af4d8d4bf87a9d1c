"""Which formats can hold a result, decided before anything is read: quotes refuse as orders do."""

from collections.abc import Callable, Iterator, Mapping

from atoll.errors import FormatUnfit
from atoll.model.coverage import Coverage, Variable
from atoll.model.plan import AxisPlan, SubsetPlan, VariablePlan
from atoll.model.request import Format
from atoll.planning.formats import netcdf3_dtype, written_dtype
from atoll.planning.raster import raster_faults
from atoll.planning.size import item_bytes, output_dtype

# NetCDF User's Guide, 64-bit offset format: of one variable, and of one dimension.
CLASSIC_VARIABLE_BYTES = 2**32 - 4
CLASSIC_LENGTH = 2**31 - 1
EXACT = 2**53  # a double holds every whole number up to this
_LONG = frozenset({"i8", "u8"})

type Faults = Callable[[SubsetPlan, Coverage], Iterator[str]]


def demand_fit(plan: SubsetPlan, coverage: Coverage) -> None:
    """Refuse a format that cannot hold what is planned.

    Args:
        plan: made from `coverage`.
        coverage: of the plan's revision.

    Raises:
        FormatUnfit: why not, and which formats can hold it.
    """
    fault = next(FAULTS[plan.format](plan, coverage), None)
    if fault is None:
        return
    accepted: list[str] = [
        form for form, faults in FAULTS.items() if not any(faults(plan, coverage))
    ]
    remedy = f"{', '.join(accepted)} can hold it" if accepted else "no format can hold it"
    raise FormatUnfit(
        f"format: {plan.format!r} is not accepted; {fault}; {remedy}",
        {"parameter": "format", "value": plan.format, "accepted": accepted},
    )


def _planned(plan: SubsetPlan, coverage: Coverage) -> list[tuple[VariablePlan, Variable]]:
    return [(one, coverage.variable_by_name[one.name]) for one in plan.variables]


def _no_numbers(plan: SubsetPlan, coverage: Coverage) -> Iterator[str]:
    for _, variable in _planned(plan, coverage):
        dtype = output_dtype(variable, plan.packing)
        if netcdf3_dtype(dtype) is None:
            yield f"values of {variable.name} are of type {dtype}, which is no number's"


def _no_arrays(plan: SubsetPlan, coverage: Coverage) -> Iterator[str]:
    yield from _no_numbers(plan, coverage)
    for _, variable in _planned(plan, coverage):
        if variable.name in variable.dimensions and len(variable.dimensions) > 1:
            yield (
                f"{variable.name} has several dimensions and the name of one of them, "
                "and CF 5 has no such coordinate variable"
            )


def _no_classic(plan: SubsetPlan, coverage: Coverage) -> Iterator[str]:
    yield from _no_arrays(plan, coverage)
    for axis in plan.axes:
        known = coverage.axis_by_name[axis.name]
        if axis.count > CLASSIC_LENGTH:
            yield f"{axis.name} has {axis.count} nodes, above {CLASSIC_LENGTH}"
        if known.has_coordinate and _is_long(known.dtype) and not _within(axis, EXACT):
            yield f"64-bit integers of {axis.name} exceed 2^53, and NetCDF-3 has none"
    axes = {axis.name: axis for axis in plan.axes}
    for planned, variable in _planned(plan, coverage):
        dtype = output_dtype(variable, plan.packing)
        if _is_long(dtype) and not _is_exact(variable, axes):
            yield f"{variable.name} has 64-bit integers, and NetCDF-3 has none"
        written = written_dtype(variable, plan.packing, plan.format)
        cells = planned.output_bytes // item_bytes(written)
        nbytes = cells * item_bytes(netcdf3_dtype(dtype) or dtype)
        if nbytes > CLASSIC_VARIABLE_BYTES:
            yield (
                f"{variable.name} would have {nbytes} bytes, and a variable of NetCDF-3 has "
                f"{CLASSIC_VARIABLE_BYTES} at most"
            )


def _is_long(dtype: str) -> bool:
    return dtype.lstrip("<>|=") in _LONG


def _within(axis: AxisPlan, most: int) -> bool:
    return max(abs(axis.first), abs(axis.last)) <= most


def _is_exact(variable: Variable, axes: Mapping[str, AxisPlan]) -> bool:
    """Whether its values are known to go into doubles: a grid mapping's mean nothing."""
    if variable.role == "bounds":
        # Cells reach beyond their nodes, by less than the nodes themselves do.
        along = [axes[name] for name in variable.dimensions if name in axes]
        return all(_within(axis, EXACT // 2) for axis in along)
    return variable.role == "grid_mapping"


def _no_table(plan: SubsetPlan, coverage: Coverage) -> Iterator[str]:
    yield from _no_numbers(plan, coverage)
    groups: dict[tuple[str, ...], list[str]] = {}
    for _, variable in _planned(plan, coverage):
        if variable.role == "data":
            groups.setdefault(variable.dimensions, []).append(variable.name)
    if not groups:
        yield "a table has rows of data variables, and none is asked for"
    if len(groups) > 1:
        shown = "; ".join(
            f"{', '.join(names)} ({', '.join(dimensions)})" for dimensions, names in groups.items()
        )
        yield (
            "the variables of a table share their dimensions, and these do not: "
            f"{shown}; ask for them one by one"
        )


def _no_raster(plan: SubsetPlan, coverage: Coverage) -> Iterator[str]:
    yield from _no_numbers(plan, coverage)
    yield from raster_faults(plan, coverage)


FAULTS: Mapping[Format, Faults] = {
    "netcdf4": _no_arrays,
    "netcdf3": _no_classic,
    "zarr": _no_arrays,
    "csv": _no_table,
    "parquet": _no_table,
    "geotiff": _no_raster,
}
