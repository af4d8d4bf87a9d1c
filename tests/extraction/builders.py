"""Datasets for tests: arrays written by zarr itself, described as publication would."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray

from atoll.model.coverage import (
    Attributes,
    Axis,
    ChunkGrid,
    Coverage,
    ExplicitValues,
    Packed,
    Store,
    Variable,
    VariableRole,
)
from atoll.model.job import Work
from atoll.model.plan import AxisPlan, Piece, SubsetPlan, VariablePlan
from atoll.model.request import Packing, SubsetRequest

type Array = NDArray[np.generic]
UPDATED_AT = "2026-01-02T03:04:05Z"


@dataclass(frozen=True)
class Field:
    """One array of a test dataset.

    `stored` are options of zarr's create_array: chunks, shards, compressors, ...
    """

    dimensions: tuple[str, ...]
    values: Array
    attributes: Attributes = field(default_factory=dict)
    role: VariableRole = "data"
    packed: Packed | None = None
    companions: tuple[str, ...] = ()
    stored: Mapping[str, Any] = field(default_factory=dict)
    # Nodes that are written; the rest of the array's chunks stay missing.
    written: tuple[slice, ...] | None = None


def write(group: Any, path: str, what: Field, zarr_format: int = 3) -> ChunkGrid:
    """Write one array with zarr and describe how it lies."""
    options: dict[str, Any] = {"chunks": what.values.shape, "zarr_format": zarr_format} | dict(
        what.stored
    )
    array = zarr.create_array(
        group, name=path, shape=what.values.shape, dtype=what.values.dtype, **options
    )
    where = what.written if what.written is not None else (...,)
    array[where] = what.values[where]
    document = array.metadata.to_buffer_dict(zarr.core.buffer.default_buffer_prototype())
    name = "zarr.json" if zarr_format == 3 else ".zarray"
    metadata = json.loads(document[name].to_bytes())
    metadata["zarr_format"] = zarr_format
    return ChunkGrid(
        path=path,
        chunk_shape=tuple(array.chunks),
        shard_shape=tuple(array.shards) if array.shards else None,
        metadata=json.dumps(metadata),
    )


def axis_of(name: str, values: Iterable[Any], **fields: Any) -> Axis:
    roles = {"longitude": "X", "latitude": "Y", "depth": "Z", "time": "T"}
    units = {"X": "degrees_east", "Y": "degrees_north", "Z": "m", "T": "days since 2000-01-01"}
    role = roles.get(name, "other")
    attributes: Attributes = {"units": units[role]} if role in units else {}
    attributes |= fields.pop("attributes", {})
    known = {"units": units.get(role, ""), "positive": "down" if role == "Z" else None}
    return Axis(
        **{
            "name": name,
            "role": role,
            "dtype": "<f8",
            "values": ExplicitValues(values=tuple(map(float, values))),
            "attributes": attributes,
            "wraps": role == "X",
            **known,
            **fields,
        }
    )


def describe(
    fields: Mapping[str, Field],
    grids: Mapping[str, ChunkGrid],
    axes: Sequence[Axis],
    store: Store,
    **more: Any,
) -> Coverage:
    """The description of a dataset in one layout, `geo`."""
    variables = tuple(
        Variable(
            name=name,
            role=what.role,
            dtype=what.values.dtype.str,
            dimensions=what.dimensions,
            packed=what.packed,
            attributes=what.attributes,
            companions=what.companions,
            grids={"geo": grids[name]},
        )
        for name, what in fields.items()
    )
    known = {axis.name for axis in axes}
    other = {
        name: length
        for what in fields.values()
        for name, length in zip(what.dimensions, what.values.shape, strict=True)
        if name not in known
    }
    return Coverage(
        **{
            "dataset": "test-data",
            "revision": "r1",
            "axes": tuple(axes),
            "variables": variables,
            "other_dimensions": other,
            "layouts": {"geo": store},
            "updated_at": UPDATED_AT,
            **more,
        }
    )


def plan_of(
    coverage: Coverage,
    taken: Mapping[str, Sequence[Piece]] | None = None,
    packing: Packing = "keep",
    names: Sequence[str] | None = None,
) -> SubsetPlan:
    """A plan by hand: these pieces, and all of every other axis."""
    axes = []
    for axis in coverage.axes:
        pieces = tuple((taken or {}).get(axis.name, (Piece(start=0, stop=axis.size),)))
        values = nodes(axis, pieces)
        axes.append(
            AxisPlan(name=axis.name, pieces=pieces, first=float(values[0]), last=float(values[-1]))
        )
    variables = tuple(
        VariablePlan(name=v.name, layout="geo", chunks=1, read_bytes=1, output_bytes=1)
        for v in coverage.variables
        if names is None or v.name in names
    )
    return SubsetPlan(
        dataset=coverage.dataset,
        revision=coverage.revision,
        axes=tuple(axes),
        variables=variables,
        packing=packing,
        format="netcdf4",
        output_bytes=1,
        read_bytes=1,
        chunks=1,
    )


def nodes(axis: Axis, pieces: Sequence[Piece]) -> NDArray[np.float64]:
    """The planned values of an axis: the oracle."""
    assert isinstance(axis.values, ExplicitValues)
    values = np.array(axis.values.values)
    return np.concatenate([values[list(piece.indices)] + piece.shift for piece in pieces])


def taken_values(coverage: Coverage, plan: SubsetPlan, name: str, values: Array) -> Array:
    """The planned values of a variable: the oracle."""
    variable = coverage.variable_by_name[name]
    found = values
    for position, dimension in enumerate(variable.dimensions):
        for axis in plan.axes:
            if axis.name == dimension:
                indices = [i for piece in axis.pieces for i in piece.indices]
                found = np.take(found, indices, axis=position)
    return found


def work_of(plan: SubsetPlan, **request: Any) -> Work:
    return Work(
        job_id="job-1",
        correlation_id="c-1",
        tier="small",
        request=SubsetRequest(dataset=plan.dataset, **request),
        plan=plan,
    )
