"""Names of fields and dimensions, and the attributes that refer to them."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from atoll.errors import DataError
from atoll.model.coverage import Attributes
from atoll.model.product import Product
from atoll.publication.fields import Contents, Field

# Attributes that name other variables (CF 1.11 appendix A).
REFERENCES = (
    "coordinates", "bounds", "climatology", "grid_mapping", "ancillary_variables",
    "cell_measures", "cell_methods", "formula_terms", "edges",
)  # fmt: skip


def rename(contents: Contents, product: Product) -> Contents:
    """Give fields and dimensions the product's names.

    Raises:
        DataError: two would have one name.
    """
    known = contents.fields.keys() | contents.sizes.keys()
    given = list(product.names.values())
    for old, new in product.names.items():
        if new in known or given.count(new) > 1:
            raise DataError(f"{contents.origin}: names.{old}: {new} is another's name already")
    return renamed(contents, product.names)


def renamed(contents: Contents, names: Mapping[str, str]) -> Contents:
    """The same under other names, wherever a name is told."""
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


def clean_references(contents: Contents, _product: Product) -> Contents:
    """Take out of `coordinates`, cells and `grid_mapping` what is not there, or is an axis (CF 5).

    Mappings that name their coordinates (`crs: x y`) stay as they are.
    """
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
