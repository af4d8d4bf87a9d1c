"""Which layouts a dataset has, and how their chunks are cut.

`geo` holds maps: one map a chunk, in near-equal pieces of at most 4 MiB; maps so small that
a request for each would cost more than its bytes share a chunk. `time` holds series: all
levels and as many steps as there are, few columns, about 1 MiB. It is written where there is
a T axis, which will grow, or where a profile would take 16 or more chunks of `geo`.
"""

import math
from collections.abc import Mapping
from itertools import product

from atoll.model.coverage import Role
from atoll.model.product import LayoutName
from atoll.publication.fields import Contents, Field, Region

_KIB = 1024
LARGEST_CHUNK_BYTES = 4096 * _KIB
SMALLEST_MAP_BYTES = 32 * _KIB
SHARED_CHUNK_BYTES = 256 * _KIB
SERIES_CHUNK_BYTES = 1024 * _KIB
MANY_STEPS = 16
NEW_STEPS = 64
MOST_STEPS = 4096
WORTH_A_SERIES = 16
COPIED_AT_ONCE_BYTES = 64 * 1024 * _KIB

type Chunks = Mapping[LayoutName, Mapping[str, int]]


def layouts_of(contents: Contents) -> tuple[LayoutName, ...]:
    """`geo` always; `time` where it is worth its bytes."""
    if contents.time is not None:
        return ("geo", "time")
    profile = max((_profile_chunks(field, contents.roles) for field in contents.fields.values()),
                  default=1)  # fmt: skip
    return ("geo", "time") if profile >= WORTH_A_SERIES else ("geo",)


def chunk_shape(
    field: Field, layout: LayoutName, roles: Mapping[str, Role], settings: Chunks
) -> tuple[int, ...]:
    """Nodes in a chunk, a number a dimension; the product's settings win over the rule."""
    horizontal = {name for name in field.dimensions if roles.get(name) in {"X", "Y"}}
    if not horizontal or len(field.dimensions) == len(horizontal):
        by_rule = _whole(field, roles)
    elif layout == "geo":
        by_rule = _map_chunk(field, roles)
    else:
        by_rule = _series_chunk(field, roles)
    told = settings.get(layout, {})
    return tuple(told.get(name, length)
                 for name, length in zip(field.dimensions, by_rule, strict=True))  # fmt: skip


def regions(
    shape: tuple[int, ...],
    chunks: tuple[int, ...],
    itemsize: int,
    budget_bytes: int = COPIED_AT_ONCE_BYTES,
) -> list[Region]:
    """Cut an array into runs of whole chunks of at most `budget_bytes` each, if one fits.

    Runs grow along the last dimension first: that is how files store their numbers.
    """
    lengths = list(chunks)
    budget = budget_bytes // itemsize
    for axis in reversed(range(len(shape))):
        room = budget // max(1, math.prod(lengths))
        lengths[axis] *= max(1, min(room, -(-shape[axis] // lengths[axis])))
        if lengths[axis] < shape[axis]:
            break
    cuts = [[slice(start, min(start + length, size)) for start in range(0, size, length)]
            for size, length in zip(shape, lengths, strict=True)]  # fmt: skip
    return list(product(*cuts))


def _whole(field: Field, roles: Mapping[str, Role]) -> tuple[int, ...]:
    """Coordinates, bounds and fields of two dimensions: few chunks, one where it fits."""
    shape = [MOST_STEPS if roles.get(name) == "T" else max(1, size)
             for name, size in zip(field.dimensions, field.shape, strict=True)]  # fmt: skip
    return _halved(shape, list(range(len(shape))), field.dtype.itemsize, LARGEST_CHUNK_BYTES)


def _steps(size: int) -> int:
    """Of the T axis, in a chunk: a dataset that begins with few steps is going to grow."""
    return min(size, MOST_STEPS) if size >= MANY_STEPS else NEW_STEPS


def _map_chunk(field: Field, roles: Mapping[str, Role]) -> tuple[int, ...]:
    shape = [size if roles.get(name, "X") in {"X", "Y"} else 1  # bounds' columns stay together
             for name, size in zip(field.dimensions, field.shape, strict=True)]  # fmt: skip
    itemsize = field.dtype.itemsize
    if math.prod(shape) * itemsize >= SMALLEST_MAP_BYTES:
        cut = [axis for axis, size in enumerate(shape) if size > 1]
        return _halved(shape, cut, itemsize, LARGEST_CHUNK_BYTES)
    for axis in reversed(range(len(shape))):
        room = SHARED_CHUNK_BYTES // (math.prod(shape) * itemsize)
        if roles.get(field.dimensions[axis]) not in {"X", "Y"}:
            size = field.shape[axis]
            is_time = roles.get(field.dimensions[axis]) == "T"
            shape[axis] = max(1, min(room, _steps(size) if is_time else size))
    return tuple(shape)


def _series_chunk(field: Field, roles: Mapping[str, Role]) -> tuple[int, ...]:
    names = field.dimensions
    flat = [axis for axis, name in enumerate(names) if roles.get(name) in {"X", "Y"}]
    shape = [_steps(size) if roles.get(name) == "T" else size
             for name, size in zip(names, field.shape, strict=True)]  # fmt: skip
    for axis in flat:
        shape[axis] = 1
    column_bytes = math.prod(shape) * field.dtype.itemsize
    side = max(1, math.isqrt(SERIES_CHUNK_BYTES // column_bytes))
    for axis in flat:
        shape[axis] = _near_equal(field.shape[axis], side)
    return _halved(shape, list(range(len(shape))), field.dtype.itemsize, LARGEST_CHUNK_BYTES)


def _halved(shape: list[int], cut: list[int], itemsize: int, largest: int) -> tuple[int, ...]:
    """Cut the longest of the `cut` dimensions in near-equal parts until the chunk is small."""
    lengths = list(shape)
    while math.prod(lengths) * itemsize > largest and any(lengths[axis] > 1 for axis in cut):
        longest = max(cut, key=lambda axis: lengths[axis])
        lengths[longest] = -(-lengths[longest] // 2)
    return tuple(lengths)


def _near_equal(size: int, longest: int) -> int:
    """The length of near-equal parts of at most `longest` nodes."""
    parts = -(-size // max(1, longest))
    return max(1, -(-size // max(1, parts)))


def _profile_chunks(field: Field, roles: Mapping[str, Role]) -> int:
    """Chunks of `geo` that all numbers at one point take."""
    if not {"X", "Y"} <= {roles.get(name, "other") for name in field.dimensions}:
        return 1
    chunk = _map_chunk(field, roles)
    return math.prod(
        -(-size // length)
        for name, size, length in zip(field.dimensions, field.shape, chunk, strict=True)
        if roles.get(name) not in {"X", "Y"}
    )
