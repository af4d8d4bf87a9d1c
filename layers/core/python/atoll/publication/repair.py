"""Makes one file CF, as its product tells: names, attributes, bounds, time. Values stay late."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce

import numpy as np

from atoll.errors import DataError
from atoll.model.coverage import Attribute, Attributes
from atoll.publication.axes import find_roles, tells_time
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region
from atoll.publication.missing import unify_missing
from atoll.publication.product import Product
from atoll.publication.source import is_numeric

# Attributes that name other variables (CF 1.11 appendix A).
REFERENCES = (
    "coordinates", "bounds", "climatology", "grid_mapping", "ancillary_variables",
    "cell_measures", "cell_methods", "formula_terms", "edges",
)  # fmt: skip
TIME_DTYPE = np.dtype("<f8")


def repair(source: Contents, product: Product) -> Contents:
    """One file, as it shall be stored.

    Raises:
        DataError: it cannot be made CF with this product; the message says what to set.
    """
    steps: tuple[Callable[[Contents, Product], Contents], ...] = (
        _check_settings, _drop, _check_numeric, _choose_time, _rename, _bound_edges, _set_attributes,
        _store_time_exactly, _clean_references, unify_missing, _find_axes,
    )  # fmt: skip
    return reduce(lambda contents, step: step(contents, product), steps, source)


def _check_settings(contents: Contents, product: Product) -> Contents:
    """A setting that meets nothing is a slip of the pen; those by new names are met later."""
    known = contents.fields.keys() | contents.sizes.keys()
    asked = {"drop": product.drop, "names": tuple(product.names)}
    for key, names in asked.items():
        for name in names:
            if name not in (contents.fields if key == "drop" else known):
                accepted = "variable" if key == "drop" else "variable or dimension"
                raise DataError(f"{contents.origin}: {key}.{name}: the file has no such {accepted}")
    return contents


def _drop(contents: Contents, product: Product) -> Contents:
    kept = {name: field for name, field in contents.fields.items() if name not in product.drop}
    return replace(contents, fields=kept)


def _check_numeric(contents: Contents, _product: Product) -> Contents:
    for field in contents.fields.values():
        if not is_numeric(field):
            raise DataError(
                f"{contents.origin}: {field.name} holds {field.dtype}, not numbers;"
                f" add it to drop in the product",
                {"variable": field.name},
            )
    return contents


def _choose_time(contents: Contents, product: Product) -> Contents:
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
    return _renamed(replace(contents, fields=fields), {dimension: chosen})


def _check_one_time(contents: Contents, dimension: str) -> None:
    rivals = [field.name for field in contents.fields.values()
              if field.dimensions == (dimension,) and tells_time(field)]  # fmt: skip
    if len(rivals) > 1:
        raise DataError(
            f"{contents.origin}: {' and '.join(rivals)} both tell the time of {dimension};"
            " set time.variable in the product",
            {"variables": rivals},
        )


def _rename(contents: Contents, product: Product) -> Contents:
    known = contents.fields.keys() | contents.sizes.keys()
    taken = [new for old, new in product.names.items() if old in known and new in known]
    if taken:
        raise DataError(f"{contents.origin}: names: {taken[0]} is in the file already")
    return _renamed(contents, product.names)


def _renamed(contents: Contents, names: Mapping[str, str]) -> Contents:
    fields: dict[str, Field] = {}
    for field in contents.fields.values():
        name = names.get(field.name, field.name)
        dimensions = tuple(names.get(each, each) for each in field.dimensions)
        attributes = _refer(field.attributes, lambda word: names.get(word, word))
        fields[name] = replace(field, name=name, dimensions=dimensions, attributes=attributes)
    return replace(contents, fields=fields)


def _refer(attributes: Attributes, rename: Callable[[str], str]) -> Attributes:
    def words(text: str) -> str:
        return re.sub(r"[^\s:()]+", lambda word: rename(word[0]), text)

    return {
        key: words(value) if key in REFERENCES and isinstance(value, str) else value
        for key, value in attributes.items()
    }


def _bound_edges(contents: Contents, _product: Product) -> Contents:
    """Turn n + 1 cell edges (the COARDS attribute `edges`) into CF bounds, shape (n, 2)."""
    fields = dict(contents.fields)
    for axis in contents.fields.values():
        edges = fields.get(axis.text("edges"))
        if edges is None:
            continue
        if edges.shape != (axis.shape[0] + 1,):
            raise DataError(f"{contents.origin}: {edges.name}: not the edges of {axis.name}")
        name = f"{axis.name}_bnds"
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


def _set_attributes(contents: Contents, product: Product) -> Contents:
    fields = dict(contents.fields)
    for name, changes in product.attributes.items():
        if name not in fields:
            raise DataError(
                f"{contents.origin}: attributes.{name}: no such variable; there are"
                f" {', '.join(fields)}"
            )
        fields[name] = replace(fields[name], attributes=_changed(fields[name].attributes, changes))
    attributes = _changed(contents.attributes, product.global_attributes)
    return replace(contents, fields=fields, attributes=attributes)


def _changed(attributes: Attributes, changes: Mapping[str, Attribute | None]) -> Attributes:
    """With what the product sets, without what it takes away."""
    kept = {key: value for key, value in attributes.items() if key not in changes}
    return {**kept, **{key: value for key, value in changes.items() if value is not None}}


def _store_time_exactly(contents: Contents, product: Product) -> Contents:
    """Keep every time as float64: whole days would turn 06:00 into midnight."""
    fields = dict(contents.fields)
    for field in contents.fields.values():
        if " since " not in field.text("units"):
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


def _clean_references(contents: Contents, _product: Product) -> Contents:
    """Take out of `coordinates` and `bounds` what is not there, or is an axis (CF 5)."""
    listed = contents.fields.keys() - contents.sizes.keys()
    known: dict[str, Iterable[str]] = {
        "coordinates": listed, "bounds": listed, "climatology": listed, "grid_mapping": listed,
    }  # fmt: skip
    fields = {name: replace(field, attributes=_kept(field.attributes, known))
              for name, field in contents.fields.items()}  # fmt: skip
    return replace(contents, fields=fields)


def _kept(attributes: Attributes, known: Mapping[str, Iterable[str]]) -> Attributes:
    kept: Attributes = {}
    for key, value in attributes.items():
        if key not in known or not isinstance(value, str) or ":" in value:
            kept[key] = value
        elif words := [word for word in value.split() if word in known[key]]:
            kept[key] = " ".join(words)
    return kept


def _find_axes(contents: Contents, product: Product) -> Contents:
    for layout, lengths in product.chunks.items():
        for name in lengths.keys() - contents.sizes.keys():
            raise DataError(
                f"{contents.origin}: chunks.{layout}.{name}: the file has no such dimension"
            )
    roles = find_roles(contents, product.roles)
    fields = dict(contents.fields)
    for name, role in roles.items():
        if name in fields and role != "other":
            told = {**fields[name].attributes, "axis": role}
            fields[name] = replace(fields[name], attributes=told, fill_value=None)
    return replace(contents, fields=fields, roles=roles)
