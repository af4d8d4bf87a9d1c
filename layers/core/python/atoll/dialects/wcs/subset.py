"""A GetCoverage request and the coverage it is of, to the request that every door makes."""

from dataclasses import dataclass

from atoll.dialects.wcs.cuts import bounded
from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.presentation import Presentation, presentation_of
from atoll.dialects.wcs.requests import GetCoverage, Scaling
from atoll.dialects.wcs.scaling import strides
from atoll.errors import shorten
from atoll.model.request import SubsetRequest
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
    nodes = {axis.name: axis.count for axis in plan.axes}
    counts = {label: nodes[axis.name] for label, axis in offer.axes.items()}
    return request.model_copy(update={"stride": strides(scaling, offer, counts)})
