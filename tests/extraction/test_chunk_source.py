"""One contract for every source of chunks, on this machine and on a real S3 server."""

from pathlib import Path
from typing import Any

import icechunk
import numpy as np
import pytest
import zarr

from atoll.errors import DataError, Unavailable
from atoll.extraction.chunk_source import StoredRange, read_all
from atoll.extraction.sources import KEPT_SOURCES, S3Options, Sources
from atoll.model.coverage import Store
from tests.extraction.seaweed import free_ports, seaweed
from tests.extraction.stores import S3, Shelf, Written

NOISE = np.random.default_rng(0).random((2, 5000))
VALUES = np.arange(60, dtype="<f4").reshape(3, 20)


@pytest.fixture(
    scope="module",
    params=[
        "icechunk-folder",
        "zarr-folder",
        pytest.param("icechunk-s3", marks=pytest.mark.slow),
        pytest.param("zarr-s3", marks=pytest.mark.slow),
    ],
)
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Written:
    kind, where = request.param.split("-")
    server = request.getfixturevalue("s3_server") if where == "s3" else None
    return Shelf(kind, tmp_path_factory.mktemp("stores"), server).write(one_array)


def one_array(store: Any) -> None:
    """`geo/a` in three chunks, the last of which is not stored."""
    array = zarr.create_array(
        store, name="geo/a", shape=(3, 20), chunks=(1, 20), dtype="<f4", compressors=None
    )
    array[:2] = VALUES[:2]


def large_array(store: Any) -> None:
    """Two chunks that Icechunk does not keep in its manifest."""
    array = zarr.create_array(
        store, name="geo/a", shape=NOISE.shape, chunks=(1, 5000), dtype="<f8", compressors=None
    )
    array[:] = NOISE


def read(written: Written, *ranges: StoredRange) -> list[bytes | None]:
    found = read_all(written.source, ranges)
    return [None if stored is None else bytes(stored) for stored in found]


def test_it_reads_a_batch_in_the_order_asked(written: Written) -> None:
    keys = [StoredRange(f"geo/a/c/{number}/0") for number in (1, 0, 1)]
    assert read(written, *keys) == [VALUES[n].tobytes() for n in (1, 0, 1)]


def test_a_chunk_that_was_never_written_is_none(written: Written) -> None:
    keys = [StoredRange(f"geo/a/c/{number}/0") for number in (2, 0)]
    assert read(written, *keys) == [None, VALUES[0].tobytes()]


def test_it_reads_ranges_from_the_start_and_from_the_end(written: Written) -> None:
    whole = VALUES[0].tobytes()
    key = "geo/a/c/0/0"
    wanted = [StoredRange(key, 0, 8), StoredRange(key, 4, 12), StoredRange(key, None, 20)]
    assert read(written, *wanted) == [whole[:8], whole[4:16], whole[-20:]]


def test_a_range_of_a_chunk_that_was_never_written_is_none(written: Written) -> None:
    key = "geo/a/c/2/0"
    assert read(written, StoredRange(key, 0, 8), StoredRange(key, None, 8)) == [None, None]


def test_nothing_asked_is_nothing_read(written: Written) -> None:
    assert read(written) == []


def test_many_at_once(written: Written) -> None:
    assert read(written, *[StoredRange("geo/a/c/1/0")] * 300) == [VALUES[1].tobytes()] * 300


def test_the_same_store_is_opened_once(written: Written) -> None:
    assert written.source is written.source


@pytest.mark.parametrize("kind", ["icechunk", "zarr"])
def test_a_server_that_does_not_answer_is_unavailable(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    (port,) = free_ports(1)
    sources = Sources(S3Options(f"http://127.0.0.1:{port}", "eu-west-1"), tries=1)
    store = Store.model_validate({"kind": kind, "url": "s3://data/nothing"})
    with pytest.raises(Unavailable):
        read_all(sources(store, "Y3H2C4WE89D8A9P4AMH0"), [StoredRange("geo/a/c/0/0")])


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["icechunk", "zarr"])
def test_a_server_that_goes_away_is_unavailable(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seaweed(tmp_path) as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        written = Shelf(kind, tmp_path, server).write(large_array)
        assert read(written, StoredRange("geo/a/c/0/0")) == [NOISE[0].tobytes()]
    with pytest.raises(Unavailable):
        read(written, StoredRange("geo/a/c/1/0"))


def test_a_repository_that_is_gone_is_a_data_error(tmp_path: Path) -> None:
    store = Store(kind="icechunk", url=f"file://{tmp_path}/gone")
    with pytest.raises(DataError, match="repository-not-found"):
        Sources(S3)(store, "Y3H2C4WE89D8A9P4AMH0")


@pytest.mark.parametrize("revision", ["Y3H2C4WE89D8A9P4AMH0", "no snapshot id"])
def test_a_revision_that_is_gone_is_a_data_error(tmp_path: Path, revision: str) -> None:
    written = Shelf("icechunk", tmp_path).write(one_array)
    with pytest.raises(DataError, match="snapshot"):
        written.sources(written.store, revision)


def test_an_array_that_is_gone_is_a_data_error(tmp_path: Path) -> None:
    written = Shelf("icechunk", tmp_path).write(one_array)
    with pytest.raises(DataError, match="node-not-found"):
        read_all(written.source, [StoredRange("geo/b/c/0/0")])


@pytest.mark.parametrize("url", ["https://elsewhere/x", "data", "s3:///x"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(DataError, match="s3://bucket/prefix"):
        Sources(S3)(Store(kind="zarr", url=url), "r1")


def test_revisions_that_nobody_reads_any_more_are_forgotten(tmp_path: Path) -> None:
    written = Shelf("zarr", tmp_path).write(one_array)
    first = written.sources(written.store, "0")
    for revision in range(1, KEPT_SOURCES):
        written.sources(written.store, str(revision))
    assert written.sources(written.store, "0") is first
    written.sources(written.store, "one more")
    assert written.sources(written.store, "0") is not first


def test_each_revision_is_read_as_it_was(tmp_path: Path) -> None:
    written = Shelf("icechunk", tmp_path).write(one_array)
    read(written, StoredRange("geo/a/c/0/0"))  # the repository is open before the next commit
    repository = icechunk.Repository.open(
        icechunk.local_filesystem_storage(written.store.url.removeprefix("file://"))
    )
    session = repository.writable_session("main")
    zarr.open_array(session.store, path="geo/a", mode="r+")[0] = 7
    later = session.commit("changed")
    key = [StoredRange("geo/a/c/0/0")]
    before, after = (
        np.frombuffer(bytes(read_all(written.sources(written.store, at), key)[0] or b""), "<f4")
        for at in (written.revision, later)
    )
    assert np.array_equal(before, VALUES[0])
    assert np.array_equal(after, np.full(20, 7))
