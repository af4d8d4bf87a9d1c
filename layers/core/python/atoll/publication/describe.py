"""The description of a revision, built from what is stored."""

from collections.abc import Mapping

import numpy as np
import zarr
from zarr.core.buffer import default_buffer_prototype
from zarr.core.metadata import ArrayV3Metadata

from atoll.model.coverage import (
    Attributes,
    Axis,
    ChunkGrid,
    Coverage,
    ExplicitValues,
    RegularValues,
    Role,
    Store,
    Values,
    Variable,
    VariableRole,
)
from atoll.model.product import Product
from atoll.publication.axes import find_grid, is_longitude
from atoll.publication.companions import companions, variable_roles
from atoll.publication.fields import Contents, Number
from atoll.publication.missing import packing_of
from atoll.publication.stored import Stored
from atoll.publication.tiles import tile


def describe(stored: Stored, dataset: str, product: Product, url: str) -> Coverage:
    """Everything that planning and reading need to know; revision and time are still empty."""
    contents = stored.contents
    grid = find_grid(contents)
    roles = variable_roles(contents)
    ordered = sorted(roles, key=lambda name: roles[name] != "data")
    axes = _axis_names(contents, roles)
    return Coverage(
        dataset=dataset,
        revision="",
        title=product.title,
        product=product.id,
        licence=product.licence,
        profiles=product.profiles,
        axes=tuple(_axis(name, contents, product) for name in axes),
        variables=tuple(_variable(name, roles[name], stored) for name in ordered),
        other_dimensions={name: size for name, size in contents.sizes.items() if name not in axes},
        layouts={name: Store(kind="icechunk", url=url) for name in stored.arrays},
        curvilinear=None if grid is None else tile(*grid),
        attributes=contents.attributes,
        documents=product.documents,
        updated_at="",
    )


def axis_values(values: np.ndarray[tuple[int, ...], np.dtype[np.generic]]) -> Values:
    """Start and step where they give the stored numbers bit for bit; else every number."""
    exact = values.astype("<f8")
    count, whole = len(exact), values.dtype.kind != "f"
    if count > 1:
        start = float(exact[0])
        for step in (float(exact[1] - exact[0]), float(exact[-1] - exact[0]) / (count - 1)):
            told = start + np.arange(count) * step
            # A cast to whole numbers would cut off what a step that is none leaves over.
            if np.array_equal(told if whole else told.astype(values.dtype), values):
                return RegularValues(start=start, step=step, count=count)
    return ExplicitValues(values=tuple(exact.tolist()))


def _axis_names(contents: Contents, roles: Mapping[str, VariableRole]) -> list[str]:
    """Dimensions with a role or of a data variable, in the order of the data's dimensions."""
    of_data = [dimension for name, role in roles.items() if role == "data"
               for dimension in contents.fields[name].dimensions]  # fmt: skip
    return list(dict.fromkeys([*of_data, *(name for name in contents.roles)]))


def _axis(name: str, contents: Contents, product: Product) -> Axis:
    role: Role = contents.roles.get(name, "other")
    field = contents.fields.get(name)
    if field is None:
        values = RegularValues(start=0.0, step=1.0, count=contents.sizes[name])
        return Axis(name=name, role=role, dtype="<i4", values=values, has_coordinate=False)
    positive = field.text("positive").lower()
    return Axis(
        name=name,
        role=role,
        dtype=field.dtype.str,
        values=axis_values(field.whole()),
        units=field.text("units"),
        positive="up" if positive == "up" else "down" if positive == "down" else None,
        calendar=field.text("calendar") or None,
        climatology=role == "T" and product.time.climatology,
        wraps=role == "X" and is_longitude(field),
        attributes=field.attributes,
    )


def _variable(name: str, role: VariableRole, stored: Stored) -> Variable:
    field = stored.contents.fields[name]
    attributes: Attributes = dict(field.attributes)
    if field.fill_value is not None:
        attributes["_FillValue"] = _json(field.fill_value)
    return Variable(
        name=name,
        role=role,
        dtype=field.dtype.str,
        dimensions=field.dimensions,
        fill_value=0 if field.fill_value is None else _json(field.fill_value),
        packed=packing_of(field),
        attributes=attributes,
        companions=companions(field, stored.contents) if role == "data" else (),
        grids={layout: _grid(f"{layout}/{name}", arrays[name])
               for layout, arrays in stored.arrays.items()},
    )  # fmt: skip


def _grid(path: str, array: zarr.Array[ArrayV3Metadata]) -> ChunkGrid:
    document = array.metadata.to_buffer_dict(default_buffer_prototype())["zarr.json"].to_bytes()
    return ChunkGrid(
        path=path,
        chunk_shape=array.chunks,
        stored_bytes=array.nbytes_stored() - len(document),
        metadata=document.decode("utf-8"),
    )


def _json(number: Number) -> int | float | str:
    """As Zarr's JSON writes it: NaN and infinity by name."""
    if isinstance(number, float) and not np.isfinite(number):
        return "NaN" if np.isnan(number) else ("Infinity" if number > 0 else "-Infinity")
    return number
