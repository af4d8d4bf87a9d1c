"""The header of a NetCDF-3 file with 64-bit offsets (NetCDF User Guide, appendix B)."""

import struct
from collections.abc import Sequence
from math import prod

import numpy as np

from atoll.extraction.netcdf_file import AttributeValue, FileContent, FileVariable

MAGIC = b"CDF\x02"
NO_RECORDS = struct.pack(">I", 0)
ABSENT = bytes(8)
DIMENSIONS, VARIABLES, ATTRIBUTES = 10, 11, 12
CHAR = 2
TYPES = {"i1": 1, "i2": 3, "i4": 4, "f4": 5, "f8": 6}
LARGEST = 2**32 - 1  # of a size that has no room, which readers compute anew


def padded(nbytes: int) -> int:
    """Filled up to 4 bytes."""
    return -(-nbytes // 4) * 4


def header(content: FileContent, least_bytes: int) -> bytes:
    """Everything before the first value.

    Args:
        content: in the types of the format. Variables lie in their order: first those that
            have values, then those in chunks.
        least_bytes: so far at least lies the first of those in chunks.
    """
    nothing = _lists(content, [0] * len(content.variables))
    offsets = _offsets(content, len(nothing), padded(least_bytes))
    return _lists(content, offsets)


def _offsets(content: FileContent, at: int, least: int) -> list[int]:
    found = []
    for variable in content.variables:
        if variable.values is None:
            at = max(at, least)
        found.append(at)
        at += padded(_nbytes(content, variable))
    return found


def _nbytes(content: FileContent, variable: FileVariable) -> int:
    return prod(content.dimensions[name] for name in variable.dimensions) * variable.dtype.itemsize


def _lists(content: FileContent, offsets: Sequence[int]) -> bytes:
    dimensions = [
        _name(name) + struct.pack(">I", length) for name, length in content.dimensions.items()
    ]
    variables = [
        _variable(content, variable, offset)
        for variable, offset in zip(content.variables, offsets, strict=True)
    ]
    return b"".join(
        [
            MAGIC,
            NO_RECORDS,
            _list(DIMENSIONS, dimensions),
            _attributes(content.attributes),
            _list(VARIABLES, variables),
        ]
    )


def _variable(content: FileContent, variable: FileVariable, offset: int) -> bytes:
    numbers = list(content.dimensions)
    shape = [numbers.index(name) for name in variable.dimensions]
    nbytes = min(LARGEST, padded(_nbytes(content, variable)))
    return b"".join(
        [
            _name(variable.name),
            struct.pack(f">I{len(shape)}I", len(shape), *shape),
            _attributes(variable.attributes),
            struct.pack(">IIQ", TYPES[variable.dtype.str[1:]], nbytes, offset),
        ]
    )


def _attributes(attributes: dict[str, AttributeValue]) -> bytes:
    return _list(ATTRIBUTES, [_attribute(name, value) for name, value in attributes.items()])


def _attribute(name: str, value: AttributeValue) -> bytes:
    if isinstance(value, np.ndarray):
        stored, kind, count = value.tobytes(), TYPES[value.dtype.str[1:]], value.size
    else:
        stored = str(value).encode()
        kind, count = CHAR, len(stored)
    return _name(name) + struct.pack(">II", kind, count) + stored.ljust(padded(len(stored)), b"\0")


def _list(kind: int, items: Sequence[bytes]) -> bytes:
    return struct.pack(">II", kind, len(items)) + b"".join(items) if items else ABSENT


def _name(name: str) -> bytes:
    text = name.encode()
    return struct.pack(">I", len(text)) + text.ljust(padded(len(text)), b"\0")
