"""`dataGeospatialCoverage`: the axes of a dataset, by name."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from atoll.dialects.motu.levels import levels_of, plain
from atoll.dialects.motu.words import FINE, described, word
from atoll.dialects.motu.xml import element
from atoll.model.coverage import Attributes, Axis, Coverage, RegularValues
from atoll.planning.bounds import Bounds, geographic_bounds, native_axes
from atoll.planning.nodes import Nodes


def axis_elements(coverage: Coverage) -> list[Element]:
    """Every axis that has a type in this protocol.

    Longitude and latitude of a 2-d grid are told by their variables, within the extent of the
    grid; its columns and rows are `GeoX` and `GeoY`. A depth is in metres, positive down; all
    other bounds are in `units`, a time's too.
    """
    found = [*_geographic(coverage), *_native(coverage), *_vertical(coverage), *_time(coverage)]
    return sorted(found, key=lambda one: one.get("name", ""))


def _geographic(coverage: Coverage) -> Iterator[Element]:
    for bounds in geographic_bounds(coverage):
        if bounds is not None:
            axis = coverage.axis_by_name.get(bounds.name)
            source = axis or coverage.variable_by_name[bounds.name]
            yield _element(bounds, source.attributes, None if axis is None else step_of(axis))


def _native(coverage: Coverage) -> Iterator[Element]:
    for kind, axis in zip(("GeoX", "GeoY"), native_axes(coverage), strict=True):
        if axis is not None:
            yield from _plain(kind, axis)


def _vertical(coverage: Coverage) -> Iterator[Element]:
    axis = coverage.axis_of("Z")
    if axis is None:
        return
    levels = levels_of(axis)
    if levels.ends is not None:
        step = None if levels.step is None else levels.text(levels.step)
        words = _words("Height", axis.name, axis.attributes, levels.units)
        lower, upper = levels.ends
        yield element("axis", FINE | words | {"lower": lower, "upper": upper, "step": step})


def _time(coverage: Coverage) -> Iterator[Element]:
    axis = coverage.axis_of("T")
    if axis is not None:
        yield from _plain("Time", axis)


def _plain(kind: str, axis: Axis) -> Iterator[Element]:
    """An axis in its own units; nothing where it has no nodes."""
    nodes = Nodes(axis)
    if nodes:
        bounds = Bounds(kind, axis.name, nodes[0], nodes[-1], axis.units)
        yield _element(bounds, axis.attributes, step_of(axis))


def step_of(axis: Axis) -> str | None:
    """The distance of its nodes; None where it varies, or there is one only."""
    if isinstance(axis.values, RegularValues) and axis.size > 1:
        return plain(abs(axis.values.step))
    return None


def _element(bounds: Bounds, attributes: Attributes, step: str | None) -> Element:
    words = _words(bounds.kind, bounds.name, attributes, bounds.units)
    ends = {"lower": plain(bounds.lower), "upper": plain(bounds.upper)}
    return element("axis", FINE | words | ends | {"step": step})


def _words(kind: str, name: str, attributes: Attributes, units: str) -> dict[str, str]:
    return {
        "axisType": kind,
        "name": name,
        "standardName": word(attributes, "standard_name"),
        "longName": word(attributes, "long_name"),
        "units": units,
        "description": described(name, attributes),
    }
