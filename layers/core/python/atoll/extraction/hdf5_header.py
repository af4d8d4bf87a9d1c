"""A NetCDF-4 file's header, laid out by HDF5 itself from the sizes of chunks alone.

HDF5's v110 format indexes the chunks of a dataset of fixed size with an array that is
allocated whole when the first chunk is written. So a chunk of one byte is written to every
variable first; all metadata then lie in front, and each further chunk is allocated behind
the last, because HDF5 is told to keep no account of free space: it fills no gap, and what
is freed stays unused. (No deflated chunk is as short as the first: it gets a new place.)
HDF5 believes that it writes the chunks; `HeaderOnly` keeps the header alone.

Where HDF5 put each chunk is asked, not assumed.
"""

import io
import math
from collections.abc import Buffer, Iterable
from functools import cache, lru_cache

import numpy as np
from h5py import h5a, h5d, h5ds, h5f, h5fd, h5p, h5s, h5t

from atoll.extraction.file_format import Header
from atoll.extraction.hdf5_times import without_times
from atoll.extraction.netcdf_file import AttributeValue, FileContent, FileVariable, StoredChunk

DEFLATE_LEVEL = 1
ORDERED = h5p.CRT_ORDER_TRACKED | h5p.CRT_ORDER_INDEXED
NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable."
# More attributes than any variable has: they stay in the object's header, which is small
# and quick; HDF5's other way is a heap and a B-tree for each variable.
COMPACT_ATTRIBUTES = 1000
SCALAR, NOTHING = h5s.create(h5s.SCALAR), h5s.create(h5s.NULL)
TEXTS = np.dtype("O", metadata={"vlen": str})


class HeaderOnly(io.RawIOBase):
    """A file that remembers bytes written below `limit` and forgets the rest."""

    def __init__(self) -> None:
        self.limit: float = math.inf
        self.image = bytearray()
        self._at = self._end = 0

    def readable(self) -> bool:
        """It can be read, as far as it remembers."""
        return True

    def writable(self) -> bool:
        """It can be written."""
        return True

    def seekable(self) -> bool:
        """It has a position."""
        return True

    def tell(self) -> int:
        """The position."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a position."""
        self._at = (0, self._at, self._end)[whence] + offset
        return self._at

    def truncate(self, size: int | None = None) -> int:
        """Set the size."""
        self._end = self._at if size is None else size
        return self._end

    def write(self, data: Buffer) -> int:
        """Write what lies below the limit; a write lies on one side of it."""
        view = memoryview(data)
        if self._at < self.limit:
            self.image.extend(bytes(max(0, self._at + view.nbytes - len(self.image))))
            self.image[self._at : self._at + view.nbytes] = view
        self._at += view.nbytes
        self._end = max(self._end, self._at)
        return view.nbytes

    def readinto(self, buffer: Buffer) -> int:
        """Read; what was never written is 0."""
        view = memoryview(buffer)
        kept = self.image[self._at : self._at + view.nbytes]
        view[:] = bytes(kept).ljust(view.nbytes, b"\0")
        self._at += view.nbytes
        return view.nbytes


class HDF5Layout:
    """See `file_format.Layout`."""

    def __init__(self, content: FileContent, least_bytes: int = 0) -> None:
        """Write all metadata, and the variables that are not in chunks.

        Args:
            content: of the file.
            least_bytes: the header is made at least as long, by space that is not used.
        """
        self._out = HeaderOnly()
        self._file = _create(self._out)
        unused = _unused(self._file, least_bytes)
        self._stored: dict[str, h5d.DatasetID] = {}
        scales = _dimensions(self._file, content)
        for variable in content.variables:
            dataset = scales.get(variable.name)
            if dataset is None:
                dataset = _dataset(self._file, variable, content.dimensions)
                for axis, name in enumerate(variable.dimensions):
                    h5ds.attach_scale(dataset, scales[name], axis)
            _attributes(dataset, variable.attributes)
            if variable.values is None:
                self._stored[variable.name] = dataset
            else:
                dataset.write(h5s.ALL, h5s.ALL, np.ascontiguousarray(variable.values))
        _attributes(self._file, content.attributes)
        del unused
        for dataset in self._stored.values():
            if _grid(dataset) != (1,) * dataset.rank:  # one chunk alone needs no array
                dataset.write_direct_chunk((0,) * dataset.rank, b"x")
        h5f.flush(self._file)
        self._out.limit = self._file.get_filesize()

    def finish(self, chunks: Iterable[StoredChunk]) -> Header:
        """See `file_format.Layout`.

        Raises:
            RuntimeError: HDF5 has put a chunk elsewhere, or one was not given.
        """
        at = int(self._out.limit)
        places = {name: _Places(dataset) for name, dataset in self._stored.items()}
        zeros = memoryview(b"")
        for chunk in chunks:
            if chunk.nbytes > zeros.nbytes:
                zeros = memoryview(bytes(chunk.nbytes))
            self._stored[chunk.variable].write_direct_chunk(chunk.origin, zeros[: chunk.nbytes])
            places[chunk.variable].expect(chunk.origin, at)
            at += chunk.nbytes
        for name, expected in places.items():
            expected.check(name, self._stored[name])
        h5f.flush(self._file)
        if self._file.get_filesize() != at:
            raise RuntimeError(
                f"HDF5 ends at {self._file.get_filesize()} bytes, the chunks at {at}"
            )
        self._file.close()
        header_bytes = int(self._out.limit)
        image = bytes(self._out.image[:header_bytes]).ljust(header_bytes, b"\0")
        return Header(without_times(image), at)


class _Places:
    """Where the chunks of one variable should be: 8 bytes for each."""

    def __init__(self, dataset: h5d.DatasetID) -> None:
        self._chunk = _chunk(dataset)
        self._at = np.zeros(_grid(dataset), np.int64)

    def expect(self, origin: tuple[int, ...], at: int) -> None:
        """The chunk has been written, and should be there."""
        self._at[self._index(origin)] = at

    def check(self, name: str, dataset: h5d.DatasetID) -> None:
        """Ask HDF5."""
        found = np.zeros_like(self._at)

        def note(info: h5d.StoreInfo) -> None:
            found[self._index(info.chunk_offset)] = info.byte_offset

        dataset.chunk_iter(note)
        if not (self._at.all() and np.array_equal(found, self._at)):
            raise RuntimeError(f"{name}: HDF5 has not put every chunk behind the one before")

    def _index(self, origin: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(start // step for start, step in zip(origin, self._chunk, strict=True))


def _chunk(dataset: h5d.DatasetID) -> tuple[int, ...]:
    shape: tuple[int, ...] = dataset.get_create_plist().get_chunk()
    return shape


def _grid(dataset: h5d.DatasetID) -> tuple[int, ...]:
    return tuple(
        -(-length // step) for length, step in zip(dataset.shape, _chunk(dataset), strict=True)
    )


def _unused(file: h5f.FileID, nbytes: int) -> h5d.DatasetID | None:
    """So many bytes of the file, taken by something without a name that goes with its handle."""
    if not nbytes:
        return None
    creation = _dataset_creation().copy()
    creation.set_alloc_time(h5d.ALLOC_TIME_EARLY)
    return h5d.create(file, None, h5t.NATIVE_UINT8, h5s.create_simple((nbytes,)), creation)


def _create(out: HeaderOnly) -> h5f.FileID:
    access = h5p.create(h5p.FILE_ACCESS)
    access.set_fclose_degree(h5f.CLOSE_STRONG)
    access.set_libver_bounds(h5f.LIBVER_V110, h5f.LIBVER_V110)
    access.set_fileobj_driver(h5fd.fileobj_driver, out)
    return h5f.create(b"result.nc", fapl=access, fcpl=_file_creation())


@cache
def _file_creation() -> h5p.PropFCID:
    creation = _repeatable(h5p.create(h5p.FILE_CREATE))
    creation.set_link_creation_order(ORDERED)
    creation.set_file_space_strategy(h5f.FSPACE_STRATEGY_NONE, False, 1)  # noqa: FBT003
    return creation


@cache
def _dataset_creation() -> h5p.PropDCID:
    return _repeatable(h5p.create(h5p.DATASET_CREATE))


def _repeatable[Creation: h5p.PropOCID](creation: Creation) -> Creation:
    """Without times, so that equal files are equal bytes; attributes in their order."""
    creation.set_obj_track_times(False)
    creation.set_attr_creation_order(ORDERED)
    creation.set_attr_phase_change(COMPACT_ATTRIBUTES, COMPACT_ATTRIBUTES)
    return creation


def _dimensions(file: h5f.FileID, content: FileContent) -> dict[str, h5d.DatasetID]:
    """One dimension scale for each dimension: its coordinate variable, or a placeholder."""
    coordinates = {v.name: v for v in content.variables if v.name in content.dimensions}
    scales = {}
    for number, (name, length) in enumerate(content.dimensions.items()):
        variable = coordinates.get(name)
        shown = name if variable else f"{NO_VARIABLE}{length:11d}"
        placeholder = FileVariable(name, np.dtype(">f4"), (name,))
        scale = _dataset(file, variable or placeholder, content.dimensions)
        h5ds.set_scale(scale, shown.encode())
        _attribute(scale, "_Netcdf4Dimid", np.array(number, np.int32))
        scales[name] = scale
    return scales


def _dataset(file: h5f.FileID, variable: FileVariable, lengths: dict[str, int]) -> h5d.DatasetID:
    creation = _dataset_creation()
    if variable.chunk_shape is not None or variable.fill is not None:
        creation = creation.copy()
    if variable.chunk_shape is not None:
        creation.set_chunk(variable.chunk_shape)
        if variable.dtype.itemsize > 1:
            creation.set_shuffle()
        creation.set_deflate(DEFLATE_LEVEL)
    if variable.fill is not None:
        creation.set_fill_value(variable.fill)
    shape = tuple(lengths[name] for name in variable.dimensions)
    space = h5s.create_simple(shape) if shape else SCALAR
    kind = _number_type(variable.dtype)
    return h5d.create(file, variable.name.encode(), kind, space, creation)


def _attributes(place: h5f.FileID | h5d.DatasetID, attributes: dict[str, AttributeValue]) -> None:
    for name, value in attributes.items():
        _attribute(place, name, value)


def _attribute(place: h5f.FileID | h5d.DatasetID, name: str, value: AttributeValue) -> None:
    """Write an attribute as netCDF-C does: text of fixed length, numbers as a 1-d array."""
    if isinstance(value, str):
        text = value.encode()
        kind = _text_type(max(1, len(text)), text.isascii())
        made = h5a.create(place, name.encode(), kind, SCALAR if text else NOTHING)
        if text:
            made.write(np.array(text), mtype=kind)
        return
    if isinstance(value, list):
        texts = np.array(value, TEXTS)
        kind = h5t.py_create(TEXTS, logical=True)
        h5a.create(place, name.encode(), kind, h5s.create_simple(texts.shape)).write(texts)
        return
    space = h5s.create_simple(value.shape) if value.ndim else SCALAR
    h5a.create(place, name.encode(), _number_type(value.dtype), space).write(value)


@cache
def _number_type(dtype: np.dtype[np.generic]) -> h5t.TypeID:
    return h5t.py_create(dtype)


@lru_cache(maxsize=256)
def _text_type(length: int, ascii_only: bool) -> h5t.TypeStringID:  # noqa: FBT001
    kind = h5t.C_S1.copy()
    kind.set_size(length)
    kind.set_strpad(h5t.STR_NULLTERM)
    kind.set_cset(h5t.CSET_ASCII if ascii_only else h5t.CSET_UTF8)
    return kind
