"""Every way of storing that we decode gives what zarr gives; every other way does too."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import numcodecs
import numpy as np
import pytest
import zarr.codecs as zc
import zarr.codecs.numcodecs as zn
from numpy.typing import NDArray

from atoll.errors import DataError
from atoll.extraction.array_reader import Budget, Workers
from atoll.extraction.chunk_source import ChunkSource
from atoll.extraction.codecs import stated_bytes, v2_chain
from atoll.extraction.prepare import open_reader
from atoll.extraction.stored_array import StoredArray, parse_array
from atoll.model.coverage import ChunkGrid
from atoll.model.plan import Piece
from tests.extraction.builders import Field, write
from tests.extraction.stores import Shelf

pytestmark = pytest.mark.slow

type Options = Mapping[str, Any]

VALUES = np.random.default_rng(1).integers(-300, 300, (5, 14, 22)).astype("<i2")
CHUNKS = (2, 5, 8)
SHARDED = {"chunks": (1, 5, 4), "shards": (2, 10, 12)}

KNOWN_V3: dict[str, Options] = {
    "uncompressed": {"compressors": None},
    "zstd": {"compressors": zc.ZstdCodec(level=1)},
    "blosc lz4": {"compressors": zc.BloscCodec(cname="lz4", shuffle="shuffle")},
    "blosc zstd bitshuffle": {"compressors": zc.BloscCodec(cname="zstd", shuffle="bitshuffle")},
    "gzip": {"compressors": zc.GzipCodec(level=1)},
    "zstd, crc32c": {"compressors": [zc.ZstdCodec(), zc.Crc32cCodec()]},
    "big-endian": {"serializer": zc.BytesCodec(endian="big")},
    "transposed": {"filters": [zc.TransposeCodec(order=(2, 0, 1))]},
    "transposed twice": {
        "filters": [zc.TransposeCodec(order=(2, 0, 1)), zc.TransposeCodec(order=(0, 2, 1))]
    },
    "v2 keys": {"chunk_key_encoding": {"name": "v2", "separator": "."}},
    "zlib, shuffle": {"compressors": [zn.Shuffle(elementsize=2), zn.Zlib(level=4)]},
    "zlib, fletcher32": {"compressors": [zn.Zlib(level=4), zn.Fletcher32()]},
    "numcodecs blosc": {"compressors": zn.Blosc(cname="zstd", shuffle=1)},
    "sharded": SHARDED,
    "sharded, blosc within": {**SHARDED, "compressors": zc.BloscCodec(cname="lz4")},
    "sharded, zlib and shuffle within": {
        **SHARDED,
        "compressors": [zn.Shuffle(elementsize=2), zn.Zlib(level=4)],
    },
    "sharded, index first": {
        "chunks": (1, 5, 4),
        "shards": {"shape": (2, 10, 12), "index_location": "start"},
    },
    "sharded, transposed within": {**SHARDED, "filters": [zc.TransposeCodec(order=(1, 2, 0))]},
    "sharded, big-endian within": {**SHARDED, "serializer": zc.BytesCodec(endian="big")},
}
KNOWN_V2: dict[str, Options] = {
    "v2 uncompressed": {"compressors": None},
    "v2 blosc": {"compressors": numcodecs.Blosc("zstd", 1, numcodecs.Blosc.SHUFFLE)},
    "v2 zlib, shuffle": {"compressors": numcodecs.Zlib(1), "filters": [numcodecs.Shuffle(2)]},
    "v2 zstd, delta": {"compressors": numcodecs.Zstd(1), "filters": [numcodecs.Delta("<i2")]},
    "v2 lz4": {"compressors": numcodecs.LZ4()},
    "v2 gzip, order F": {"compressors": numcodecs.GZip(1), "order": "F"},
    "v2 zlib, fletcher32": {"compressors": numcodecs.Zlib(1), "filters": [numcodecs.Fletcher32()]},
    "v2 nested keys": {"chunk_key_encoding": {"name": "v2", "separator": "/"}},
}
UNKNOWN: dict[str, Options] = {
    "numcodecs delta": {"filters": [zn.Delta(dtype="<i2")]},
    "fixedscaleoffset": {"filters": [zn.FixedScaleOffset(offset=0, scale=1, dtype="<i2")]},
}
CASES: dict[str, tuple[int, Options]] = {
    **{name: (3, options) for name, options in (KNOWN_V3 | UNKNOWN).items()},
    **{name: (2, options) for name, options in KNOWN_V2.items()},
}
WHOLE = tuple((Piece(start=0, stop=length),) for length in VALUES.shape)
# Backwards with a step; two pieces that share a chunk; one node.
MIXED = (
    (Piece(start=4, stop=-1, step=-2),),
    (Piece(start=3, stop=4),),
    (Piece(start=15, stop=22, shift=-360.0), Piece(start=0, stop=14, step=3)),
)


def read(
    array: StoredArray, source: ChunkSource, pieces: tuple[tuple[Piece, ...], ...]
) -> NDArray[np.generic]:
    reader, dtype = open_reader("test/a", array, pieces, source)
    shape = tuple(sum(len(piece.indices) for piece in run) for run in pieces)
    target = np.empty(shape, dtype)
    with ThreadPoolExecutor(2) as threads:
        box = tuple(range(length) for length in shape)
        for done in reader.fill(box, target, Workers(threads, Budget(500))):
            done.result()
    return target


def expected(values: NDArray[Any], pieces: tuple[tuple[Piece, ...], ...]) -> NDArray[Any]:
    return values[np.ix_(*[[i for piece in run for i in piece.indices] for run in pieces])]


@pytest.mark.filterwarnings("ignore:Numcodecs codecs are not in the Zarr version 3")
@pytest.mark.parametrize("name", CASES)
def test_what_is_read_is_what_was_written(name: str, tmp_path: Path) -> None:
    zarr_format, options = CASES[name]
    field = Field((), VALUES, stored={"chunks": CHUNKS, "fill_value": -7, **options})
    kept: dict[str, ChunkGrid] = {}

    def fill(store: Any) -> None:
        kept["grid"] = write(store, "geo/a", field, zarr_format)

    written = Shelf("zarr", tmp_path).write(fill)
    array = parse_array("geo/a", kept["grid"].metadata)
    assert (array.chain is None) == (name in UNKNOWN)
    for pieces in (WHOLE, MIXED):
        found = read(array, written.source, pieces)
        assert np.array_equal(found, expected(VALUES, pieces))


@pytest.mark.parametrize(
    ("name", "kind"),  # Icechunk keeps Zarr v3 only
    [("v2 blosc", "zarr"), *product(("zstd", "sharded"), ("zarr", "icechunk"))],
)
def test_what_is_not_stored_is_fill(name: str, kind: str, tmp_path: Path) -> None:
    zarr_format, options = CASES[name]
    field = Field(
        (),
        VALUES,
        stored={"chunks": CHUNKS, "fill_value": -7, **options},
        written=(slice(0, 2), slice(0, 10), slice(0, 5)),
    )
    kept: dict[str, ChunkGrid] = {}
    written = Shelf(kind, tmp_path).write(
        lambda store: kept.update(grid=write(store, "geo/a", field, zarr_format))
    )
    stored = np.full_like(VALUES, -7)
    stored[:2, :10, :5] = VALUES[:2, :10, :5]
    array = parse_array("geo/a", kept["grid"].metadata)
    for pieces in (WHOLE, MIXED):
        assert np.array_equal(read(array, written.source, pieces), expected(stored, pieces))


@pytest.mark.parametrize(
    ("dtype", "fill", "meant"),
    [
        ("<f4", np.nan, np.nan),
        ("<f8", np.inf, np.inf),
        (">f4", -np.inf, -np.inf),
        ("<f4", -1e10, np.float32(-1e10)),
        ("<u2", 65535, 65535),
        ("|i1", -128, -128),
        ("<i8", -(2**63), -(2**63)),
        ("?", True, True),
    ],
)
@pytest.mark.parametrize("zarr_format", [2, 3])
def test_fill_values_of_all_types(
    dtype: str, fill: float, meant: float, zarr_format: int, tmp_path: Path
) -> None:
    empty = Field((), np.zeros((4,), dtype), stored={"fill_value": fill}, written=(slice(0, 0),))
    kept: dict[str, ChunkGrid] = {}
    written = Shelf("zarr", tmp_path).write(
        lambda store: kept.update(grid=write(store, "geo/a", empty, zarr_format))
    )
    array = parse_array("geo/a", kept["grid"].metadata)
    found = read(array, written.source, ((Piece(start=0, stop=4),),))
    assert found.dtype.kind == np.dtype(dtype).kind
    assert np.array_equal(found, np.full(4, meant, dtype), equal_nan=np.dtype(dtype).kind == "f")


@pytest.mark.parametrize("zarr_format", [2, 3])
def test_an_array_without_dimensions(zarr_format: int, tmp_path: Path) -> None:
    kept: dict[str, ChunkGrid] = {}
    field = Field((), np.array(42, "i4"))
    written = Shelf("zarr", tmp_path).write(
        lambda store: kept.update(grid=write(store, "geo/crs", field, zarr_format))
    )
    array = parse_array("geo/crs", kept["grid"].metadata)
    assert read(array, written.source, ())[()] == 42


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("uncompressed", "cut"),  # noise would be values
        *product(("zstd", "sharded", "v2 blosc", "zstd, crc32c"), ("cut", "noise")),
    ],
)
def test_a_damaged_chunk_is_named(name: str, damage: str, tmp_path: Path) -> None:
    zarr_format, options = CASES[name]
    field = Field((), VALUES, stored={"chunks": CHUNKS, **options})
    kept: dict[str, ChunkGrid] = {}
    shelf = Shelf("zarr", tmp_path)
    written = shelf.write(lambda store: kept.update(grid=write(store, "geo/a", field, zarr_format)))
    folder = Path(written.store.url.removeprefix("file://"))
    objects = [path for path in (folder / "geo" / "a").rglob("*") if path.name[0] not in ".z"]
    for path in objects:
        if path.is_file():
            stored = path.read_bytes()
            path.write_bytes(stored[: len(stored) // 2] if damage == "cut" else stored[::-1])
    with pytest.raises(DataError, match=r"geo/a|test/a"):
        read(parse_array("geo/a", kept["grid"].metadata), written.source, WHOLE)


LINE = np.arange(4000, dtype="<f4").reshape(4, 1000) + 1
COMPRESSORS = {
    "blosc": numcodecs.Blosc("lz4", 5),
    "zstd": numcodecs.Zstd(1),
    "gzip": numcodecs.GZip(1),
    "zlib": numcodecs.Zlib(1),
    "lz4": numcodecs.LZ4(),
    "bz2": numcodecs.BZ2(1),
    "lzma": numcodecs.LZMA(),
}
CHAINS: dict[str, Options] = {
    **{name: {"compressors": [codec]} for name, codec in COMPRESSORS.items()},
    "shuffle": {"compressors": None, "filters": [numcodecs.Shuffle(4)]},
    "zlib, shuffle": {"compressors": [COMPRESSORS["zlib"]], "filters": [numcodecs.Shuffle(4)]},
}


@pytest.mark.parametrize("name", CHAINS)
@pytest.mark.parametrize("length", [10, 500, 999, 1001, 3000])
@pytest.mark.parametrize("taken", [1000, 999])  # all of a chunk is decoded where it will lie
def test_a_chunk_of_another_length_is_named(
    name: str, length: int, taken: int, tmp_path: Path
) -> None:
    options = {"chunks": (1, 1000), **CHAINS[name]}
    kept: dict[str, ChunkGrid] = {}
    written = Shelf("zarr", tmp_path).write(
        lambda store: kept.update(grid=write(store, "geo/a", Field((), LINE, stored=options), 2))
    )
    encoded = np.full(length, -1, "<f4")
    for codec in (*options.get("filters", ()), *(options["compressors"] or ())):
        encoded = codec.encode(encoded)
    folder = Path(written.store.url.removeprefix("file://"))
    (folder / "geo/a/2.0").write_bytes(bytes(encoded))
    array = parse_array("geo/a", kept["grid"].metadata)
    pieces = (Piece(start=0, stop=4),), (Piece(start=0, stop=taken),)
    with pytest.raises(DataError, match=r"test/a: chunk 2\.0 does not decode"):
        read(array, written.source, pieces)


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 65791, 65792, 10**6])
def test_the_length_that_a_stream_states_is_its_length(size: int) -> None:
    data = np.random.default_rng(2).integers(0, 255, size, "u1")
    for name in ("blosc", "zstd", "lz4") if size else ("zstd",):
        assert stated_bytes(name, COMPRESSORS[name].encode(data)) == size
    assert stated_bytes("gzip", COMPRESSORS["gzip"].encode(data)) is None


def test_a_zstd_stream_of_no_stated_length_is_read() -> None:
    # The same frame without its Frame_Content_Size: a window of 1 MiB instead.
    frame = bytes(numcodecs.Zstd(1).encode(np.zeros(100, "<f4")))
    assert frame[4] == 0x60  # single segment, a size of two bytes
    unsized = frame[:4] + bytes([0, 0x50]) + frame[7:]
    assert stated_bytes("zstd", unsized) is None
    chain = v2_chain((100,), {"dtype": "<f4", "compressor": {"id": "zstd"}, "order": "C"})
    assert np.array_equal(chain.decode(unsized), np.zeros(100))


def test_a_store_that_has_vanished_is_no_fill(tmp_path: Path) -> None:
    field = Field((), VALUES, stored={"chunks": CHUNKS})
    kept: dict[str, ChunkGrid] = {}
    written = Shelf("zarr", tmp_path).write(
        lambda store: kept.update(grid=write(store, "geo/a", field))
    )
    array = parse_array("geo/gone", kept["grid"].metadata)
    with pytest.raises(DataError, match="test/a: the array is not in the store any more"):
        read(array, written.source, WHOLE)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"zarr_format": 3}', '{"zarr_format": 2}']
)
def test_metadata_that_cannot_be_read(text: str) -> None:
    with pytest.raises(DataError, match="geo/a: its Zarr metadata cannot be read"):
        parse_array("geo/a", text)
