"""Which nodes of each axis a request takes: the request's terms brought onto the axes."""

from collections.abc import Mapping
from dataclasses import dataclass

from atoll.errors import InvalidParameter
from atoll.model.coverage import Axis, Coverage
from atoll.model.plan import Piece
from atoll.model.request import Interval, SubsetRequest
from atoll.planning.axes import index_range, piece_of
from atoll.planning.curvilinear import GeographicBox, covering_rectangle, native_grid
from atoll.planning.depth import depth_range
from atoll.planning.lengths import length_m
from atoll.planning.longitude import longitude_pieces
from atoll.planning.period import period_text, time_range
from atoll.planning.refusals import Wording
from atoll.planning.strides import named_axis, strides_by_axis

_ALL = Interval()


def pieces_by_axis(
    request: SubsetRequest, coverage: Coverage, axes: tuple[Axis, ...]
) -> dict[str, tuple[Piece, ...]]:
    """The pieces that a request takes of these axes, by axis name.

    All of the request is checked against the coverage, whichever axes are planned.

    Raises:
        UnknownAxis: a trim or a stride names an axis that there is not.
        InvalidParameter: the dataset lacks what a bound is said of, or a value does not fit.
        EmptySelection: nothing lies within the bounds.
    """
    strides = strides_by_axis(request.stride, coverage)
    for name in request.trims:
        named_axis(name, "axes", coverage)
    terms = _terms(request, coverage)
    _refuse_twofold(request, terms)
    trims = Trims(request, terms, _rectangle(request, coverage, axes))
    return {axis.name: trims.pieces(axis, strides.get(axis.name, 1)) for axis in axes}


@dataclass(frozen=True, slots=True)
class Trims:
    """What is asked of each axis.

    Attributes:
        request: its bounds.
        terms: axis name -> the request's field that bounds it.
        rectangle: axis name -> indices, of a 2-d grid.
    """

    request: SubsetRequest
    terms: Mapping[str, str]
    rectangle: Mapping[str, range]

    def pieces(self, axis: Axis, stride: int) -> tuple[Piece, ...]:
        """The pieces taken of an axis."""
        longitude = self.request.longitude
        if self.terms.get(axis.name) == "longitude" and longitude is not None:
            return longitude_pieces(axis, longitude, self.request.selection, stride)
        return (piece_of(self._indices(axis)[::stride]),)

    def _indices(self, axis: Axis) -> range:
        request, term = self.request, self.terms.get(axis.name)
        if axis.name in self.rectangle:
            return self.rectangle[axis.name]
        if term == "depth" and request.depth is not None:
            return depth_range(axis, request.depth, request.selection)
        if term == "time" and request.time is not None:
            return time_range(axis, request.time, request.selection)
        interval = request.latitude if term == "latitude" else request.trims.get(axis.name)
        words = Wording("bbox" if term == "latitude" else f"axes.{axis.name}", axis.name)
        return index_range(axis, interval or _ALL, request.selection, words)


def _terms(request: SubsetRequest, coverage: Coverage) -> dict[str, str]:
    """Axis name -> the field of the request that bounds it, for fields that are given."""
    terms: dict[str, str] = {}
    boxed = request.longitude is not None or request.latitude is not None
    grid = native_grid(coverage)
    if grid is not None and boxed:
        terms |= dict.fromkeys(grid.dimensions, "bbox")
    elif boxed:
        terms |= _geographic_terms(request, coverage)
    depth, time = request.depth, request.time
    if depth is not None and depth != _ALL:
        axis = coverage.axis_of("Z")
        terms[_present(axis, "depth", [depth.lower, depth.upper], coverage)] = "depth"
    if time is not None and not time.start is time.end is None:
        axis = coverage.axis_of("T")
        terms[_present(axis, "datetime", period_text(time), coverage)] = "time"
    return terms


def _geographic_terms(request: SubsetRequest, coverage: Coverage) -> dict[str, str]:
    terms: dict[str, str] = {}
    longitude, latitude = request.longitude, request.latitude
    if longitude is not None:
        axis = coverage.axis_of("X")
        found = axis if axis is not None and axis.wraps else None
        asked: object = [longitude.west, longitude.east]
        terms[_present(found, "bbox", asked, coverage)] = "longitude"
    if latitude is not None:
        axis = coverage.axis_of("Y")
        found = axis if axis is not None and counts_latitude(axis) else None
        asked = [latitude.lower, latitude.upper]
        terms[_present(found, "bbox", asked, coverage)] = "latitude"
    return terms


def counts_latitude(axis: Axis) -> bool:
    """Whether a Y axis is of latitudes: one in metres, or a count of rows, is a projection's."""
    return axis.has_coordinate and length_m(axis.units) is None


def _present(axis: Axis | None, parameter: str, value: object, coverage: Coverage) -> str:
    if axis is not None:
        return axis.name
    what = {"bbox": "longitude and latitude", "datetime": "time"}.get(parameter, parameter)
    existing = ", ".join(one.name for one in coverage.axes)
    raise InvalidParameter(
        parameter, value, f"{coverage.dataset} has no axis of {what}; its axes are {existing}"
    )


def _refuse_twofold(request: SubsetRequest, terms: Mapping[str, str]) -> None:
    for name, interval in request.trims.items():
        if name in terms:
            raise InvalidParameter(
                f"axes.{name}",
                [interval.lower, interval.upper],
                f"the axis is bounded by {terms[name]} already; give one of the two",
            )


def _rectangle(
    request: SubsetRequest, coverage: Coverage, axes: tuple[Axis, ...]
) -> dict[str, range]:
    grid = native_grid(coverage)
    boxed = request.longitude is not None or request.latitude is not None
    if grid is None or not boxed or not {axis.name for axis in axes}.issuperset(grid.dimensions):
        return {}
    box = GeographicBox(request.longitude, request.latitude)
    return covering_rectangle(coverage, grid, box, request.selection)
