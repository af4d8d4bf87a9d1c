"""Shards: which bytes are asked for, what is kept between jobs, what is said of damage."""

from collections import Counter
from collections.abc import Buffer, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from atoll.errors import DataError
from atoll.extraction.chunk_source import ChunkSource, StoredRange
from atoll.extraction.fetches import GAP_BYTES, RUN_BYTES, SHARDS_AT_ONCE
from atoll.extraction.shard_indexes import KeptIndexes
from atoll.extraction.stored_array import StoredArray, parse_array
from atoll.model.coverage import ChunkGrid
from atoll.model.plan import Piece
from tests.extraction.builders import Field, write
from tests.extraction.stores import Shelf, Written
from tests.extraction.test_decoding import expected, read

pytestmark = pytest.mark.slow

type Asked = list[StoredRange]

# 16 inner chunks of 256 KiB in each of two shards, one behind the other.
NODES, CHUNK, SHARD = 2**20, 2**15, 2**19
NOISE = np.random.default_rng(0).random(NODES)
CHUNK_BYTES = CHUNK * 8


class Recorded:
    """A source that remembers what it was asked."""

    def __init__(self, source: ChunkSource) -> None:
        self.asked: Asked = []
        self._source = source

    def fetch(self, ranges: Sequence[StoredRange]) -> list[Future[Buffer | None]]:
        self.asked.extend(ranges)
        return self._source.fetch(ranges)

    def take(self) -> Asked:
        asked, self.asked = self.asked, []
        return asked


def stored(field: Field, folder: Path) -> tuple[StoredArray, Written]:
    kept: dict[str, ChunkGrid] = {}
    written = Shelf("zarr", folder).write(
        lambda store: kept.update(grid=write(store, "geo/a", field))
    )
    return parse_array("geo/a", kept["grid"].metadata), written


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> tuple[StoredArray, Written]:
    options = {"chunks": (CHUNK,), "shards": (SHARD,), "compressors": None}
    return stored(Field((), NOISE, stored=options), tmp_path_factory.mktemp("shards"))


def taken(*nodes: tuple[int, int]) -> tuple[tuple[Piece, ...]]:
    return (tuple(Piece(start=start, stop=stop) for start, stop in nodes),)


@pytest.mark.parametrize(
    ("pieces", "runs"),
    [
        # Neighbours are one request, up to the length of a run.
        (taken((0, 2 * CHUNK)), [(0, 2)]),
        (taken((0, 16 * CHUNK)), [(0, 8), (8, 16)]),
        # A gap as long as is worth reading over; a longer one.
        (taken((0, 5), (2 * CHUNK, 2 * CHUNK + 5)), [(0, 3)]),
        (taken((0, 5), (3 * CHUNK, 3 * CHUNK + 5)), [(0, 1), (3, 4)]),
        # Asked for from the end on: the same requests.
        (((Piece(start=2 * CHUNK - 1, stop=-1, step=-1),),), [(0, 2)]),
    ],
)
def test_near_chunks_are_one_request(
    pieces: Any, runs: list[tuple[int, int]], line: tuple[StoredArray, Written]
) -> None:
    assert (GAP_BYTES, RUN_BYTES) == (CHUNK_BYTES, 8 * CHUNK_BYTES)
    array, written = line
    source = Recorded(written.source)
    assert np.array_equal(read(array, source, pieces), expected(NOISE, pieces))
    index, *asked = source.take()
    assert index.start is None
    assert sorted((one.start, one.length) for one in asked) == [
        (first * CHUNK_BYTES, (stop - first) * CHUNK_BYTES) for first, stop in runs
    ]


def test_an_index_is_read_once_in_the_life_of_a_process(
    line: tuple[StoredArray, Written],
) -> None:
    array, written = line
    source = Recorded(written.source)
    pieces = taken((0, NODES))
    for expected_indexes in (2, 0):
        assert np.array_equal(read(array, source, pieces), NOISE)
        indexes = Counter(one.key for one in source.take() if one.start is None)
        assert sum(indexes.values()) == expected_indexes


def test_another_revision_has_indexes_of_its_own(tmp_path: Path) -> None:
    options = {"chunks": (1,), "shards": (8,), "compressors": None}
    for values in (np.arange(8.0), np.array([9.0, 0, 0, 0, 0, 0, 0, 7.0])):
        array, written = stored(Field((), values, stored=options), tmp_path)
        assert np.array_equal(read(array, written.source, taken((0, 8))), values)


def test_more_shards_than_are_asked_for_at_once(tmp_path: Path) -> None:
    values = 1 + np.arange(12.0 * SHARDS_AT_ONCE).reshape(6 * SHARDS_AT_ONCE, 2)
    options = {"chunks": (1, 1), "shards": (2, 2)}
    array, written = stored(Field((), values, stored=options), tmp_path)
    source = Recorded(written.source)
    pieces = (Piece(start=len(values) - 1, stop=-1, step=-1),), (Piece(start=0, stop=2),)
    assert np.array_equal(read(array, source, pieces), values[::-1])
    # One index and one run of chunks a shard.
    assert Counter(one.start is None for one in source.take()) == {
        True: 3 * SHARDS_AT_ONCE,
        False: 3 * SHARDS_AT_ONCE,
    }


def test_indexes_not_used_for_longest_are_forgotten(line: tuple[StoredArray, Written]) -> None:
    source = line[1].source
    index = np.zeros((100, 2), np.uint64)
    kept = KeptIndexes(most_bytes=3 * (index.nbytes + 512))
    kept.keep(source, {"a": index, "b": None, "c": index})
    assert set(kept.known(source, ["a", "b", "c"])) == {"a", "b", "c"}
    kept.known(source, ["a", "b"])
    kept.keep(source, {"d": index})
    assert set(kept.known(source, ["a", "b", "c", "d"])) == {"a", "b", "d"}
    assert kept.known(source, ["b"]) == {"b": None}


BLOCK = np.arange(64.0).reshape(8, 8)


def damaged(folder: Path, cut: slice, location: str) -> tuple[StoredArray, Written]:
    """Two shards, the second of which has no more than `cut` of its bytes."""
    shards = {"shape": (4, 8), "index_location": location}
    options = {"chunks": (2, 2), "shards": shards, "compressors": None}
    array, written = stored(Field((), BLOCK, stored=options), folder)
    path = Path(written.store.url.removeprefix("file://")) / "geo/a/c/1/0"
    path.write_bytes(path.read_bytes()[cut])
    return array, written


@pytest.mark.parametrize(
    ("cut", "location", "said"),
    [
        (slice(-140), "end", r"test/a: shard 1\.0 has a damaged index"),
        (slice(40), "end", r"test/a: shard 1\.0 is shorter than its index"),
        (slice(0, 150), "start", r"test/a: chunk 2\.0 does not decode"),
    ],
)
def test_a_damaged_shard_is_named(cut: slice, location: str, said: str, tmp_path: Path) -> None:
    array, written = damaged(tmp_path, cut, location)
    whole = tuple((Piece(start=0, stop=8),) for _ in range(2))
    with pytest.raises(DataError, match=said):
        read(array, written.source, whole)
    first = (Piece(start=0, stop=4),), (Piece(start=0, stop=8),)
    assert np.array_equal(read(array, written.source, first), BLOCK[:4])


def test_a_shard_that_vanishes_is_no_fill(tmp_path: Path) -> None:
    array, written = damaged(tmp_path, slice(None), "end")
    whole = tuple((Piece(start=0, stop=8),) for _ in range(2))
    assert np.array_equal(read(array, written.source, whole), BLOCK)
    (Path(written.store.url.removeprefix("file://")) / "geo/a/c/1/0").unlink()
    with pytest.raises(DataError, match=r"chunk 2\.0 was in a shard that has vanished"):
        read(array, written.source, whole)
