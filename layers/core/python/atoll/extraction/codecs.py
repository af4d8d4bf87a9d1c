"""From stored bytes to an array, for the codecs that CF data in Zarr are written with.

What is not in the tables here is not guessed at: `UnknownCodec` sends the array to zarr.
"""

import base64
import threading
from collections.abc import Buffer, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Protocol

import numcodecs
import numcodecs.blosc
import numpy as np
from numcodecs.abc import Codec
from numpy.typing import NDArray

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None
type JsonObject = Mapping[str, Json]

# Chunks are decoded in several threads already.
numcodecs.blosc.use_threads = False

ZSTD_MAGIC = bytes.fromhex("28b52ffd")
BLOSC_HEAD_BYTES = 16
LONGEST_HEAD_BYTES = 18  # zstd's: magic, descriptor, window, dictionary, size

# Zarr v3 name -> numcodecs id. Configuration matters to these when encoding only.
V3_BYTES = {
    "blosc": "blosc",
    "zstd": "zstd",
    "gzip": "gzip",
    "crc32c": "crc32c",
    "zlib": "zlib",
    "numcodecs.blosc": "blosc",
    "numcodecs.zstd": "zstd",
    "numcodecs.gzip": "gzip",
    "numcodecs.zlib": "zlib",
    "numcodecs.lz4": "lz4",
    "numcodecs.bz2": "bz2",
    "numcodecs.lzma": "lzma",
    "numcodecs.fletcher32": "fletcher32",
}
# Zarr v2 ids whose numcodecs decoder is the definition of the format.
V2_COMPRESSORS = frozenset({"blosc", "zstd", "gzip", "zlib", "lz4", "bz2", "lzma"})
V2_FILTERS = frozenset(
    {"shuffle", "delta", "fixedscaleoffset", "crc32", "adler32", "crc32c", "fletcher32"}
)
V3_DTYPES = {
    f"{kind}{8 * size}": f"{code}{size}"
    for kind, code, sizes in (
        ("int", "i", (1, 2, 4, 8)),
        ("uint", "u", (1, 2, 4, 8)),
        ("float", "f", (2, 4, 8)),
    )
    for size in sizes
} | {"bool": "?"}


class UnknownCodec(Exception):
    """The array needs something that is not in the tables here."""


class Decoder(Protocol):
    """numcodecs' side of a codec that we use."""

    codec_id: str

    def decode(self, buf: Buffer, out: Buffer | None = None) -> Buffer:
        """Decode into `out`, or into a new buffer."""
        ...


_scratch = threading.local()


def scratch(nbytes: int) -> NDArray[np.uint8]:
    """This thread's own buffer: the same memory again, so that no page is faulted in twice."""
    held: NDArray[np.uint8] | None = getattr(_scratch, "buffer", None)
    if held is None or held.size < nbytes:
        held = np.empty(nbytes, np.uint8)
        _scratch.buffer = held
    return held[:nbytes]


@dataclass(frozen=True, slots=True)
class Chain:
    """How one chunk was encoded.

    Attributes:
        dtype: as stored, byte order included.
        shape: of a decoded chunk, in the array's own order of dimensions.
        order: stored dimension order: a permutation of the array's.
        decoders: bytes to bytes, in the order of decoding.
    """

    dtype: np.dtype[np.generic]
    shape: tuple[int, ...]
    order: tuple[int, ...]
    decoders: tuple[Decoder, ...]

    @property
    def nbytes(self) -> int:
        """Of a decoded chunk."""
        return prod(self.shape) * self.dtype.itemsize

    @property
    def stored_shape(self) -> tuple[int, ...]:
        """Of a decoded chunk, in stored dimension order."""
        return tuple(self.shape[axis] for axis in self.order)

    def plain(self) -> bool:
        """Say whether stored dimension order is the array's."""
        return self.order == tuple(range(len(self.shape)))

    def decode(
        self, stored: Buffer, target: NDArray[np.generic] | None = None
    ) -> NDArray[np.generic]:
        """Decode one chunk.

        Args:
            stored: as read.
            target: contiguous, of the chunk's shape and dtype: decode into it.

        Returns:
            the chunk, in the array's order of dimensions; without a target it may lie in
            memory that the next call of this thread overwrites.

        Raises:
            Exception: whatever a codec says of bytes that are not its own.
        """
        out = None if target is None else target.reshape(-1).view(np.uint8)
        flat = self._flat(stored, out)
        if flat.nbytes != self.nbytes:
            raise ValueError(f"{flat.nbytes} bytes where {self.nbytes} were expected")
        if out is not None and flat.ctypes.data != out.ctypes.data:
            out[...] = flat
            flat = out
        return self.shaped(flat)

    def shaped(self, flat: NDArray[np.uint8]) -> NDArray[np.generic]:
        """Decoded bytes as an array, in the array's order of dimensions."""
        return flat.view(self.dtype).reshape(self.stored_shape).transpose(np.argsort(self.order))

    def _flat(self, stored: Buffer, out: NDArray[np.uint8] | None) -> NDArray[np.uint8]:
        data = stored
        for decoder in self.decoders[:-1]:
            data = decoder.decode(data)
        if self.decoders:
            data = self._last(self.decoders[-1], data, out)
        return np.frombuffer(data, np.uint8)

    def _last(self, decoder: Decoder, data: Buffer, out: NDArray[np.uint8] | None) -> Buffer:
        """Decode into memory at hand where that will be full.

        numcodecs gives all of `out` back, whatever part of it was written: what an earlier
        chunk left there would pass for data.
        """
        stated = stated_bytes(decoder.codec_id, data)
        if stated is not None and stated > self.nbytes:
            raise ValueError(f"{stated} bytes where {self.nbytes} were expected")
        if stated != self.nbytes:
            return decoder.decode(data)
        return decoder.decode(data, out=scratch(self.nbytes) if out is None else out)


def stated_bytes(codec_id: str, data: Buffer) -> int | None:
    """The decoded size that a stream states in its head; None = it states none.

    Of those codecs that decode into memory they are given; the others copy there.
    """
    stored = memoryview(data).cast("B")
    head = bytes(stored[:LONGEST_HEAD_BYTES])
    found: int | None = None
    if codec_id == "blosc" and len(head) >= BLOSC_HEAD_BYTES:
        found = int.from_bytes(head[4:8], "little")
    elif codec_id == "zstd" and head.startswith(ZSTD_MAGIC):
        found = _zstd_content_bytes(head)
    elif codec_id == "lz4":  # numcodecs puts it in front of the block
        found = int.from_bytes(head[:4], "little")
    elif codec_id == "shuffle":
        found = stored.nbytes
    return found


def _zstd_content_bytes(head: bytes) -> int | None:
    """Frame_Content_Size of the first frame (RFC 8878, 3.1.1.1)."""
    descriptor = head[4]
    single_segment = bool(descriptor & 0x20)
    at = 5 + (not single_segment) + (0, 1, 2, 4)[descriptor & 3]
    size = (int(single_segment), 2, 4, 8)[descriptor >> 6]
    if not size:
        return None
    # Sizes of two bytes begin at 256.
    return int.from_bytes(head[at : at + size], "little") + (256 if size == 2 else 0)  # noqa: PLR2004


def v3_chain(shape: tuple[int, ...], data_type: Json, codecs: Sequence[JsonObject]) -> Chain:
    """The chain of Zarr v3 codecs, of a whole chunk or of an inner one.

    Raises:
        UnknownCodec: for zarr itself.
    """
    order = tuple(range(len(shape)))
    code = V3_DTYPES.get(data_type) if isinstance(data_type, str) else None
    if code is None:
        raise UnknownCodec(str(data_type))
    rest = list(codecs)
    while rest and rest[0]["name"] == "transpose":
        steps = _configuration(rest.pop(0)).get("order")
        if not isinstance(steps, list) or not all(isinstance(step, int) for step in steps):
            raise UnknownCodec("transpose")
        order = tuple(order[int(str(step))] for step in steps)
    if not rest or rest[0]["name"] != "bytes":
        raise UnknownCodec(str(rest[:1]))
    little = _configuration(rest.pop(0)).get("endian", "little") == "little"
    dtype = np.dtype(code).newbyteorder("<" if little else ">")
    return Chain(dtype, shape, order, tuple(_v3_decoder(codec, dtype) for codec in reversed(rest)))


def _v3_decoder(codec: JsonObject, dtype: np.dtype[np.generic]) -> Decoder:
    name = codec["name"]
    if name in ("numcodecs.shuffle", "shuffle"):
        size = _configuration(codec).get("elementsize", dtype.itemsize)
        return _decoder({"id": "shuffle", "elementsize": size})
    if not isinstance(name, str) or name not in V3_BYTES:
        raise UnknownCodec(str(name))
    return _decoder({"id": V3_BYTES[name]})


def _configuration(codec: JsonObject) -> JsonObject:
    found = codec.get("configuration")
    return found if isinstance(found, dict) else {}


def _decoder(configuration: JsonObject) -> Decoder:
    try:
        made: Codec = numcodecs.get_codec(dict(configuration))
    except (ValueError, TypeError) as error:  # not built into this numcodecs
        raise UnknownCodec(str(configuration.get("id"))) from error
    decoder: Decoder = made
    return decoder


def v2_chain(shape: tuple[int, ...], document: JsonObject) -> Chain:
    """The chain of a Zarr v2 array. Raises: as v3_chain."""
    kind = document["dtype"]
    if not isinstance(kind, str) or np.dtype(kind).kind not in "iufb":
        raise UnknownCodec(str(kind))
    compressor, filters = document.get("compressor"), document.get("filters") or []
    steps = [compressor] if isinstance(compressor, dict) else []
    names = [step.get("id") for step in steps]
    kept = [step for step in filters if isinstance(step, dict)] if isinstance(filters, list) else []
    if any(name not in V2_COMPRESSORS for name in names) or any(
        step.get("id") not in V2_FILTERS for step in kept
    ):
        raise UnknownCodec(f"{names} {kept}")
    order = range(len(shape)) if document.get("order") == "C" else reversed(range(len(shape)))
    decoders = tuple(_decoder(step) for step in [*steps, *reversed(kept)])
    return Chain(np.dtype(kind), shape, tuple(order), decoders)


def fill_scalar(value: Json, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """What a chunk that is not stored is full of, from Zarr's JSON; without dimensions.

    `null` is zero, as zarr reads it; floats may be `NaN`, `Infinity`, `-Infinity`, bits in
    hexadecimal (v3) or base64 (v2).
    """
    if isinstance(value, str) and value.startswith("0x"):
        raw = int(value, 16).to_bytes(dtype.itemsize, "big")
        return np.frombuffer(raw, dtype.newbyteorder(">")).astype(dtype).reshape(())
    if isinstance(value, str) and value.lstrip("-") not in ("NaN", "Infinity"):
        return np.frombuffer(base64.b64decode(value), dtype).reshape(())
    return np.array(0 if value is None else value).astype(dtype)


def crc32c(data: bytes) -> int:
    """CRC-32C, as numcodecs has it."""
    checked: bytes = numcodecs.get_codec({"id": "crc32c"}).encode(data)
    return int.from_bytes(bytes(checked)[-4:], "little")
