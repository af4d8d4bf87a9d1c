"""Zarr v3 in one ZIP archive, which zarr's ZipStore, xarray and GDAL open as it is.

Entries are stored, not compressed a second time, so a chunk is one range of the file. The
metadata and small variables are in front, the archive's directory is behind the chunks. The
references tell where each key lies, so that the store is read over HTTP without the archive.
"""

from collections.abc import Iterable

import numpy as np
from numcodecs import blosc
from numpy.typing import NDArray

from atoll.extraction.file_format import ChunkedVariable, Header, Origin
from atoll.extraction.formats.zarr_documents import (
    COMPRESSOR,
    JSON,
    LEVEL,
    array_document,
    as_bytes,
    chunk_shape,
    group_document,
)
from atoll.extraction.formats.zip_archive import Directory, entry, entry_bytes
from atoll.extraction.netcdf_file import FileContent, StoredChunk
from atoll.extraction.references import References

DOCUMENT = "zarr.json"
# Its own threads would lay blocks down as they finish: other bytes each time.
blosc.use_threads = False


class ZarrZip:
    """See `FileFormat`."""

    any_order = True

    def encode(
        self, variable: ChunkedVariable, origin: Origin, values: NDArray[np.generic]
    ) -> tuple[bytes, int]:
        """See `FileFormat`."""
        whole = values
        if values.shape != variable.chunk_shape:
            whole = np.full(variable.chunk_shape, variable.fill, variable.dtype)
            whole[tuple(map(slice, values.shape))] = values
        return entry(chunk_key(variable.name, origin, variable.chunk_shape), encode(whole))

    def layout(self, content: FileContent, least_bytes: int) -> "ZarrLayout":
        """See `FileFormat`."""
        return ZarrLayout(content, least_bytes)


class ZarrLayout:
    """See `file_format.Layout`."""

    def __init__(self, content: FileContent, least_bytes: int) -> None:
        """Write the documents, and the variables that are not in chunks.

        Args:
            content: of the file.
            least_bytes: an entry that nobody looks for makes the front as long.
        """
        self._directory = Directory()
        self._references = References()
        self._image = bytearray()
        self._chunks = {one.name: chunk_shape(content, one) for one in content.variables}
        documents = {one.name: array_document(content, one) for one in content.variables}
        self._document("", group_document(content, documents))
        for name, document in documents.items():
            self._document(f"{name}/", document)
        for one in content.variables:
            if one.values is not None:
                origin = (0,) * one.values.ndim
                key, stored = chunk_key(one.name, origin, one.values.shape), encode(one.values)
                self._refer(key, entry_bytes(key, len(stored)))
                self._append(key, stored)
        padding = f"{next(iter(documents))}/padding"  # below an array nobody lists
        missing = least_bytes - len(self._image)
        if missing > 0:
            self._append(padding, bytes(max(0, missing - entry_bytes(padding, 0))))

    def finish(self, chunks: Iterable[StoredChunk]) -> Header:
        """See `file_format.Layout`."""
        for chunk in chunks:
            key = chunk_key(chunk.variable, chunk.origin, self._chunks[chunk.variable])
            self._refer(key, chunk.nbytes)
            self._directory.add(key, chunk.crc32, chunk.nbytes)
        tail = self._directory.tail()
        file_bytes = self._directory.end + len(tail)
        return Header(bytes(self._image), file_bytes, tail, self._references)

    def _document(self, prefix: str, document: JSON) -> None:
        key, content = prefix + DOCUMENT, as_bytes(document)
        self._references.add_text(key, content.decode())
        self._append(key, content)

    def _refer(self, key: str, nbytes: int) -> None:
        """Tell where the content of the next entry lies, which has `nbytes` in all."""
        ahead = entry_bytes(key, 0)
        self._references.add_range(key, self._directory.end + ahead, nbytes - ahead)

    def _append(self, name: str, content: bytes) -> None:
        stored, checksum = entry(name, content)
        self._directory.add(name, checksum, len(stored))
        self._image += stored


def chunk_key(variable: str, origin: Origin, shape: tuple[int, ...]) -> str:
    """Where a chunk lies, e.g. `thetao/c/0/3/1`."""
    indices = (start // step for start, step in zip(origin, shape, strict=True))
    return "/".join([variable, "c", *map(str, indices)])


def encode(values: NDArray[np.generic]) -> bytes:
    """The bytes of a whole chunk, as its array's document says."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    compressed: bytes = blosc.compress(little, COMPRESSOR.encode(), LEVEL, blosc.SHUFFLE)
    return compressed
