"""Global attributes: what the file is, where it came from and what it covers (CF 2.6, ACDD)."""

import json

from atoll.extraction.attributes import as_written
from atoll.extraction.netcdf_file import AttributeValue
from atoll.model.attributes import is_portable
from atoll.model.coverage import Axis, Coverage
from atoll.model.job import Work
from atoll.model.plan import AxisPlan
from atoll.planning.calendar import moment_text
from atoll.planning.clock import clock_of

# Of the source's whole extent, which a subset is not.
OF_THE_WHOLE = ("geospatial_", "time_coverage_")
NORTH = frozenset(  # CF 4.1
    {"degrees_north", "degree_north", "degrees_N", "degree_N", "degreesN", "degreeN"}
)
EAST = frozenset({"degrees_east", "degree_east", "degrees_E", "degree_E", "degreesE", "degreeE"})


def canonical_request(work: Work) -> str:
    """The request as JSON, in one spelling: equal requests give equal bytes."""
    asked = work.request.model_dump(mode="json", exclude_defaults=True)
    return json.dumps(asked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def global_attributes(work: Work, coverage: Coverage) -> dict[str, AttributeValue]:
    """All global attributes.

    The time in `history` is the revision's, not the clock's: a retry gives the same bytes.
    """
    request = canonical_request(work)
    source = {
        name: as_written(value)
        for name, value in coverage.attributes.items()
        if not name.startswith(OF_THE_WHOLE) and is_portable(name)
    }
    line = f"{coverage.updated_at} atoll: subset {request} of revision {coverage.revision}"
    before = coverage.attributes.get("history")
    conventions = str(coverage.attributes.get("Conventions", ""))
    found: dict[str, AttributeValue] = {
        "Conventions": conventions if "CF-" in conventions else "CF-1.11",
    }
    found |= {"title": coverage.title} if coverage.title else {}
    found |= source | {"Conventions": found["Conventions"]}
    found["history"] = f"{line}\n{before}" if before else line
    found |= {"license": coverage.licence} if coverage.licence else {}
    found |= {"atoll_dataset": coverage.dataset, "atoll_revision": coverage.revision}
    found["atoll_request"] = request
    for plan in work.plan.axes:
        found |= _extent(coverage.axis_by_name[plan.name], plan)
    return found


def _extent(axis: Axis, plan: AxisPlan) -> dict[str, AttributeValue]:
    """The bounds really delivered along one axis, as ACDD 1.3 names them."""
    if not axis.has_coordinate or not geographic(axis):
        return {}
    lower, upper = sorted((plan.first, plan.last))
    if axis.role == "T":
        return _times(axis, lower, upper)
    names = {"X": "lon", "Y": "lat", "Z": "vertical"}
    if axis.role not in names:
        return {}
    prefix = f"geospatial_{names[axis.role]}"
    found: dict[str, AttributeValue] = {
        f"{prefix}_min": as_written(lower),
        f"{prefix}_max": as_written(upper),
    }
    found |= {f"{prefix}_units": axis.units} if axis.units else {}
    return found | ({f"{prefix}_positive": axis.positive} if axis.positive else {})


def geographic(axis: Axis) -> bool:
    """Say whether X and Y are degrees on Earth, not of a rotated or projected grid."""
    if axis.role == "X":
        return axis.wraps or axis.units in EAST
    return axis.role != "Y" or axis.units in NORTH


def _times(axis: Axis, lower: float, upper: float) -> dict[str, AttributeValue]:
    if axis.climatology or clock_of(axis.units, axis.calendar) is None:
        return {}
    return {
        "time_coverage_start": moment_text(lower, axis.units, axis.calendar),
        "time_coverage_end": moment_text(upper, axis.units, axis.calendar),
    }
