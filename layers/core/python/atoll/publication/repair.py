"""Makes one file CF, as its product tells: names, attributes, bounds, time. Values stay late."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import reduce

from atoll.errors import DataError
from atoll.model.coverage import Attribute, Attributes
from atoll.model.product import Product
from atoll.publication.axes import find_roles
from atoll.publication.coordinates import bound_edges, choose_time, store_time_exactly
from atoll.publication.fields import Contents
from atoll.publication.forms import check_dimensions, check_groups, writable_attributes
from atoll.publication.missing import unify_missing
from atoll.publication.names import clean_references, rename
from atoll.publication.source import is_numeric


def repair(source: Contents, product: Product) -> Contents:
    """One file, as it shall be stored.

    Raises:
        DataError: it cannot be made CF with this product; the message says what to set.
    """
    steps: tuple[Callable[[Contents, Product], Contents], ...] = (
        _check_settings, check_groups, _drop, _check_numeric, choose_time, rename, check_dimensions,
        bound_edges, _set_attributes, store_time_exactly, clean_references, unify_missing,
        writable_attributes, _find_axes,
    )  # fmt: skip
    return reduce(lambda contents, step: step(contents, product), steps, source)


def _check_settings(contents: Contents, product: Product) -> Contents:
    """A setting that meets nothing is a slip of the pen; those by new names are met later."""
    fields, sizes = contents.fields.keys(), contents.sizes.keys()
    asked = (
        ("drop", product.drop, fields | set(contents.groups), "variable or group"),
        ("names", tuple(product.names), fields | sizes, "variable or dimension"),
    )
    for key, names, known, accepted in asked:
        for name in names:
            if name not in known:
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
