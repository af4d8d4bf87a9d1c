"""CF attributes with the exact types that CF asks for; JSON has lost them."""

from collections.abc import Collection, Iterable
from typing import cast

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.netcdf_file import AttributeValue
from atoll.model.coverage import Attribute, Attributes, Packed

# Of the type of the stored data (CF 2.5.1, 3.5, NUG).
OF_STORED_TYPE = frozenset(
    {
        "_FillValue",
        "missing_value",
        "valid_min",
        "valid_max",
        "valid_range",
        "flag_values",
        "flag_masks",
    }
)
PACKING = ("scale_factor", "add_offset")
VALID = ("valid_min", "valid_max", "valid_range")
# Names of other variables: blank-separated words, or `term: variable` pairs.
NAMES = frozenset({"coordinates", "ancillary_variables", "bounds", "climatology", "grid_mapping"})
TERMS = frozenset({"cell_measures", "formula_terms"})
OF_THE_STORE = frozenset({"_ARRAY_DIMENSIONS"})
INT32 = np.iinfo(np.int32)


def typed(
    attributes: Attributes,
    dtype: np.dtype[np.generic],
    present: Collection[str],
    packed: Packed | None = None,
) -> dict[str, AttributeValue]:
    """A variable's attributes as they will be written.

    Args:
        attributes: as described.
        dtype: of the variable as it will be stored.
        present: names of the file's variables; what refers to others is left out.
        packed: of data that stay packed.
    """
    found: dict[str, AttributeValue] = {}
    for name, value in attributes.items():
        if name in OF_THE_STORE:
            continue
        if name in NAMES | TERMS:
            text = _references(name, str(value), present)
            if text:
                found[name] = text
        elif name in OF_STORED_TYPE:
            found[name] = of_type(value, dtype)
        elif name in PACKING and packed is not None:
            found[name] = _scale(value, np.dtype(packed.dtype))
        else:
            found[name] = as_written(value)
    return found


def _references(name: str, value: str, present: Collection[str]) -> str:
    words = value.split()
    if name in TERMS:
        pairs = zip(words[::2], words[1::2], strict=False)
        kept = [(term, target) for term, target in pairs if target in present]
        whole = name == "cell_measures" or 2 * len(kept) == len(words)
        return " ".join(f"{term} {target}" for term, target in kept) if whole else ""
    if name == "grid_mapping" and ":" in value:  # CF 5.6, extended: mapping: coordinate...
        return value if all(word.rstrip(":") in present for word in words) else ""
    return " ".join(word for word in words if word in present)


def numbers(value: Attribute) -> list[float]:
    """The attribute as numbers; NaN and infinities may be spelt, as JSON must."""
    items: Iterable[object] = value if isinstance(value, list) else [value]
    return [float(cast("float | str", item)) for item in items]


def of_type(value: Attribute, dtype: np.dtype[np.generic]) -> AttributeValue:
    """The attribute in the type of the data."""
    if isinstance(value, str) and dtype.kind not in "iuf":
        return value
    items = value if isinstance(value, list) else [value]
    if dtype.kind in "iu":
        # Unsigned values in a signed type (or the other way) keep their bits.
        whole = [int(float(cast("float | str", item))) for item in items]
        return np.array(whole, np.int64).astype(dtype)
    return np.array(numbers(value)).astype(dtype)


def _scale(value: Attribute, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Of the unpacked type (CF 8.1), where that holds the value exactly."""
    exact = np.array(numbers(value))
    cast_ = exact.astype(dtype)
    return cast_ if np.array_equal(cast_.astype(exact.dtype), exact) else exact


def as_written(value: Attribute) -> AttributeValue:
    """An attribute of a type of its own: text, int (32 bits where they suffice) or double."""
    if isinstance(value, str):
        return value
    items = value if isinstance(value, list) else [value]
    if items and all(isinstance(item, str) for item in items):
        return [str(item) for item in items]
    if all(isinstance(item, int) for item in items):
        wide = np.array(items, np.int64)
        fits = wide.size == 0 or (wide.min() >= INT32.min and wide.max() <= INT32.max)
        return wide.astype(np.int32) if fits else wide
    return np.array(items, np.float64)
