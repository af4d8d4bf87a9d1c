"""Decodes a large delivery once to this machine's disk, where its columns are read again and again.

A run of series takes a few columns of every map. Of a deflated file each run would decode all
maps: twice the delivery would take four times as long. Where the disk has no room for it, that is
what it takes.
"""

import errno
import math
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from atoll.errors import Unavailable
from atoll.model.product import LayoutName
from atoll.publication.chunks import COPIED_AT_ONCE_BYTES, regions
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region
from atoll.publication.merge import Merged

WORTH_DECODING_BYTES = 4 * COPIED_AT_ONCE_BYTES
LEFT_FREE_BYTES = 1024**3  # of the disk, for everything else that is written meanwhile


@contextmanager
def as_read_for(
    layout: LayoutName, merged: Merged, worth_bytes: int = WORTH_DECODING_BYTES
) -> Iterator[Merged]:
    """The same dataset, its files' numbers as they are read best for a layout.

    Args:
        layout: maps are read from the files themselves.
        merged: the dataset as it shall be.
        worth_bytes: how much larger a delivery must be to be decoded to the disk first.

    Raises:
        Unavailable: something else filled the disk meanwhile.
    """
    needed_bytes = sum(map(_bytes, merged.files.values()))
    if layout == "geo" or needed_bytes <= worth_bytes or not _has_room(needed_bytes):
        yield merged
        return
    with tempfile.TemporaryDirectory(prefix="atoll-") as folder:
        files = {number: _decoded(contents, Path(folder) / str(number))
                 for number, contents in merged.files.items()}  # fmt: skip
        yield replace(merged, files=files)


def _has_room(needed_bytes: int) -> bool:
    free_bytes = shutil.disk_usage(tempfile.gettempdir()).free
    return needed_bytes + LEFT_FREE_BYTES <= free_bytes


def _bytes(contents: Contents) -> int:
    return sum(math.prod(field.shape) * field.dtype.itemsize for field in _growing(contents))


def _growing(contents: Contents) -> Iterator[Field]:
    """Fields that depend on time and more: the others are small."""
    for field in contents.fields.values():
        if contents.time in field.dimensions and len(field.dimensions) > 1:
            yield field


def _decoded(contents: Contents, folder: Path) -> Contents:
    folder.mkdir()
    fields = dict(contents.fields)
    for number, field in enumerate(_growing(contents)):
        path = folder / str(number)
        _copy(field, path)
        fields[field.name] = replace(field, read=_reader(field, path))
    return replace(contents, fields=fields)


def _copy(field: Field, path: Path) -> None:
    """All numbers in the order of rows: `regions` of single nodes come in it."""
    pieces = regions(field.shape, (1,) * len(field.shape), field.dtype.itemsize)
    with _disk(), path.open("wb") as file:
        for region in pieces:
            file.write(np.ascontiguousarray(field.read(region)).data)  # `tofile` hides the cause


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Unavailable(f"no room to decode a delivery: {error}") from error
        raise


def _reader(field: Field, path: Path) -> Reader:
    """Reads a region row by row; a mapped file would count as this process's memory."""
    strides = np.array([math.prod(field.shape[axis + 1 :]) for axis in range(len(field.shape))])

    def read(region: Region) -> Numbers:
        numbers = np.empty([each.stop - each.start for each in region], field.dtype)
        outer = _last_cut(numbers.shape, field.shape)
        start = int(strides @ [each.start for each in region])
        with path.open("rb") as file:
            for index in np.ndindex(numbers.shape[:outer]):
                first = start + int(strides[:outer] @ index)
                file.seek(first * field.dtype.itemsize)
                row = np.fromfile(file, field.dtype, numbers[index].size)
                numbers[index] = row.reshape(numbers.shape[outer:])
        return numbers

    return read


def _last_cut(shape: tuple[int, ...], whole: tuple[int, ...]) -> int:
    """The last dimension that a region does not take whole: from it on, numbers lie together."""
    cut = [axis for axis, (size, all_) in enumerate(zip(shape, whole, strict=True)) if size < all_]
    return cut[-1] if cut else 0
