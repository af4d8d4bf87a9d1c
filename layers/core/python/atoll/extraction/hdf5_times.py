"""The one time that HDF5 writes though it is told to keep none: equal files are equal bytes.

A file whose strategy for free space is not the default says so in an extension of its
superblock. That is an object header like others, made with HDF5's own defaults, hence with
the times of its making (HDF5 file format specification 3.0, II.A and IV.A.1.b).
"""

import struct

from numcodecs.jenkins import jenkins_lookup3

EXTENSION_ADDRESS_AT = 20  # in superblocks of version 2 and 3
FLAGS_AT = 5
KEEPS_TIMES, KEEPS_PHASES = 0x20, 0x10
TIMES_BYTES, PHASES_BYTES = 16, 4


def without_times(image: bytes) -> bytes:
    """The same beginning of a file, its superblock's extension as of 1970.

    Args:
        image: holds superblock and extension; a file without extension is left as it is.
    """
    (at,) = struct.unpack_from("<Q", image, EXTENSION_ADDRESS_AT)
    if image[at : at + 4] != b"OHDR" or not image[at + FLAGS_AT] & KEEPS_TIMES:
        return image
    flags = image[at + FLAGS_AT]
    times_at = at + FLAGS_AT + 1
    size_at = times_at + TIMES_BYTES + (PHASES_BYTES if flags & KEEPS_PHASES else 0)
    size_bytes = 1 << (flags & 3)
    messages_bytes = int.from_bytes(image[size_at : size_at + size_bytes], "little")
    end = size_at + size_bytes + messages_bytes
    header = image[at:times_at] + bytes(TIMES_BYTES) + image[times_at + TIMES_BYTES : end]
    checked = struct.pack("<I", jenkins_lookup3(header))
    return image[:at] + header + checked + image[end + len(checked) :]
