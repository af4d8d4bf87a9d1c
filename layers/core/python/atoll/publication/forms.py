"""Forms of a file that no description can tell and no result can hold: refused or mended."""

import re
from dataclasses import replace

from atoll.errors import DataError
from atoll.model.attributes import is_portable
from atoll.model.coverage import Attribute, Attributes
from atoll.model.product import Product
from atoll.publication.fields import Contents, Field

# Of the type of the variable's numbers (NUG appendix A, CF 3.5).
_NUMBERS = ("valid_min", "valid_max", "valid_range", "flag_values", "flag_masks")
_NUMBER = re.compile(r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?:u?[bBsSlL]|[fFdD])?")
_NOT_FINITE = frozenset({"nan", "inf", "-inf"})  # as JSON has to tell them: by name


def check_groups(contents: Contents, product: Product) -> Contents:
    """Variables in groups are not published: the product has to say that it knows.

    Raises:
        DataError: it does not.
    """
    left = [name for name in contents.groups
            if not any(f"{name}/".startswith(f"{each}/") for each in product.drop)]  # fmt: skip
    if left:
        raise DataError(
            f"{contents.origin}: variables in groups are not published: {', '.join(left)};"
            " add the groups to drop in the product, or put their variables in the root group",
            {"groups": left},
        )
    return contents


def check_dimensions(contents: Contents, _product: Product) -> Contents:
    """A dimension has nodes, and what has its name is its coordinate variable (NUG).

    Raises:
        DataError: it has none, or is not.
    """
    advice = "drop it in the product, or give it another name in the file"
    for field in contents.fields.values():
        if field.name in contents.sizes and field.dimensions != (field.name,):
            told = ", ".join(field.dimensions)
            raise DataError(
                f"{contents.origin}: {field.name}({told}) has the name of a dimension and is not"
                f" its coordinate variable {field.name}({field.name}); {advice}",
                {"variable": field.name},
            )
        empty = [name for name, size in zip(field.dimensions, field.shape, strict=True)
                 if size == 0 and name not in contents.fields]  # fmt: skip
        if empty:
            raise DataError(
                f"{contents.origin}: {field.name}: dimension {empty[0]} is empty; a length of 1 or"
                f" more is needed; drop {field.name} in the product",
                {"variable": field.name, "dimension": empty[0]},
            )
    return contents


def writable_attributes(contents: Contents, _product: Product) -> Contents:
    """Attributes that mean something in a result, and that NetCDF can hold beside such numbers.

    Raises:
        DataError: one that has to be a number is a text that tells none.
    """
    fields = {name: replace(field, attributes=_writable(field, contents.origin))
              for name, field in contents.fields.items()}  # fmt: skip
    return replace(contents, fields=fields, attributes=_portable(contents.attributes))


def _portable(attributes: Attributes) -> Attributes:
    return {key: value for key, value in attributes.items() if is_portable(key)}


def _writable(field: Field, origin: str) -> Attributes:
    attributes = _portable(field.attributes)
    for key in _NUMBERS:
        if key in attributes:
            attributes[key] = _numbers(field, key, origin)
    return attributes


def _numbers(field: Field, key: str, origin: str) -> Attribute:
    """The attribute, as numbers where it spells them ("0, 1, 2", "0b 1b")."""
    value = field.attributes[key]
    words = value.replace(",", " ").split() if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        return value
    floating = field.dtype.kind == "f"
    texts = [f"{word}" for word in words]
    if floating and set(texts) & _NOT_FINITE and all(_spelt(text) for text in texts):
        return texts[0] if len(texts) == 1 else texts
    told = [float(found[1]) for found in map(_NUMBER.fullmatch, texts) if found is not None]
    if not texts or len(told) < len(texts) or not (floating or all(map(float.is_integer, told))):
        raise DataError(
            f"{origin}: {field.name}: {key} {value!r} is no {field.dtype}; set"
            f" attributes.{field.name}.{key} in the product to numbers, or to null",
            {"variable": field.name, "attribute": key},
        )
    numbers = told if floating else [int(each) for each in told]
    return numbers[0] if len(numbers) == 1 else numbers


def _spelt(text: str) -> bool:
    return text in _NOT_FINITE or _NUMBER.fullmatch(text) is not None
