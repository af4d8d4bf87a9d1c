"""Where the numbers of a classic NetCDF file lie, and how long it must be: by its header.

The NetCDF library reads what a cut-off classic file lacks as zeros, without a word. Format:
https://docs.unidata.ucar.edu/netcdf-c/current/file_format_specifications.html
"""

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from atoll.errors import DataError

CDF_1, CDF_2, CDF_5 = b"CDF\x01", b"CDF\x02", b"CDF\x05"
CLASSIC = frozenset({CDF_1, CDF_2, CDF_5})
_TYPES = {1: "i1", 2: "S1", 3: "i2", 4: "i4", 5: "f4", 6: "f8", 7: "u1", 8: "u2", 9: "u4",
          10: "i8", 11: "u8"}  # fmt: skip
_STREAMING = {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}


@dataclass(frozen=True, slots=True)
class ClassicVariable:
    """Where a variable's numbers lie.

    Attributes:
        name: of the variable.
        type_code: NumPy's, without the byte order, which is big-endian.
        shape: of one record, or of all if it has none.
        begin: of its first byte in the file.
        grows: it has records, in front of its other dimensions.
    """

    name: str
    type_code: str
    shape: tuple[int, ...]
    begin: int
    grows: bool

    @property
    def record_bytes(self) -> int:
        """Of one record, or of all if it has none."""
        return math.prod(self.shape) * int(self.type_code[1:])


@dataclass(frozen=True, slots=True)
class ClassicFile:
    """What a header tells.

    Attributes:
        records: how many there are; None = whoever wrote the file has not said.
        variables: in their order.
    """

    records: int | None
    variables: tuple[ClassicVariable, ...]

    @property
    def stride_bytes(self) -> int:
        """From one record of a variable to its next."""
        growing = [each.record_bytes for each in self.variables if each.grows]
        alone = len(growing) == 1  # then records are not padded to four bytes
        return sum(growing) if alone else sum(map(_padded, growing))

    @property
    def nbytes(self) -> int:
        """Up to the last number of the last record."""
        ends = [each.begin + each.record_bytes for each in self.variables if not each.grows]
        if self.records:
            before = (self.records - 1) * self.stride_bytes
            ends += [each.begin + before + each.record_bytes
                     for each in self.variables if each.grows]  # fmt: skip
        return max(ends, default=0)


def check_length(path: Path) -> None:
    """Refuse a classic file (CDF-1, 2 or 5) that ends before its header says; others pass.

    Raises:
        DataError: the file is cut off.
    """
    found = read_classic(path)
    if found is None:
        return
    expected_bytes = found.nbytes
    actual_bytes = path.stat().st_size
    if actual_bytes < expected_bytes:
        raise DataError(
            f"{path.name}: cut off: {actual_bytes} bytes, its header tells {expected_bytes}",
            {"bytes": actual_bytes, "expected_bytes": expected_bytes},
        )


def read_classic(path: Path) -> ClassicFile | None:
    """The header of a classic file; None = it is none.

    Raises:
        DataError: the header is cut off or broken.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        if magic not in CLASSIC:
            return None
        try:
            return _Header(file, magic).read()
        except (struct.error, KeyError, IndexError, OverflowError, MemoryError) as error:
            raise DataError(f"{path.name}: the NetCDF header is cut off or broken") from error


class _Header:
    """The header's grammar, read once from its start to its end."""

    def __init__(self, file: BinaryIO, magic: bytes) -> None:
        self._file = file
        self._count = ">Q" if magic == CDF_5 else ">I"
        self._offset = ">I" if magic == CDF_1 else ">Q"

    def read(self) -> ClassicFile:
        records = self._number(self._count)
        lengths = [self._dimension() for _ in range(self._list())]
        self._attributes()
        variables = tuple(self._variable(lengths) for _ in range(self._list()))
        return ClassicFile(None if records in _STREAMING else records, variables)

    def _number(self, form: str) -> int:
        number: int = struct.unpack(form, self._file.read(struct.calcsize(form)))[0]
        return number

    def _list(self) -> int:
        self._number(">I")  # the list's tag, or 0 where it is absent: then it counts 0 items
        return self._number(self._count)

    def _name(self) -> str:
        length = self._number(self._count)
        return self._file.read(_padded(length))[:length].decode("utf-8", "replace")

    def _dimension(self) -> int:
        self._name()
        return self._number(self._count)

    def _attributes(self) -> None:
        for _ in range(self._list()):
            self._name()
            item_bytes = int(_TYPES[self._number(">I")][1:])
            self._file.read(_padded(item_bytes * self._number(self._count)))

    def _variable(self, lengths: list[int]) -> ClassicVariable:
        name = self._name()
        rank = self._number(self._count)
        shape = [lengths[self._number(self._count)] for _ in range(rank)]
        self._attributes()
        type_code = _TYPES[self._number(">I")]
        self._number(self._count)  # vsize overflows in large files: the shape tells
        grows = bool(shape) and shape[0] == 0
        begin = self._number(self._offset)
        return ClassicVariable(name, type_code, tuple(shape[grows:]), begin, grows)


def _padded(length: int) -> int:
    return -(-length // 4) * 4
