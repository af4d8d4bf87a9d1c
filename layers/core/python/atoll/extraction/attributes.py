"""CF attributes with the exact types that CF asks for; JSON has lost them."""

from collections.abc import Collection, Iterable, Sequence
from math import isfinite
from typing import cast

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.netcdf_file import AttributeValue
from atoll.model.attributes import is_portable
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
# Of all the source's values, which a subset does not have (CF 2.5.1).
OF_ALL_VALUES = frozenset({"actual_range"})
INT32, INT64 = np.iinfo(np.int32), np.iinfo(np.int64)


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
        if name in OF_ALL_VALUES or not is_portable(name):
            continue
        if name in NAMES | TERMS:
            text = _references(name, str(value), present)
            if text:
                found[name] = text
        elif name in OF_STORED_TYPE:
            found |= _of_data(name, value, dtype, packed)
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


def _of_data(
    name: str, value: Attribute, dtype: np.dtype[np.generic], packed: Packed | None
) -> dict[str, AttributeValue]:
    """An attribute of the type of the data; nothing where that type cannot hold it."""
    items = numbers(value)
    if items is None:
        # netCDF-C opens no file whose fill value is of another type than its data.
        return {} if name == "_FillValue" else {name: as_written(value)}
    if name in VALID and dtype.kind in "iu" and physical(value):
        name, items = _as_stored(name, items, packed or Packed(dtype=dtype.str))
    made = in_type(items, dtype)
    return {} if made is None else {name: made}


def physical(value: Attribute) -> bool:
    """Say whether limits of packed data are of the unpacked type: they are physical then (NUG)."""
    items: Iterable[object] = value if isinstance(value, list) else [value]
    return any(isinstance(item, float) for item in items)


def numbers(value: Attribute) -> list[int | float] | None:
    """The attribute as numbers, integers exact; None where it is other text.

    NaN and infinities may be spelt, as JSON must.
    """
    items: Iterable[object] = value if isinstance(value, list) else [value]
    try:
        return [
            item if isinstance(item, int | float) else _spelt(cast("str", item)) for item in items
        ]
    except ValueError:
        return None


def _spelt(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        return float(text)


def swapped(name: str, packed: Packed) -> str:
    """The limit's name on the other side of a packing: a negative scale turns them round."""
    if packed.scale_factor > 0:
        return name
    return {"valid_min": "valid_max", "valid_max": "valid_min"}.get(name, name)


def _as_stored(
    name: str, limits: list[int | float], packed: Packed
) -> tuple[str, list[int | float]]:
    """Physical limits in stored integers, rounded outward: no value is lost to rounding."""
    name = swapped(name, packed)
    exact = np.sort((np.array(limits, np.float64) - packed.add_offset) / packed.scale_factor)
    near = np.rint(exact)
    lower = (np.arange(exact.size) == 0) & (name != "valid_max")
    outward = np.where(lower, np.floor(exact), np.ceil(exact))
    # What is whole but for the error of the division is whole.
    return name, np.where(np.isclose(exact, near, rtol=1e-9, atol=1e-6), near, outward).tolist()


def in_type(
    items: Sequence[int | float], dtype: np.dtype[np.generic]
) -> NDArray[np.generic] | None:
    """Numbers in the type of the data; None where an integer type cannot hold them.

    Unsigned values in a signed type (or the other way) keep their bits.
    """
    if dtype.kind not in "iu":
        with np.errstate(over="ignore"):  # beyond float32 lies infinity
            return np.array(items, np.float64).astype(dtype)
    if not all(isfinite(item) and item == int(item) for item in items):
        return None
    whole, bits = [int(item) for item in items], 8 * dtype.itemsize
    if not all(-(1 << bits - 1) <= item < 1 << bits for item in whole):
        return None
    unsigned = f"{dtype.byteorder}u{dtype.itemsize}"
    return np.array([item % (1 << bits) for item in whole], unsigned).view(dtype)


def _scale(value: Attribute, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Of the unpacked type (CF 8.1), where that holds the value exactly."""
    exact = np.array(numbers(value), np.float64)
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
        return _integers([int(item) for item in items])
    return np.array(items, np.float64)


def _integers(items: list[int]) -> NDArray[np.generic]:
    lowest, highest = min(items, default=0), max(items, default=0)
    if lowest >= INT32.min and highest <= INT32.max:
        return np.array(items, np.int32)
    if lowest >= INT64.min and highest <= INT64.max:
        return np.array(items, np.int64)
    unsigned = lowest >= 0 and highest < 1 << 64
    return np.array(items, np.uint64 if unsigned else np.float64)
