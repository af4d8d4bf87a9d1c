"""Coordinates as CF wants them: one time, told exactly; bounds instead of edges."""

from dataclasses import replace

import numpy as np

from atoll.errors import DataError
from atoll.model.product import Product
from atoll.publication.axes import counts_time, tells_time
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region
from atoll.publication.names import renamed

TIME_DTYPE = np.dtype("<f8")


def choose_time(contents: Contents, product: Product) -> Contents:
    """Make the one time that the product names its dimension's coordinate variable."""
    chosen = product.time.variable
    if chosen is None:
        for dimension in contents.sizes:
            _check_one_time(contents, dimension)
        return contents
    field = contents.fields.get(chosen)
    if field is None or len(field.dimensions) != 1:
        raise DataError(f"{contents.origin}: time.variable: no 1-d variable {chosen} in the file")
    dimension = field.dimensions[0]
    if dimension == chosen:
        return contents
    fields = {name: each for name, each in contents.fields.items() if name != dimension}
    return renamed(replace(contents, fields=fields), {dimension: chosen})


def _check_one_time(contents: Contents, dimension: str) -> None:
    rivals = [field.name for field in contents.fields.values()
              if field.dimensions == (dimension,) and tells_time(field)]  # fmt: skip
    if len(rivals) > 1:
        raise DataError(
            f"{contents.origin}: {' and '.join(rivals)} both tell the time of {dimension};"
            " set time.variable in the product",
            {"variables": rivals},
        )


def bound_edges(contents: Contents, _product: Product) -> Contents:
    """Turn n + 1 cell edges (the COARDS attribute `edges`) into CF bounds, shape (n, 2)."""
    fields = dict(contents.fields)
    for axis in contents.fields.values():
        edges = fields.get(axis.text("edges"))
        if edges is None:
            continue
        if edges.shape != (axis.shape[0] + 1,):
            raise DataError(f"{contents.origin}: {edges.name}: not the edges of {axis.name}")
        name = f"{axis.name}_bnds"
        if name in fields:
            raise DataError(f"{contents.origin}: {axis.name} has edges and {name}; drop one")
        kept = {key: value for key, value in axis.attributes.items() if key != "edges"}
        fields[axis.name] = replace(axis, attributes={**kept, "bounds": name})
        fields[name] = replace(edges, name=name, dimensions=(axis.name, "bnds"), attributes={},
                               shape=(axis.shape[0], 2), read=_pairs(edges))  # fmt: skip
        del fields[edges.name]
    return replace(contents, fields=fields)


def _pairs(edges: Field) -> Reader:
    def read(region: Region) -> Numbers:
        values = edges.whole()
        return np.stack([values[:-1], values[1:]], axis=1)[region]

    return read


def store_time_exactly(contents: Contents, product: Product) -> Contents:
    """Keep every time as float64: whole days would turn 06:00 into midnight."""
    fields = dict(contents.fields)
    for field in contents.fields.values():
        if not counts_time(field):
            continue
        calendar = product.time.calendar or field.text("calendar") or "standard"
        attributes = {**field.attributes, "calendar": calendar}
        fields[field.name] = _as(replace(field, attributes=attributes), TIME_DTYPE)
        for bounds in (field.text("bounds"), field.text("climatology")):
            if bounds in fields:
                fields[bounds] = _as(fields[bounds], TIME_DTYPE)
    return replace(contents, fields=fields)


def _as(field: Field, dtype: np.dtype[np.generic]) -> Field:
    def read(region: Region) -> Numbers:
        return field.read(region).astype(dtype)

    return replace(field, dtype=dtype, read=read)
