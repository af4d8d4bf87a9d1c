"""Stored entries of a ZIP archive (APPNOTE 6.3.10), and the directory behind them.

Beyond 4 GiB or 65,535 entries the directory is ZIP64's; an entry itself is always smaller.
"""

import struct
from zlib import crc32

LOCAL = struct.Struct("<4s5HI2I2H")
CENTRAL = struct.Struct("<4s6H3I5H2I")
EXTRA64 = struct.Struct("<2HQ")
END64 = struct.Struct("<4sQ2H2I4Q")
LOCATOR64 = struct.Struct("<4sIQI")
END = struct.Struct("<4s4H2IH")
VERSION, VERSION64 = 20, 45
MADE_ON_UNIX = 3 << 8
REGULAR_FILE = 0o100644 << 16
UTF8_NAME = 1 << 11
MIDNIGHT, FIRST_DAY = 0, 0x21  # 1 January 1980: equal work gives equal bytes
FULL16, FULL32 = 0xFFFF, 0xFFFFFFFF


def entry(name: str, content: bytes) -> tuple[bytes, int]:
    """An entry as it lies in the archive, and the content's CRC-32."""
    checksum = crc32(content)
    return _local(name.encode(), checksum, len(content)) + content, checksum


def entry_bytes(name: str, content_bytes: int) -> int:
    """Size of an entry."""
    return LOCAL.size + len(name.encode()) + content_bytes


def _local(name: bytes, checksum: int, size: int) -> bytes:
    fields = (VERSION, _flags(name), 0, MIDNIGHT, FIRST_DAY, checksum, size, size, len(name), 0)
    return LOCAL.pack(b"PK\3\4", *fields) + name


def _flags(name: bytes) -> int:
    return 0 if name.isascii() else UTF8_NAME


class Directory:
    """The directory of an archive, entry by entry.

    Attributes:
        end: of the last entry, in bytes from the archive's begin.
    """

    def __init__(self) -> None:
        self.end = 0
        self._records = bytearray()
        self._count = 0

    def add(self, name: str, checksum: int, nbytes: int) -> None:
        """Say that an entry of `nbytes`, its own header included, comes next."""
        text = name.encode()
        size = nbytes - entry_bytes(name, 0)
        far = self.end >= FULL32
        extra = EXTRA64.pack(1, 8, self.end) if far else b""
        self._records += CENTRAL.pack(
            b"PK\1\2", MADE_ON_UNIX | VERSION64, VERSION64 if far else VERSION, _flags(text), 0,
            MIDNIGHT, FIRST_DAY, checksum, size, size, len(text), len(extra), 0, 0, 0,
            REGULAR_FILE, FULL32 if far else self.end,
        )  # fmt: skip
        self._records += text + extra
        self._count += 1
        self.end += nbytes

    def tail(self) -> bytes:
        """What stands behind the last entry."""
        count, size, at = self._count, len(self._records), self.end
        end = b""
        if count >= FULL16 or size >= FULL32 or at >= FULL32:
            versions = (MADE_ON_UNIX | VERSION64, VERSION64)
            fields = (END64.size - 12, *versions, 0, 0, count, count, size, at)
            end = END64.pack(b"PK\6\6", *fields) + LOCATOR64.pack(b"PK\6\7", 0, at + size, 1)
        count, size, at = min(count, FULL16), min(size, FULL32), min(at, FULL32)
        end += END.pack(b"PK\5\6", 0, 0, count, count, size, at, 0)
        return bytes(self._records) + end
