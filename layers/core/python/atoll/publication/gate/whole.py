"""Whether a file is what it should be, whole, and no larger in memory than it may be."""

import math
import struct
from collections.abc import Generator, Mapping
from pathlib import Path

from atoll.errors import DataError
from atoll.model.delivery import Finding
from atoll.model.product import Product
from atoll.publication.classic import check_length
from atoll.publication.fields import Contents
from atoll.publication.gate.events import Limits, text
from atoll.publication.source import HDF5, hdf5_start, kind_of

_WANTED = "a NetCDF-3, NetCDF-4 or GRIB file"
# What producers send by mistake, by how it begins.
_OTHERS: Mapping[bytes, str] = {
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "gzip-compressed",
    b"BZh": "bzip2-compressed",
    b"\xfd7zXZ\x00": "xz-compressed",
    b"\x28\xb5\x2f\xfd": "zstd-compressed",
    b"\x0e\x03\x13\x01": "an HDF4 file",
    b"BUFR": "a BUFR file",
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"II*\x00": "a TIFF file",
    b"MM\x00*": "a TIFF file",
}
_HEAD_BYTES = 512
_PRINTABLE = bytes(range(0x20, 0x7F)) + b"\t\r\n"


def examine(path: Path, label: str) -> Generator[Finding]:
    """Faults that forbid opening a file.

    Args:
        path: of the file.
        label: its name in findings.
    """
    if not path.is_file():
        yield _fault(label, "there is no such file", "the file that the note names, uploaded first")
        return
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
    if not head:
        yield _fault(label, "is empty", _WANTED)
    elif kind_of(path) is None:
        yield _fault(label, f"is {_described(head)}", f"{_WANTED}, not packed into anything else")
    else:
        try:
            check_length(path)
            _check_hdf5_end(path)
        except DataError as error:
            problem = error.detail.removeprefix(f"{path.name}: ")
            yield _fault(label, problem, "the whole file; upload it again")


def weigh(contents: Contents, path: Path, product: Product, limits: Limits) -> Generator[Finding]:
    """Whether its numbers, unpacked, are of a size that such a file can honestly hold."""
    decoded = decoded_bytes(contents, product)
    stored = max(1, path.stat().st_size)
    if decoded > limits.ratio_from_bytes and decoded > limits.decoded_ratio * stored:
        yield _fault(
            contents.origin,
            f"{decoded} bytes of numbers in a file of {stored} bytes: next to nothing of them was"
            " written",
            f"a file whose numbers are written; at most {limits.decoded_ratio:.0f} bytes of numbers"
            " for a byte of file",
        )


def decoded_bytes(contents: Contents, product: Product) -> int:
    """Bytes of all numbers that would be read."""
    return sum(math.prod(field.shape) * field.dtype.itemsize
               for name, field in contents.fields.items() if name not in product.drop)  # fmt: skip


def _fault(file: str, problem: str, accepted: str) -> Finding:
    return Finding(check="file", file=file, problem=text(problem), accepted=accepted)


def _described(head: bytes) -> str:
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            return name
    if not head.strip(_PRINTABLE):
        shown = " ".join(head.decode("ascii").split())[:40]
        return f"text ({shown!r}...)"
    return f"no NetCDF or GRIB file: it begins with {head[:8].hex(' ')}"


def _check_hdf5_end(path: Path) -> None:
    """Compare with the end that the superblock tells (HDF5 file format 3.0, II.A).

    Raises:
        DataError: the file ends before it.
    """
    with path.open("rb") as file:
        start = hdf5_start(file)
        if start is None:
            return
        file.seek(start + len(HDF5))
        block = file.read(48)
    version = block[0] if block else None
    # Base address, another address, end of file; all of 8 bytes, as every library writes them.
    place = {0: 16, 1: 20, 2: 4, 3: 4}.get(-1 if version is None else version)
    if place is None or len(block) < place + 24:
        raise DataError(f"{path.name}: the HDF5 superblock is cut off or broken")
    base, _, end = struct.unpack_from("<QQQ", block, place)
    actual = path.stat().st_size
    if actual < end or base > end:
        raise DataError(f"{path.name}: cut off: {actual} bytes, its superblock tells {end}")
