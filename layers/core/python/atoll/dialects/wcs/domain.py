"""Where a coverage lies: envelope and grid, of what is offered as of what is delivered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from atoll.dialects.wcs.names import ncname
from atoll.dialects.wcs.offer import (
    LATITUDE,
    LONGITUDE,
    TIME,
    Offer,
    scale_of,
    shown_value,
    step_of,
)
from atoll.dialects.wcs.presentation import CRS_84, EPSG_4326
from atoll.dialects.wcs.xml import Element, element, number
from atoll.model.coverage import Axis
from atoll.model.plan import SubsetPlan
from atoll.planning.nodes import Nodes, value_at
from atoll.planning.period import shown_clock, time_text


@dataclass(frozen=True, slots=True)
class Span:
    """The nodes of one axis.

    Attributes:
        first, last: values in stored order, in the axis's units.
        count: of nodes.
        step: between them; of one alone, the axis's own.
    """

    axis: Axis
    first: float
    last: float
    count: int
    step: float

    @property
    def turned(self) -> Self:
        """The same nodes the other way round."""
        return replace(self, first=self.last, last=self.first, step=-self.step)

    @property
    def low(self) -> float:
        """The least value, in the units of its label."""
        return min(shown_value(self.axis, value) for value in (self.first, self.last))

    @property
    def high(self) -> float:
        """The greatest value, in the units of its label."""
        return max(shown_value(self.axis, value) for value in (self.first, self.last))


type Domain = dict[str, Span]


def whole(offer: Offer) -> Domain:
    """All that is offered, by axis label: a map with north up, west to the left."""
    spans = {}
    for label, axis in offer.axes.items():
        first, last = value_at(axis, 0), value_at(axis, axis.size - 1)
        spans[label] = Span(axis, first, last, axis.size, _own_step(axis))
    return _as_map(spans)


def taken(offer: Offer, plan: SubsetPlan) -> Domain:
    """What a plan delivers of it, by axis label, in the order of the file's rows and columns."""
    planned = {one.name: one for one in plan.axes}
    spans = {}
    for label, axis in offer.axes.items():
        one = planned[axis.name]
        own = _own_step(axis) * one.pieces[0].step
        step = (one.last - one.first) / (one.count - 1) if one.count > 1 else own
        spans[label] = Span(axis, one.first, one.last, one.count, step)
    return _as_map(spans) if plan.format == "geotiff" else spans


def _as_map(spans: Domain) -> Domain:
    """Rows from north to south, and columns from west to east, as rasters have them."""
    row, column = spans[LATITUDE], spans[LONGITUDE]
    return spans | {
        LATITUDE: row if row.step < 0 else row.turned,
        LONGITUDE: column if column.step > 0 else column.turned,
    }


def bounded_by(domain: Domain, crs: str = EPSG_4326) -> Element:
    """The envelope: two dimensions, and the labels of all axes; a period where there is time."""
    ordered = {label: domain[label] for label in _order(crs)} | domain
    flat = [domain[label] for label in _order(crs)]
    attributes = {
        "srsName": crs,
        "axisLabels": " ".join(ordered),
        "uomLabels": " ".join(_unit(label, span.axis) for label, span in ordered.items()),
        "srsDimension": "2",
    }
    corners = [
        element("gml:lowerCorner", _numbers([span.low for span in flat])),
        element("gml:upperCorner", _numbers([span.high for span in flat])),
    ]
    time = domain.get(TIME)
    if time is None:
        return element("gml:boundedBy", element("gml:Envelope", *corners, attributes=attributes))
    frame = {"frame": "#number"} if shown_clock(time.axis) is None else {}
    positions = [
        element(f"gml:{name}Position", time_text(time.axis, value), attributes=frame)
        for name, value in (("begin", time.low), ("end", time.high))
    ]
    envelope = element("gml:EnvelopeWithTimePeriod", *corners, *positions, attributes=attributes)
    return element("gml:boundedBy", envelope)


def _order(crs: str) -> tuple[str, str]:
    """The order that the reference system's own axes have."""
    return (LONGITUDE, LATITUDE) if crs == CRS_84 else (LATITUDE, LONGITUDE)


def domain_set(domain: Domain, grid_id: str, crs: str = EPSG_4326) -> Element:
    """The rectified grid: columns, then rows; its origin is the centre of a cell."""
    row, column, order = domain[LATITUDE], domain[LONGITUDE], _order(crs)
    high = f"{column.count - 1} {row.count - 1}"
    limits = element("gml:GridEnvelope", element("gml:low", "0 0"), element("gml:high", high))
    origin = element("gml:pos", _numbers([domain[label].first for label in order]))
    offsets = [
        _numbers([domain[label].step if label == along else 0 for label in order])
        for along in (LONGITUDE, LATITUDE)
    ]
    srs = {"srsName": crs}
    grid = element(
        "gml:RectifiedGrid",
        element("gml:limits", limits),
        element("gml:axisLabels", "i j"),
        element(
            "gml:origin",
            element("gml:Point", origin, attributes={"gml:id": f"{grid_id}.origin"} | srs),
        ),
        *(element("gml:offsetVector", offset, attributes=srs) for offset in offsets),
        attributes={"gml:id": grid_id, "dimension": "2"} | srs,
    )
    return element("gml:domainSet", grid)


def grid_id(coverage_id: str) -> str:
    """The id of a coverage's grid: that of a coverage begins with a letter, or with `_x`."""
    return f"_grid.{coverage_id}"


def values_shown(axis: Axis) -> list[str]:
    """All values of an axis, as bounds of it are told, rising as it is stored rising."""
    return [value_text(axis, value) for value in Nodes(axis)]


def value_text(axis: Axis, value: float) -> str:
    """A value of an axis as bounds of it are told: a time in ISO 8601, or a number."""
    return time_text(axis, value) if axis.role == "T" else number(shown_value(axis, value))


def _own_step(axis: Axis) -> float:
    return step_of(axis) if axis.size > 1 else 1.0


def _numbers(values: Sequence[float]) -> str:
    return " ".join(number(value) for value in values)


def _unit(label: str, axis: Axis) -> str:
    """The unit of a label, as an NCName."""
    if label == TIME and shown_clock(axis) is not None:
        return "iso8601"
    if scale_of(axis) is not None:
        return "m"
    return (
        "deg" if label in (LATITUDE, LONGITUDE) else ncname(next(iter(axis.units.split()), "unit"))
    )
