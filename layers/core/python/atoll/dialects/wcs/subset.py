"""A GetCoverage request and the coverage it is of, to the request that every door makes."""

from dataclasses import dataclass

from atoll.dialects.wcs.cuts import bounded
from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.presentation import Presentation, presentation_of
from atoll.dialects.wcs.requests import GetCoverage, Scaling
from atoll.dialects.wcs.scaling import steps, stride_key
from atoll.errors import shorten
from atoll.model.coverage import Axis
from atoll.model.plan import AxisPlan
from atoll.model.request import Interval, LongitudeInterval, SubsetRequest
from atoll.planning.nodes import value_at
from atoll.planning.subset import plan_subset


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of a coverage, and how it is to look."""

    request: SubsetRequest
    presentation: Presentation


def parse_coverage(asked: GetCoverage, offer: Offer) -> Wanted:
    """What is ordered by a GetCoverage request.

    A GeoTIFF has physical values: GDAL reads one band's type and missing value ahead, and no
    scale. NetCDF stays packed as it is stored, which all its readers know.

    Raises:
        OwsException: what is asked for is not offered.
        BrokerError: as `plan_subset`, where the number of nodes must be known.
    """
    presentation = presentation_of(asked)
    _demand_fields(asked.range_subset, offer)
    request = bounded(offer, asked.cuts).model_copy(
        update={
            "format": presentation.format,
            "packing": "decode" if presentation.format == "geotiff" else "keep",
        }
    )
    if asked.scaling is not None:
        request = _scaled(request, asked.scaling, offer)
    return Wanted(request, presentation)


def _demand_fields(wanted: tuple[tuple[str, str], ...], offer: Offer) -> None:
    for names in wanted:
        for name in names:
            if name != offer.field:
                raise OwsException(
                    "NoSuchField",
                    name[:80],
                    f"rangeSubset: {offer.coverage_id} has no field {shorten(name)}; "
                    f"it has {offer.field}",
                )
    if len(wanted) > 1:
        raise OwsException(
            "IllegalFieldSequence",
            offer.field,
            f"rangeSubset: {offer.field} is named {len(wanted)} times; name it once",
        )


def _scaled(request: SubsetRequest, scaling: Scaling, offer: Offer) -> SubsetRequest:
    # How many nodes there are to be scaled is the planner's to say, seams and all.
    plan = plan_subset(request.model_copy(update={"format": "netcdf4"}), offer.dataset)
    named = {axis.name: axis for axis in plan.axes}
    taken = {label: named[axis.name] for label, axis in offer.axes.items()}
    found = steps(scaling, offer, {label: axis.count for label, axis in taken.items()})
    update: dict[str, object] = {
        "stride": {
            stride_key(label, offer): step.stride
            for label, step in found.items()
            if step.stride > 1
        }
    }
    for label, step in found.items():
        if step.size < -(-taken[label].count // step.stride):
            update |= _shortened(offer.axes[label], taken[label], (step.size - 1) * step.stride)
    return request.model_copy(update=update)


def _shortened(axis: Axis, taken: AxisPlan, last: int) -> dict[str, object]:
    """The bounds of a map's axis that end at one of the nodes that are taken."""
    west, east = sorted((taken.first, _node(axis, taken, last)))
    if axis.role == "X":
        return {"longitude": LongitudeInterval(west=west, east=east)}
    return {"latitude": Interval(lower=west, upper=east)}


def _node(axis: Axis, taken: AxisPlan, place: int) -> float:
    for piece in taken.pieces:
        if place < len(piece.indices):
            return value_at(axis, piece.indices[place]) + piece.shift
        place -= len(piece.indices)
    raise IndexError(place)
