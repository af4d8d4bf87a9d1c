"""Where a variable's chunks lie in a classic NetCDF file: one for each record, or one for all."""

from contextlib import AbstractContextManager
from math import prod
from pathlib import Path

import numpy as np

from atoll.publication.classic import ClassicFile, ClassicVariable
from atoll.publication.fields import Numbers, Region
from atoll.publication.virtual_chunks import FileChunks, places_of, unreferable


class ClassicNumbers(AbstractContextManager["ClassicNumbers"]):
    """One file of this machine, open as long as the context lasts."""

    def __init__(self, path: Path, header: ClassicFile) -> None:
        """Open.

        Raises:
            DataError: its header does not say how many records it has.
        """
        self.origin = path.name
        if header.records is None:
            raise unreferable(self.origin, "its header does not tell how many records there are")
        self._records = header.records
        self._stride_bytes = header.stride_bytes
        self._variables = {each.name: each for each in header.variables}
        self._bytes = np.memmap(path, "u1", "r")

    def __exit__(self, *_: object) -> None:
        """Let it go; numbers that were read are copies."""
        del self._bytes

    def read(self, name: str, region: Region) -> Numbers:
        """A region's numbers, as they are stored."""
        variable = self._variable(name)
        dtype = _dtype(variable)
        inner = [prod(variable.shape[axis:]) for axis in range(1, len(variable.shape) + 1)]
        strides = [dtype.itemsize * count for count in inner]
        array = np.ndarray(
            self._shape(variable),
            dtype,
            buffer=self._bytes,
            offset=variable.begin,
            strides=(self._stride_bytes, *strides) if variable.grows else tuple(strides),
        )
        return array[region].copy()

    def chunks(self, name: str, time_axis: int | None) -> FileChunks:
        """Where a variable's chunks lie; see `NetCDF4File`.

        Raises:
            DataError: there is no such variable.
        """
        variable = self._variable(name)
        dtype, shape = _dtype(variable), self._shape(variable)
        by_step = variable.grows or time_axis == 0
        lengths = (1, *shape[1:]) if by_step else shape
        stride_bytes = self._stride_bytes if variable.grows else 0
        return FileChunks(
            origin=self.origin,
            dtype=dtype,
            shape=shape,
            lengths=lengths,
            codecs=(),
            fill_value=0,  # of no chunk: all are written
            places=places_of(shape, lengths, dtype.itemsize, variable.begin, stride_bytes),
        )

    def _variable(self, name: str) -> ClassicVariable:
        if name not in self._variables:
            raise unreferable(self.origin, f"it has no variable {name}")
        return self._variables[name]

    def _shape(self, variable: ClassicVariable) -> tuple[int, ...]:
        return (self._records, *variable.shape) if variable.grows else variable.shape


def _dtype(variable: ClassicVariable) -> np.dtype[np.generic]:
    return np.dtype(f">{variable.type_code}")
