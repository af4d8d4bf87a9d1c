"""A result's Zarr v3 metadata, as zarr-python and xarray write it."""

import base64
import json
import math
import struct
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from atoll.extraction.netcdf_file import AttributeValue, FileContent, FileVariable

LEVEL = 1
COMPRESSOR = "zstd"
type JSON = str | int | float | bool | list["JSON"] | dict[str, "JSON"] | None


def group_document(content: FileContent, arrays: Mapping[str, JSON]) -> JSON:
    """The group's document, with those of its arrays in it: one read opens all."""
    return {
        "attributes": {name: _attribute(value) for name, value in content.attributes.items()},
        "zarr_format": 3,
        "consolidated_metadata": {
            "kind": "inline",
            "must_understand": False,
            "metadata": dict(arrays),
        },
        "node_type": "group",
    }


def array_document(content: FileContent, variable: FileVariable) -> JSON:
    """An array's document."""
    shape = [content.dimensions[name] for name in variable.dimensions]
    itemsize = variable.dtype.itemsize
    to_bytes: JSON = {"name": "bytes", "configuration": {"endian": "little"}}
    compress: JSON = {
        "name": "blosc",
        "configuration": {
            "typesize": itemsize,
            "cname": COMPRESSOR,
            "clevel": LEVEL,
            "shuffle": "shuffle",
            "blocksize": 0,
        },
    }
    return {
        "shape": list(shape),
        "data_type": variable.dtype.name,
        "chunk_grid": {
            "name": "regular",
            "configuration": {"chunk_shape": list(chunk_shape(content, variable))},
        },
        "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
        "fill_value": _unwritten(variable),
        "codecs": [to_bytes if itemsize > 1 else {"name": "bytes"}, compress],
        "attributes": _attributes(variable),
        "dimension_names": list(variable.dimensions),
        "zarr_format": 3,
        "node_type": "array",
        "storage_transformers": [],
    }


def chunk_shape(content: FileContent, variable: FileVariable) -> tuple[int, ...]:
    """Of its chunks; a variable that is not in chunks is one."""
    if variable.chunk_shape is not None:
        return variable.chunk_shape
    return tuple(content.dimensions[name] for name in variable.dimensions)


def as_bytes(document: JSON) -> bytes:
    """A document as it is stored."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, indent=2).encode()


def _unwritten(variable: FileVariable) -> JSON:
    """What cells are that were never written: there are none, but GDAL takes it for no data."""
    if variable.fill is not None:
        return _number(variable.fill.item())
    kind, bits = variable.dtype.kind, 8 * variable.dtype.itemsize
    if kind == "f":
        return "NaN"
    return (1 << bits) - 1 if kind == "u" else 1 - (1 << bits - 1)  # as NetCDF's, never 0


def _attributes(variable: FileVariable) -> JSON:
    found: dict[str, JSON] = {}
    for name, value in variable.attributes.items():
        if isinstance(value, np.ndarray) and name == "_FillValue":
            found[name] = _fill_value(value)
        elif isinstance(value, str | list) or name != "missing_value" or not _is_nan(value):
            found[name] = _attribute(value)
    return found


def _fill_value(value: NDArray[np.generic]) -> JSON:
    """As xarray spells it in Zarr v3: floats by their bits, in base 64."""
    item = value.item()
    if value.dtype.kind == "f":
        return base64.standard_b64encode(struct.pack("<d", item)).decode()
    return int(item)


def _is_nan(value: NDArray[np.generic]) -> bool:
    """Say whether it is NaN, which is missing anyway and has no number in JSON."""
    return value.dtype.kind == "f" and bool(np.isnan(value).all())


def _attribute(value: AttributeValue) -> JSON:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return list(value)
    items = [_number(item) for item in np.atleast_1d(value).tolist()]
    return items[0] if len(items) == 1 else list(items)


def _number(item: float) -> JSON:
    """A number; text where JSON has none, as Zarr spells it."""
    if math.isfinite(item):
        return item
    return "NaN" if math.isnan(item) else ("Infinity" if item > 0 else "-Infinity")
