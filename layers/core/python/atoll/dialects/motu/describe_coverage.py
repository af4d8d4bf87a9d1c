"""describecoverage: the dimensions and variables of a dataset."""

from xml.etree.ElementTree import Element

from atoll.dialects.motu.levels import levels_of, plain
from atoll.dialects.motu.times import time_ends
from atoll.dialects.motu.words import data_variables, described, word
from atoll.dialects.motu.xml import document, element
from atoll.model.coverage import Axis, Coverage, Variable
from atoll.planning.bounds import Bounds, geographic_bounds, native_axes
from atoll.planning.nodes import Nodes

_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def render_coverage(coverage: Coverage) -> str:
    """The document `dataset`. A time that is no instant of ISO 8601 is in its axis's units."""
    root = {
        "xmlns:xsi": _XSI,
        "xsi:noNamespaceSchemaLocation": "describeDataset.xsd",
        "name": coverage.title,
        "id": coverage.dataset,
    }
    parts = [
        element("boundingBox", {}, *_box(coverage)),
        *_time(coverage),
        *_vertical(coverage),
        element("variables", {}, *map(_variable, data_variables(coverage))),
    ]
    return document(element("dataset", root, *parts))


def _box(coverage: Coverage) -> list[Element]:
    """Longitude and latitude; where a dataset tells neither, the axes of its projection."""
    places = zip("xy", geographic_bounds(coverage), native_axes(coverage), strict=True)
    sides = [(name, bounds or _native(axis)) for name, bounds, axis in places]
    return [
        element(
            {"Lon": "lon", "Lat": "lat"}.get(bounds.kind, name),
            {"min": plain(bounds.lower), "max": plain(bounds.upper), "units": bounds.units},
        )
        for name, bounds in sides
        if bounds is not None
    ]


def _native(axis: Axis | None) -> Bounds | None:
    nodes = () if axis is None else Nodes(axis)
    if axis is None or not nodes:
        return None
    return Bounds("native", axis.name, nodes[0], nodes[-1], axis.units)


def _time(coverage: Coverage) -> list[Element]:
    axis = coverage.axis_of("T")
    if axis is None or not axis.size:
        return []
    start, end = time_ends(coverage)
    if start is None or end is None:
        nodes = Nodes(axis)
        return [_dimension("time", (plain(nodes[0]), plain(nodes[-1])), axis.units)]
    return [_dimension("time", (_offset(start), _offset(end)), "ISO8601")]


def _offset(instant: str) -> str:
    return f"{instant.removesuffix('Z')}+00:00"


def _vertical(coverage: Coverage) -> list[Element]:
    axis = coverage.axis_of("Z")
    levels = None if axis is None else levels_of(axis)
    if levels is None or levels.ends is None:
        return []
    return [_dimension("z", levels.ends, levels.units)]


def _dimension(name: str, ends: tuple[str, str], units: str) -> Element:
    start, end = ends
    return element("dimension", {"name": name, "start": start, "end": end, "units": units})


def _variable(variable: Variable) -> Element:
    told = {
        "id": variable.name,
        "name": variable.name,
        "description": described(variable.name, variable.attributes),
        "standardName": variable.standard_name,
        "units": word(variable.attributes, "units"),
    }
    dimensions = [element("dimension", {}, text=name) for name in variable.dimensions]
    return element("variable", told, element("dimensions", {}, *dimensions))
