"""The fields of a GRIB file, found by its own lengths: nothing is skipped, nothing is guessed.

Libraries look for the next `GRIB` wherever it stands, and pass over what they cannot read; of a
GRIB2 message that holds several fields (WMO Manual on Codes I.2, FM 92: sections 2 to 7 may be
repeated) they give the first. Here every byte belongs to a message, and every field is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from atoll.errors import DataError

_START, _END = b"GRIB", b"7777"
_HEAD_BYTES = {1: 8, 2: 16}
_LARGE = 0x800000  # GRIB1 lengths of 8 MiB and more are told in units of 120 bytes (ECMWF)
_LARGE_UNIT_BYTES = 120
_DATA, _LAST, _BITMAP = 7, 8, 6  # sections of GRIB2
_BITMAP_BEFORE = 254  # "the bitmap that was told before" (code table 6.0)
_LOOKED_AT_BYTES = 1 << 16

type Parts = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class FieldBytes:
    """Where a field's bytes lie.

    Attributes:
        number: of the field in the file, from 1.
        edition: of GRIB.
        parts: offset and length of each, in order.
    """

    number: int
    edition: int
    parts: Parts

    def read(self, file: BinaryIO) -> bytes:
        """The field as a message of its own."""
        body = b"".join(_at(file, offset, length) for offset, length in self.parts)
        if self.edition == 1:
            return body
        head, rest = body[:8], body[_HEAD_BYTES[2] :]
        length = _HEAD_BYTES[2] + len(rest) + len(_END)
        return head + length.to_bytes(8) + rest + _END


def fields_of(file: BinaryIO, path: Path) -> Iterator[FieldBytes]:
    """Every field of a file, in order.

    Raises:
        DataError: the file is cut off, or bytes of it belong to no message.
    """
    size, offset, number = file.seek(0, 2), 0, 0
    while (offset := _past_padding(file, offset)) < size:
        where = f"{path.name}: message at byte {offset}, after {number} fields"
        edition, length = _head(file, offset, where)
        if offset + length > size:
            raise DataError(f"{where}: cut off: it tells {length} bytes, {size - offset} are there")
        if _at(file, offset + length - len(_END), len(_END)) != _END:
            raise DataError(f"{where}: it does not end with 7777 where it tells its end")
        whole = ((offset, length),)
        for parts in (whole,) if edition == 1 else _split(file, offset, length, where):
            number += 1
            yield FieldBytes(number, edition, parts)
        offset += length


def _at(file: BinaryIO, offset: int, length: int) -> bytes:
    file.seek(offset)
    return file.read(length)


def _past_padding(file: BinaryIO, offset: int) -> int:
    """Zeros between messages are room that some systems leave."""
    while True:
        read = _at(file, offset, _LOOKED_AT_BYTES)
        rest = read.lstrip(b"\0")
        offset += len(read) - len(rest)
        if rest or not read:
            return offset


def _head(file: BinaryIO, offset: int, where: str) -> tuple[int, int]:
    """Edition and length of a message."""
    head = _at(file, offset, _HEAD_BYTES[2])
    edition = head[7] if len(head) == _HEAD_BYTES[2] else 0
    if not head.startswith(_START):
        raise DataError(f"{where}: no message begins there; bytes that belong to none are refused")
    if edition not in _HEAD_BYTES:
        raise DataError(f"{where}: it is of GRIB edition {edition}; 1 and 2 are read")
    if edition == 1:
        return 1, _length_1(file, offset, int.from_bytes(head[4:7]))
    return 2, max(int.from_bytes(head[8:16]), _HEAD_BYTES[2] + len(_END))


def _length_1(file: BinaryIO, offset: int, told: int) -> int:
    """A GRIB1 message's length; large ones hide what is left over in the data section's."""
    if not told & _LARGE:
        return max(told, _HEAD_BYTES[1] + len(_END))
    start = offset + _HEAD_BYTES[1]
    product = _at(file, start, 8)
    start += int.from_bytes(product[:3])
    for flag in (0x80, 0x40):  # a grid section follows, a bitmap section follows
        if len(product) == 8 and product[7] & flag:  # noqa: PLR2004
            start += int.from_bytes(_at(file, start, 3))
    data_bytes = int.from_bytes(_at(file, start, 3))
    if data_bytes >= _LARGE_UNIT_BYTES:
        return told
    return (told & ~_LARGE) * _LARGE_UNIT_BYTES - data_bytes + len(_END)


def _split(file: BinaryIO, offset: int, length: int, where: str) -> Iterator[Parts]:
    """The parts of each field of a GRIB2 message."""
    held: dict[int, tuple[int, int]] = {0: (offset, _HEAD_BYTES[2])}
    place, stop, found = offset + _HEAD_BYTES[2], offset + length - len(_END), 0
    while place < stop:
        head = _at(file, place, 6)
        size, section = int.from_bytes(head[:4]), head[4]
        if not (5 <= size <= stop - place and 0 < section < _LAST):  # noqa: PLR2004
            raise DataError(f"{where}: section {section} of {size} bytes does not fit in it")
        if section < _DATA:  # a section counts until it is told again; what comes after it does not
            keeps = section == _BITMAP and head[5] == _BITMAP_BEFORE and _BITMAP in held
            held[section] = held[section] if keeps else (place, size)
        else:
            needed = tuple(held[each] for each in sorted(held))
            yield (*needed, (place, size))
        place += size
        found += section == _DATA
    if not found:
        raise DataError(f"{where}: it holds no field")
