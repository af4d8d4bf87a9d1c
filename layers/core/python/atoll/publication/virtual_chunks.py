"""Where a variable's chunks lie in its file, and how they are encoded: by HDF5, or the header."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np

from atoll.errors import DataError
from atoll.publication.fields import Number, Numbers, Region

type Codec = Mapping[str, Any]
type Index = tuple[int, ...]

# HDF5's numbers of filters (RegisteredFilterPlugins.md of the HDF Group) -> Zarr's codecs. How
# hard something was compressed matters to encoding alone, so all are told as one.
_FILTERS: Mapping[int, Codec] = {
    1: {"name": "numcodecs.zlib", "configuration": {"level": 1}},
    3: {"name": "numcodecs.fletcher32", "configuration": {}},
    307: {"name": "numcodecs.bz2", "configuration": {"level": 1}},
    32015: {"name": "numcodecs.zstd", "configuration": {"level": 1}},
}
_SHUFFLE = 2


@dataclass(frozen=True, slots=True)
class Place:
    """A run of a file's bytes.

    Attributes:
        offset: of its first byte.
        nbytes: its length.
    """

    offset: int
    nbytes: int


@dataclass(frozen=True, slots=True)
class FileChunks:
    """A variable as its file stores it.

    Attributes:
        origin: the file's name.
        dtype: with its byte order.
        shape: nodes.
        lengths: nodes in a chunk.
        codecs: from numbers' bytes to stored bytes, in this order.
        fill_value: of chunks that were never written.
        places: of those that were, by their index.
    """

    origin: str
    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    lengths: tuple[int, ...]
    codecs: tuple[Codec, ...]
    fill_value: Number
    places: Mapping[Index, Place]

    @property
    def endian(self) -> Literal["little", "big"]:
        """The order of a number's bytes."""
        return "big" if self.dtype.str[0] == ">" else "little"

    @property
    def is_whole(self) -> bool:
        """Whether every chunk was written."""
        grid = zip(self.shape, self.lengths, strict=True)
        return len(self.places) == prod(-(-size // length) for size, length in grid)


def places_of(
    shape: Index, lengths: Index, itemsize: int, offset: int, stride_bytes: int = 0
) -> Mapping[Index, Place]:
    """Pieces of numbers that lie as C has them: of each step of the first dimension, or all.

    Args:
        shape: nodes.
        lengths: nodes in a piece: of the first dimension 1 or all, all of the others.
        itemsize: bytes of a number.
        offset: of the first one.
        stride_bytes: from one piece to the next, where something lies between.
    """
    nbytes = prod(lengths) * itemsize
    grid = [range(size // length) for size, length in zip(shape, lengths, strict=True)]
    return {index: Place(offset + number * (stride_bytes or nbytes), nbytes)
            for number, index in enumerate(product(*grid))}  # fmt: skip


def unreferable(origin: str, reason: str) -> DataError:
    """Why a file cannot be referred to."""
    return DataError(f"{origin}: {reason}; a virtual dataset cannot refer to it")


class NetCDF4File(AbstractContextManager["NetCDF4File"]):
    """One file of this machine, open as long as the context lasts."""

    def __init__(self, path: Path) -> None:
        """Open.

        Raises:
            DataError: it is no HDF5 file, or one with a foreign head.
        """
        self.origin = path.name
        try:
            self._file = h5py.File(path)
        except OSError as error:
            raise self._refused("it is no NetCDF-4 file") from error
        if self._file.userblock_size:
            raise self._refused("something comes before its first HDF5 byte")

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self._file.close()

    def read(self, name: str, region: Region) -> Numbers:
        """A region's numbers, as they are stored."""
        return np.asarray(self._file[name][region])

    def chunks(self, name: str, time_axis: int | None) -> FileChunks:
        """Where a variable's chunks lie.

        Args:
            name: the file's.
            time_axis: its T axis. One that is stored in one run has a chunk for each step
                if that is its first; otherwise it is one chunk.

        Raises:
            DataError: it is stored in a way that no chunk can stand for.
        """
        stored = self._file.get(name)
        if not isinstance(stored, h5py.Dataset):
            raise self._refused(f"it has no variable {name}")
        lengths = stored.chunks
        if lengths is None:
            offset = stored.id.get_offset()
            if offset is None:
                told = f"{name} is not stored in chunks, nor in one run of bytes"
                raise self._refused(told)
            lengths = (1, *stored.shape[1:]) if time_axis == 0 else stored.shape
            places = places_of(stored.shape, lengths, stored.dtype.itemsize, offset)
        else:
            places = self._index(stored, lengths)
        return FileChunks(
            origin=self.origin,
            dtype=stored.dtype,
            shape=stored.shape,
            lengths=lengths,
            codecs=self._codecs(stored),
            fill_value=stored.fillvalue.item(),
            places=places,
        )

    def _index(self, stored: h5py.Dataset, lengths: Index) -> Mapping[Index, Place]:
        places: dict[Index, Place] = {}

        def note(chunk: Any) -> None:  # noqa: ANN401  h5py has no type for it
            if chunk.filter_mask:
                raise self._refused(f"a filter was left out of some chunks of {stored.name}")
            index = tuple(at // by for at, by in zip(chunk.chunk_offset, lengths, strict=True))
            places[index] = Place(chunk.byte_offset, chunk.size)

        stored.id.chunk_iter(note)
        return places

    def _codecs(self, stored: h5py.Dataset) -> tuple[Codec, ...]:
        filters = stored.id.get_create_plist()
        found = []
        for number in range(filters.get_nfilters()):
            code, _, values, name = filters.get_filter(number)
            if code != _SHUFFLE and code not in _FILTERS:
                told = f"{stored.name} is encoded by {name.decode()!r} (HDF5 filter {code}), which"
                raise self._refused(f"{told} is not read here")
            found.append(_FILTERS.get(code) or _shuffle(values[0]))
        return tuple(found)

    def _refused(self, reason: str) -> DataError:
        return unreferable(self.origin, reason)


def _shuffle(itemsize: int) -> Codec:
    return {"name": "numcodecs.shuffle", "configuration": {"elementsize": itemsize}}
