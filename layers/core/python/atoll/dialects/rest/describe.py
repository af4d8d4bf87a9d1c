"""Datasets as REST documents, in the words a user needs."""

import math

from atoll.dialects.rest.dataset_documents import (
    AxisReply,
    DatasetLine,
    DatasetList,
    DatasetReply,
    VariableReply,
)
from atoll.dialects.rest.wire import Link
from atoll.model.coverage import Attribute, Axis, Coverage, RegularValues, Variable
from atoll.model.request import MEDIA_TYPES
from atoll.planning.nodes import value_at
from atoll.planning.period import time_text
from atoll.planning.size import item_bytes
from atoll.ports import DatasetEntry

LONGEST_VALUES = 200


def render_datasets(entries: list[DatasetEntry]) -> DatasetList:
    """The list."""
    return DatasetList(
        datasets=[_line(entry) for entry in entries], links=[Link(href="datasets", rel="self")]
    )


def _line(entry: DatasetEntry) -> DatasetLine:
    return DatasetLine(
        id=entry.dataset,
        title=entry.title,
        access="public" if entry.profiles is None else "restricted",
        revision=entry.revision,
        updated=entry.updated_at,
        links=[Link(href=f"datasets/{entry.dataset}", rel="item", type="application/json")],
    )


def render_dataset(coverage: Coverage) -> DatasetReply:
    """One dataset."""
    variables = [v for v in coverage.variables if v.role == "data"]
    return DatasetReply(
        id=coverage.dataset,
        title=coverage.title,
        product=coverage.product,
        licence=coverage.licence,
        access="public" if coverage.profiles is None else "restricted",
        revision=coverage.revision,
        updated=coverage.updated_at,
        axes=[_axis(axis) for axis in coverage.axes],
        variables=[_variable(variable, coverage) for variable in variables],
        curvilinear=coverage.curvilinear is not None,
        layouts=sorted(coverage.layouts),
        formats=sorted(MEDIA_TYPES),
        uncompressed_bytes=sum(_bytes(variable, coverage) for variable in variables),
        attributes=coverage.attributes,
        links=[
            Link(href=coverage.dataset, rel="self", type="application/json"),
            Link(
                href=f"{coverage.dataset}/record",
                rel="describedby",
                type="application/geo+json",
                title="The catalogue's record",
            ),
            *(Link(href=one.url, rel="describedby", title=one.title) for one in coverage.documents),
            Link(
                href="../processes/subset/execution",
                rel="http://www.opengis.net/def/rel/ogc/1.0/execute",
                title="Order a subset",
            ),
        ],
    )


def _axis(axis: Axis) -> AxisReply:
    first, last = value_at(axis, 0), value_at(axis, axis.size - 1)
    regular = isinstance(axis.values, RegularValues)
    return AxisReply(
        name=axis.name,
        role=axis.role,
        standard_name=_text(axis.attributes.get("standard_name")),
        units=axis.units,
        size=axis.size,
        first=first,
        last=last,
        step=axis.values.step if isinstance(axis.values, RegularValues) else None,
        values=None
        if regular or axis.size > LONGEST_VALUES
        else [value_at(axis, index) for index in range(axis.size)],
        positive=axis.positive,
        calendar=axis.calendar,
        first_text=_time(first, axis),
        last_text=_time(last, axis),
    )


def _time(value: float, axis: Axis) -> str | None:
    return time_text(axis, value) if axis.role == "T" else None


def _variable(variable: Variable, coverage: Coverage) -> VariableReply:
    return VariableReply(
        name=variable.name,
        standard_name=variable.standard_name,
        long_name=_text(variable.attributes.get("long_name")),
        units=_text(variable.attributes.get("units")),
        axes=list(variable.dimensions),
        dtype=variable.dtype,
        packed=variable.packed is not None,
        uncompressed_bytes=_bytes(variable, coverage),
    )


def _bytes(variable: Variable, coverage: Coverage) -> int:
    sizes = {name: axis.size for name, axis in coverage.axis_by_name.items()}
    sizes |= coverage.other_dimensions
    return math.prod(sizes[name] for name in variable.dimensions) * item_bytes(variable.dtype)


def _text(value: Attribute | None) -> str | None:
    return value if isinstance(value, str) else None
