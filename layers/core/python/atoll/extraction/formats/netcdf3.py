"""NetCDF-3, 64-bit offset (CDF-2): all of it is known before a value is, but the values.

Variables lie one behind the other in C order, big-endian, each filled up to 4 bytes: a chunk
is a run of its variable, and each byte's place follows from lengths and types alone (NetCDF
User Guide, appendix B; no dimension is a record dimension).
"""

from collections.abc import Iterable
from math import prod

import numpy as np
from numpy.typing import NDArray

from atoll.errors import FormatUnfit
from atoll.extraction.file_format import ChunkedVariable, Header, Origin
from atoll.extraction.formats.cdf_header import header, padded
from atoll.extraction.netcdf_file import AttributeValue, FileContent, FileVariable, StoredChunk
from atoll.planning.formats import netcdf3_dtype


class NetCDF3:
    """See `FileFormat`."""

    any_order = False

    def encode(
        self, variable: ChunkedVariable, origin: Origin, values: NDArray[np.generic]
    ) -> tuple[bytes, int]:
        """See `FileFormat`; the last chunk of a variable fills it up."""
        dtype = classic(variable.name, variable.dtype)
        stored = values.astype(dtype).tobytes()
        ends = (start + taken for start, taken in zip(origin, values.shape, strict=True))
        if tuple(ends) != variable.shape:
            return stored, 0
        return stored + _filling(prod(variable.shape), variable.fill.astype(dtype)), 0

    def layout(self, content: FileContent, least_bytes: int) -> "CDFLayout":
        """See `FileFormat`.

        Raises:
            FormatUnfit: there is no such type in NetCDF-3.
        """
        return CDFLayout(content, least_bytes)


class CDFLayout:
    """See `file_format.Layout`."""

    def __init__(self, content: FileContent, least_bytes: int) -> None:
        """Write the header and the variables that are not in chunks.

        Args:
            content: of the file.
            least_bytes: so far at least lies the first chunk; nothing is between.

        Raises:
            FormatUnfit: there is no such type in NetCDF-3.
        """
        # Readers demand that variables are defined in the order in which they lie.
        inner = [_classic(one) for one in content.variables if one.values is not None]
        outer = [_classic(one) for one in content.variables if one.values is None]
        attributes = {name: _plain(name, value) for name, value in content.attributes.items()}
        image = header(FileContent(content.dimensions, (*inner, *outer), attributes), least_bytes)
        for variable in inner:
            image += _stored(variable)
        self._image = image.ljust(padded(least_bytes) if outer else 0, b"\0")
        self._chunk_bytes = sum(
            padded(prod(content.dimensions[name] for name in one.dimensions) * one.dtype.itemsize)
            for one in outer
        )

    def finish(self, chunks: Iterable[StoredChunk]) -> Header:
        """See `file_format.Layout`.

        Raises:
            RuntimeError: the chunks are not as long as their variables.
        """
        given = sum(chunk.nbytes for chunk in chunks)
        if given != self._chunk_bytes:
            raise RuntimeError(f"{self._chunk_bytes} bytes have a place, the chunks have {given}")
        return Header(self._image, len(self._image) + given)


def classic(name: str, dtype: np.dtype[np.generic]) -> np.dtype[np.generic]:
    """The type in which NetCDF-3 keeps values of another, big-endian.

    Raises:
        FormatUnfit: it has none.
    """
    found = netcdf3_dtype(dtype.str)
    if found is None:
        raise FormatUnfit(f"{name}: NetCDF-3 has no type that holds values of {dtype}")
    return np.dtype(found)


def _classic(variable: FileVariable) -> FileVariable:
    """The same in types that NetCDF-3 has."""
    dtype = classic(variable.name, variable.dtype)
    return FileVariable(
        name=variable.name,
        dtype=dtype,
        dimensions=variable.dimensions,
        attributes={name: _plain(name, value) for name, value in variable.attributes.items()},
        values=None if variable.values is None else variable.values.astype(dtype),
        fill=np.zeros((), dtype) if variable.fill is None else variable.fill.astype(dtype),
    )


def _stored(variable: FileVariable) -> bytes:
    """A small variable."""
    if variable.values is None or variable.fill is None:
        return b""
    return variable.values.tobytes() + _filling(variable.values.size, variable.fill)


def _filling(count: int, fill: NDArray[np.generic]) -> bytes:
    """What fills so many values up to 4 bytes: so says the format."""
    nbytes = count * fill.itemsize
    return (4 * fill.tobytes())[: padded(nbytes) - nbytes]


def _plain(name: str, value: AttributeValue) -> AttributeValue:
    """An attribute as NetCDF-3 has it: several words are one text, separated by blanks."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " ".join(value)
    return value.astype(classic(name, value.dtype))
