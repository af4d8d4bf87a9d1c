"""One chunk of output as HDF5 stores it: shuffled, then deflated at level 1."""

import numpy as np
from isal import isal_zlib
from numpy.typing import NDArray

from atoll.extraction.codecs import scratch

# ISA-L's level 1 is a standard zlib stream, several times faster than zlib's own.
LEVEL = 1


def encode_chunk(
    values: NDArray[np.generic], chunk_shape: tuple[int, ...], fill: NDArray[np.generic]
) -> bytes:
    """Encode.

    Args:
        values: in the machine's byte order; smaller than the chunk at the array's edge.
        chunk_shape: of the file.
        fill: what the rest of the chunk is full of.
    """
    whole = values
    if values.shape != chunk_shape:
        whole = np.full(chunk_shape, fill, values.dtype)
        whole[tuple(map(slice, values.shape))] = values
    return isal_zlib.compress(shuffled(whole), LEVEL)


def shuffled(values: NDArray[np.generic]) -> NDArray[np.uint8]:
    """All first bytes, then all second bytes... (HDF5's shuffle filter).

    Returns:
        memory that the next call of this thread overwrites.
    """
    size = values.dtype.itemsize
    if size == 1:
        return np.ascontiguousarray(values).reshape(-1).view(np.uint8)
    words = np.ascontiguousarray(values).reshape(-1).view(f"<u{size}")
    planes = scratch(values.nbytes).reshape(size, words.size)
    np.copyto(planes[0], words, casting="unsafe")
    for byte in range(1, size):
        np.right_shift(words, 8 * byte, out=planes[byte], casting="unsafe")
    return planes.reshape(-1)
