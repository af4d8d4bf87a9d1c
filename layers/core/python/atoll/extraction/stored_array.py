"""One Zarr array as its metadata document says it is stored. Read from text; no request."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
from numpy.typing import NDArray

from atoll.errors import DataError
from atoll.extraction.codecs import (
    Chain,
    Json,
    JsonObject,
    UnknownCodec,
    fill_scalar,
    v2_chain,
    v3_chain,
)

INDEX_ENTRY_BYTES = 16  # offset and length, each u8
CRC32C_BYTES = 4


@dataclass(frozen=True, slots=True)
class Sharding:
    """How inner chunks lie in a shard (Zarr v3 `sharding_indexed`).

    Attributes:
        chunks: inner chunks along each dimension of a shard.
        at_end: the index is behind the chunks, else before them.
        checked: the index ends with its CRC-32C.
        little: byte order of the index.
    """

    chunks: tuple[int, ...]
    at_end: bool
    checked: bool
    little: bool

    @property
    def index_bytes(self) -> int:
        """Size of a shard's index, its checksum included."""
        return prod(self.chunks) * INDEX_ENTRY_BYTES + (CRC32C_BYTES if self.checked else 0)


@dataclass(frozen=True, slots=True)
class StoredArray:
    """What is needed to find and decode the chunks of one array.

    Attributes:
        path: of the array in its store.
        shape: of the array.
        chunk_shape: of what one decode gives: the inner chunk of a sharded array.
        chain: None = zarr itself reads this array.
        fill: what a chunk that is not stored is full of.
        sharding: None = every chunk is an object of its own.
        key_prefix, separator: an object's key is `path/prefix + indices joined`.
        empty_key: the key's end where the array has no dimension.
        document: name of the metadata document beside the chunks.
    """

    path: str
    shape: tuple[int, ...]
    chunk_shape: tuple[int, ...]
    chain: Chain | None
    fill: NDArray[np.generic]
    sharding: Sharding | None
    key_prefix: str
    separator: str
    empty_key: str
    document: str

    def key(self, index: Sequence[int]) -> str:
        """The object that holds chunk (or shard) `index`."""
        end = self.separator.join(map(str, index))
        return f"{self.path}/{self.key_prefix}{end}" if index else f"{self.path}/{self.empty_key}"


@lru_cache(maxsize=256)
def parse_array(path: str, metadata: str) -> StoredArray:
    """Read a Zarr metadata document: zarr.json, or .zarray with zarr_format in it.

    Raises:
        DataError: it is not one.
    """
    try:
        document: JsonObject = json.loads(metadata)
        parse = _parse_v3 if document["zarr_format"] == 3 else _parse_v2  # noqa: PLR2004
        return parse(path, document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{path}: its Zarr metadata cannot be read", {"array": path}) from error


def _ints(value: Json) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise TypeError("a list of integers was expected")
    return tuple(int(str(item)) for item in value)


def _table(value: Json) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise TypeError("an object was expected")
    return value


def _tables(value: Json) -> list[dict[str, Json]]:
    if not isinstance(value, list):
        raise TypeError("a list of objects was expected")
    return [_table(item) for item in value]


def _parse_v3(path: str, document: JsonObject) -> StoredArray:
    chunk_shape = _ints(_table(_table(document["chunk_grid"])["configuration"])["chunk_shape"])
    codecs = _tables(document["codecs"])
    sharding, inner = None, chunk_shape
    chain: Chain | None
    try:
        if document.get("storage_transformers"):
            raise UnknownCodec("storage_transformers")  # noqa: TRY301
        if codecs[0]["name"] == "sharding_indexed":
            inner, codecs, sharding = _sharding(chunk_shape, codecs)
        chain = v3_chain(inner, document["data_type"], codecs)
        fill = fill_scalar(document["fill_value"], chain.dtype)
    except UnknownCodec:
        chain, sharding, inner, fill = None, None, chunk_shape, np.zeros((), np.uint8)
    encoding = _table(document["chunk_key_encoding"])
    default = encoding["name"] == "default"
    configured = _table(encoding.get("configuration", {}))
    separator = str(configured.get("separator", "/" if default else "."))
    return StoredArray(
        path=path,
        shape=_ints(document["shape"]),
        chunk_shape=inner,
        chain=chain,
        fill=fill,
        sharding=sharding,
        key_prefix=f"c{separator}" if default else "",
        separator=separator,
        empty_key="c" if default else "0",
        document="zarr.json",
    )


def _sharding(
    shard_shape: tuple[int, ...], codecs: list[dict[str, Json]]
) -> tuple[tuple[int, ...], list[dict[str, Json]], Sharding]:
    """The inner chunk's shape and codecs, and how they are found."""
    if len(codecs) != 1:
        raise UnknownCodec("codecs around sharding_indexed")
    configuration = _table(codecs[0]["configuration"])
    inner = _ints(configuration["chunk_shape"])
    index = _tables(configuration["index_codecs"])
    names = [codec["name"] for codec in index]
    if names not in (["bytes"], ["bytes", "crc32c"]):
        raise UnknownCodec(f"index codecs {names}")
    endian = _table(index[0].get("configuration", {})).get("endian", "little")
    sharding = Sharding(
        chunks=tuple(outer // step for outer, step in zip(shard_shape, inner, strict=True)),
        at_end=configuration.get("index_location", "end") == "end",
        checked=len(index) > 1,
        little=endian == "little",
    )
    return inner, _tables(configuration["codecs"]), sharding


def _parse_v2(path: str, document: JsonObject) -> StoredArray:
    shape, chunk_shape = _ints(document["shape"]), _ints(document["chunks"])
    chain: Chain | None
    try:
        chain = v2_chain(chunk_shape, document)
        fill = fill_scalar(document.get("fill_value"), chain.dtype)
    except UnknownCodec:
        chain, fill = None, np.zeros((), np.uint8)
    return StoredArray(
        path=path,
        shape=shape,
        chunk_shape=chunk_shape,
        chain=chain,
        fill=fill,
        sharding=None,
        key_prefix="",
        separator=str(document.get("dimension_separator", ".")),
        empty_key="0",
        document=".zarray",
    )
