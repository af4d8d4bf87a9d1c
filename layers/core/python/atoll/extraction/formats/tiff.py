"""A tiled TIFF of one image: its only directory is in front, the tiles behind (TIFF 6.0, BigTIFF).

Tags are known last, as they say where the tiles are; so they are given the tiles' sizes.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

TILE = 256  # cells along each side
ASCII, SHORT, LONG, DOUBLE, LONG8 = 2, 3, 4, 12, 16
DTYPES = {SHORT: "<u2", LONG: "<u4", DOUBLE: "<f8", LONG8: "<u8"}
WIDTH, LENGTH, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
SAMPLES, PLANAR, PREDICTOR = 277, 284, 317
TILE_WIDTH, TILE_LENGTH, TILE_OFFSETS, TILE_BYTES = 322, 323, 324, 325
EXTRA_SAMPLES, SAMPLE_FORMAT = 338, 339
DEFLATE, MIN_IS_BLACK, SEPARATE, UNSPECIFIED = 8, 1, 2, 0
NO_PREDICTOR, HORIZONTAL = 1, 2
SAMPLE_FORMATS = {"u": 1, "i": 2, "f": 3}
CLASSIC_BYTES = 2**32
LONG_BYTES = 8


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry of the directory.

    Attributes:
        number: of the tag.
        kind: TIFF's number for the type of its values.
        values: text, or numbers.
    """

    number: int
    kind: int
    values: str | Sequence[float] | NDArray[np.generic]

    def stored(self) -> tuple[int, bytes]:
        """How many values, and their bytes."""
        if isinstance(self.values, str):
            text = self.values.encode() + b"\0"
            return len(text), text
        return len(self.values), np.array(self.values, DTYPES[self.kind]).tobytes()


def image_tags(shape: tuple[int, int], bands: int, dtype: np.dtype[np.generic]) -> list[Tag]:
    """What the image is.

    Args:
        shape: rows and columns.
        bands: one plane each.
        dtype: of all of them.
    """
    rows, columns = shape
    tags = [
        Tag(WIDTH, LONG, [columns]),
        Tag(LENGTH, LONG, [rows]),
        Tag(BITS, SHORT, [8 * dtype.itemsize] * bands),
        Tag(COMPRESSION, SHORT, [DEFLATE]),
        Tag(PHOTOMETRIC, SHORT, [MIN_IS_BLACK]),
        Tag(SAMPLES, SHORT, [bands]),
        Tag(PLANAR, SHORT, [SEPARATE]),
        Tag(PREDICTOR, SHORT, [predictor(dtype)]),
        Tag(TILE_WIDTH, SHORT, [TILE]),
        Tag(TILE_LENGTH, SHORT, [TILE]),
        Tag(SAMPLE_FORMAT, SHORT, [SAMPLE_FORMATS[dtype.kind]] * bands),
    ]
    return tags + ([Tag(EXTRA_SAMPLES, SHORT, [UNSPECIFIED] * (bands - 1))] if bands > 1 else [])


def front(tags: Sequence[Tag], tile_bytes: Sequence[int]) -> bytes:
    """Everything before the first tile.

    Args:
        tags: all but those of the tiles' places.
        tile_bytes: of each tile, as they lie: plane by plane, row by row.
    """
    sizes = np.array(tile_bytes, np.uint64)
    big = False
    while True:
        directory = _directory(tags, sizes, 0, big=big)
        if big or len(directory) + int(sizes.sum()) < CLASSIC_BYTES:
            return _directory(tags, sizes, len(directory), big=big)
        big = True


def _directory(tags: Sequence[Tag], sizes: NDArray[np.uint64], first: int, *, big: bool) -> bytes:
    """Header, directory and values, given where the first tile begins."""
    kind = LONG8 if big else LONG
    offsets = first + np.cumsum(sizes) - sizes
    places = [Tag(TILE_OFFSETS, kind, offsets), Tag(TILE_BYTES, kind, sizes)]
    every = sorted([*tags, *places], key=lambda tag: tag.number)
    head = (
        struct.pack("<2sHHHQ", b"II", 43, 8, 0, 16) if big else struct.pack("<2sHI", b"II", 42, 8)
    )
    counted, one, last = ("<Q", "<HHQ", "<Q") if big else ("<H", "<HHI", "<I")
    inline = struct.calcsize(last)
    begin = len(head) + struct.calcsize(counted) + inline
    at = begin + len(every) * (struct.calcsize(one) + inline)
    entries, values = b"", b""
    for tag in every:
        count, stored = tag.stored()
        entries += struct.pack(one, tag.number, tag.kind, count)
        if len(stored) <= inline:
            entries += stored.ljust(inline, b"\0")
        else:
            entries += struct.pack(last, at + len(values))
            values += stored.ljust(-(-len(stored) // 8) * 8, b"\0")
    return head + struct.pack(counted, len(every)) + entries + bytes(inline) + values


def tiles(image: NDArray[np.generic], fill: float) -> Iterator[NDArray[np.generic]]:
    """The tiles of some rows, row by row, filled up where the image ends."""
    for top in range(0, image.shape[0], TILE):
        for left in range(0, image.shape[1], TILE):
            part = image[top : top + TILE, left : left + TILE]
            tile = np.full((TILE, TILE), fill, image.dtype)
            tile[: part.shape[0], : part.shape[1]] = part
            yield tile


def predictor(dtype: np.dtype[np.generic]) -> int:
    """Differences along a row, of floats by their bits too: all readers know these.

    Not of 64 bits, which few do, nor the predictor made for floats: some need a library for it.
    """
    return HORIZONTAL if dtype.itemsize < LONG_BYTES else NO_PREDICTOR


def predicted(tile: NDArray[np.generic]) -> bytes:
    """A tile, little-endian, as its predictor leaves it (TIFF 6.0, section 14)."""
    words = np.ascontiguousarray(tile).view(f"<u{tile.dtype.itemsize}")
    if predictor(tile.dtype) == HORIZONTAL:
        words = np.diff(words, axis=1, prepend=words.dtype.type(0))
    return words.tobytes()
