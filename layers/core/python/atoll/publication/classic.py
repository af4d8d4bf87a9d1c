"""How long a classic NetCDF file must be, by its header.

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
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8}
_STREAMING = {0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF}


@dataclass(frozen=True, slots=True)
class _Variable:
    """Where a variable's numbers lie; `record_bytes` of one record, or of all if it has none."""

    begin: int
    record_bytes: int
    grows: bool


def check_length(path: Path) -> None:
    """Refuse a classic file (CDF-1, 2 or 5) that ends before its header says; others pass.

    Raises:
        DataError: the file is cut off.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        if magic not in CLASSIC:
            return
        try:
            expected_bytes = _Header(file, magic).end()
        except (struct.error, KeyError, IndexError, OverflowError, MemoryError) as error:
            raise DataError(f"{path.name}: the NetCDF header is cut off or broken") from error
    actual_bytes = path.stat().st_size
    if actual_bytes < expected_bytes:
        raise DataError(
            f"{path.name}: cut off: {actual_bytes} bytes, its header tells {expected_bytes}",
            {"bytes": actual_bytes, "expected_bytes": expected_bytes},
        )


class _Header:
    """The header's grammar, read once from its start to its end."""

    def __init__(self, file: BinaryIO, magic: bytes) -> None:
        self._file = file
        self._count = ">Q" if magic == CDF_5 else ">I"
        self._offset = ">I" if magic == CDF_1 else ">Q"

    def end(self) -> int:
        """Bytes up to the last number of the last record."""
        records = self._number(self._count)
        lengths = [self._dimension() for _ in range(self._list())]
        self._attributes()
        variables = [self._variable(lengths) for _ in range(self._list())]
        growing = [each for each in variables if each.grows]
        ends = [each.begin + each.record_bytes for each in variables if not each.grows]
        if growing and records and records not in _STREAMING:
            alone = len(growing) == 1  # then records are not padded to four bytes
            stride = sum(each.record_bytes if alone else _padded(each.record_bytes)
                         for each in growing)  # fmt: skip
            ends += [each.begin + (records - 1) * stride + each.record_bytes for each in growing]
        return max(ends, default=0)

    def _number(self, form: str) -> int:
        number: int = struct.unpack(form, self._file.read(struct.calcsize(form)))[0]
        return number

    def _list(self) -> int:
        self._number(">I")  # the list's tag, or 0 where it is absent: then it counts 0 items
        return self._number(self._count)

    def _skip_name(self) -> None:
        self._file.read(_padded(self._number(self._count)))

    def _dimension(self) -> int:
        self._skip_name()
        return self._number(self._count)

    def _attributes(self) -> None:
        for _ in range(self._list()):
            self._skip_name()
            item_bytes = _TYPE_BYTES[self._number(">I")]
            self._file.read(_padded(item_bytes * self._number(self._count)))

    def _variable(self, lengths: list[int]) -> _Variable:
        self._skip_name()
        rank = self._number(self._count)
        shape = [lengths[self._number(self._count)] for _ in range(rank)]
        self._attributes()
        item_bytes = _TYPE_BYTES[self._number(">I")]
        self._number(self._count)  # vsize overflows in large files: the shape tells
        grows = bool(shape) and shape[0] == 0
        size = math.prod(shape[1:] if grows else shape)
        return _Variable(self._number(self._offset), size * item_bytes, grows)


def _padded(length: int) -> int:
    return -(-length // 4) * 4
