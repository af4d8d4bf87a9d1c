"""The catalogue's record of a dataset, from its description. Pure: it asks no port."""

import re
from collections.abc import Iterator

from atoll.model.coverage import Axis, Coverage, RegularValues, Variable
from atoll.model.record import (
    AccessPoint,
    Contact,
    Depths,
    Dimension,
    DimensionKind,
    Publisher,
    Record,
    RecordVariable,
    Resolution,
    Times,
)
from atoll.planning.bounds import box_of
from atoll.planning.depth import depth_scale
from atoll.planning.instants import instant_text
from atoll.planning.nodes import Nodes
from atoll.planning.ticks import step_duration
from atoll.planning.trims import counts_latitude

LONGEST_LINEAGE = 4_000  # characters: a history of many years is longer than all else
_SEPARATORS = re.compile(r"[,;\n]")
_DOI = re.compile(r"\b10\.\d{4,9}/[-._;()/:A-Za-z0-9]*[A-Za-z0-9]")


def record_of(
    coverage: Coverage, publisher: Publisher, access_points: tuple[AccessPoint, ...]
) -> Record:
    """The record of one revision of a dataset.

    What the description cannot say is taken from the source's global attributes, by the names of
    CF and ACDD 1.3.

    Args:
        coverage: the dataset, with the profiles that may order it.
        publisher: the unit that has it.
        access_points: the doors it can be had through.
    """
    said = _Attributes(coverage)
    data = [_variable(variable) for variable in coverage.variables if variable.role == "data"]
    title = coverage.title or said.first("title") or coverage.dataset
    names = ", ".join(one.long_name or one.standard_name or one.name for one in data)
    lineage = ". ".join(said.each("lineage", "source", "history"))
    return Record(
        identifier=coverage.dataset,
        publisher=publisher,
        title=title,
        abstract=said.first("summary", "abstract") or f"{title}: {names or 'no variables'}.",
        product=coverage.product,
        keywords=said.keywords,
        box=box_of(coverage),
        depths=_depths(coverage.axis_of("Z")),
        times=_times(coverage.axis_of("T")),
        resolution=_resolution(coverage),
        dimensions=tuple(_dimension(axis) for axis in coverage.axes),
        variables=tuple(data),
        contact=said.contact(publisher),
        licence=coverage.licence or said.first("license", "licence"),
        access="public" if coverage.profiles is None else "restricted",
        lineage=lineage[:LONGEST_LINEAGE],
        revision=coverage.revision,
        updated_at=coverage.updated_at,
        doi=said.doi,
        citation=said.first("citation", "acknowledgement", "acknowledgment"),
        access_points=access_points,
        documents=coverage.documents,
    )


class _Attributes:
    """Texts among the global attributes of the source, stripped."""

    def __init__(self, coverage: Coverage) -> None:
        self._texts = {
            name.lower(): value.strip()
            for name, value in coverage.attributes.items()
            if isinstance(value, str)
        }

    def first(self, *names: str) -> str:
        """The first of these that says something; empty where none does."""
        return next(self.each(*names), "")

    def each(self, *names: str) -> Iterator[str]:
        """Those of these that say something."""
        return (text for name in names if (text := self._texts.get(name)))

    @property
    def keywords(self) -> tuple[str, ...]:
        """Its keywords, each once."""
        words = (word.strip() for word in _SEPARATORS.split(self.first("keywords")))
        return tuple(dict.fromkeys(word for word in words if word))

    @property
    def doi(self) -> str | None:
        """Its DOI, wherever it is said."""
        said = " ".join(self.each("doi", "id", "citation", "references"))
        found = _DOI.search(said)
        return found and found[0]

    def contact(self, publisher: Publisher) -> Contact:
        """Who answers for the data; the unit where the source names nobody."""
        organisation = self.first("institution", "creator_institution", "publisher_name")
        return Contact(
            organisation=organisation or publisher.name,
            person=self.first("creator_name"),
            email=self.first("creator_email", "publisher_email", "contact_email"),
            url=self.first("creator_url", "publisher_url"),
        )


def _variable(variable: Variable) -> RecordVariable:
    long_name, units = variable.attributes.get("long_name"), variable.attributes.get("units")
    return RecordVariable(
        name=variable.name,
        standard_name=variable.standard_name or None,
        long_name=long_name if isinstance(long_name, str) and long_name else None,
        units=units if isinstance(units, str) and units else None,
        dimensions=variable.dimensions,
    )


def _depths(axis: Axis | None) -> Depths | None:
    scale = None if axis is None else depth_scale(axis)
    if axis is None or scale is None or not axis.size:
        return None
    nodes = Nodes(axis)
    shallowest, deepest = sorted((scale.depth_m(nodes[0]), scale.depth_m(nodes[-1])))
    return Depths(shallowest_m=shallowest, deepest_m=deepest)


def _times(axis: Axis | None) -> Times | None:
    if axis is None or not axis.size:
        return None
    nodes = Nodes(axis)
    start, end = instant_text(axis, nodes[0]), instant_text(axis, nodes[-1])
    return None if start is None or end is None else Times(start=start, end=end)


def _resolution(coverage: Coverage) -> Resolution:
    steps = {_kind(axis): _step(axis) for axis in coverage.axes}
    time = coverage.axis_of("T")
    return Resolution(
        longitude_deg=steps.get("longitude"),
        latitude_deg=steps.get("latitude"),
        time=None if time is None else step_duration(time),
    )


def _dimension(axis: Axis) -> Dimension:
    nodes, step = Nodes(axis), _step(axis)
    ends = (nodes[0], nodes[-1]) if nodes else (None, None)
    scale, depths = depth_scale(axis) if axis.role == "Z" else None, _depths(axis)
    if scale is not None:
        ends = (depths.shallowest_m, depths.deepest_m) if depths else ends
        step = None if step is None else step * abs(scale.unit_m)
    return Dimension(
        name=axis.name,
        kind=_kind(axis),
        size=axis.size,
        lower=ends[0],
        upper=ends[1],
        step=step,
        units=axis.units if scale is None else "m",
    )


def _kind(axis: Axis) -> DimensionKind:
    if axis.role == "X" and axis.wraps:
        return "longitude"
    if axis.role == "Y" and counts_latitude(axis):
        return "latitude"
    kinds: dict[str, DimensionKind] = {"Z": "vertical", "T": "time"}
    return kinds.get(axis.role, "other")


def _step(axis: Axis) -> float | None:
    if isinstance(axis.values, RegularValues) and axis.size > 1:
        return abs(axis.values.step)
    return None
