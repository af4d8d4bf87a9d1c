"""Old revisions end, their bytes come back, and nobody who may still read loses anything."""

from datetime import UTC, datetime, timedelta
from typing import Any

import icechunk
import numpy as np
import pytest
import zarr

from atoll.errors import InvalidParameter, Unavailable, UnknownDataset
from atoll.publication import retention
from atoll.publication.pins import pin
from atoll.publication.repository import Target, open_repository
from atoll.publication.retention import retain
from tests.publication.builders import Grid, put, replace
from tests.services.crashes import Killed

pytestmark = pytest.mark.slow

KEEP = timedelta(days=3)
NONE: frozenset[str] = frozenset()
PLACE: dict[str, Any] = {
    "latitudes": np.linspace(-80, 80, 40),
    "longitudes": np.linspace(0, 354, 60),
}


def maps(seed):
    """Numbers that do not compress."""
    return np.random.default_rng(seed).uniform(0, 1, (4, 40, 60)).astype("f4")


def file(folder, seed):
    return Grid(maps(seed), range(4), **PLACE).write(folder / f"{seed}.nc")


@pytest.fixture
def revisions(tmp_path, bench):
    """The same days, put and corrected three times."""
    first = bench.deliver(put(file(tmp_path, 0))).revision
    return [first, *(bench.deliver(replace(file(tmp_path, seed))).revision for seed in (1, 2, 3))]


def later():
    """A time at which all that has been done is old."""
    return datetime.now(UTC) + KEEP


def size_bytes(bench):
    return sum(path.stat().st_size for path in bench.folder.rglob("*") if path.is_file())


def tags(bench):
    return open_repository(bench.target, "d").list_tags()


def values(bench, **place):
    session = open_repository(bench.target, "d").readonly_session(**place)
    return np.asarray(zarr.open_array(session.store, path="geo/t2m", mode="r"))


def test_old_revisions_end_and_their_bytes_come_back(bench, revisions):
    before = size_bytes(bench)
    freed = retain(bench.target, "d", KEEP, later(), NONE)
    assert freed.revisions == frozenset(revisions[:-1])
    assert np.array_equal(values(bench, branch="main"), maps(3))
    assert before - size_bytes(bench) > 2.5 * 2 * maps(0).nbytes  # of three revisions, two layouts
    assert freed.size_bytes > 2.5 * 2 * maps(0).nbytes
    with pytest.raises(icechunk.IcechunkError):
        values(bench, snapshot_id=revisions[1])


def test_a_revision_s_age_counts_from_its_successor(tmp_path, bench):
    old = bench.deliver(put(file(tmp_path, 0))).revision
    replaced = bench.deliver(replace(file(tmp_path, 1))).revision
    then = datetime.now(UTC)
    bench.deliver(replace(file(tmp_path, 2)))
    freed = retain(bench.target, "d", KEEP, then + KEEP, NONE)
    assert freed.revisions == {old}
    assert np.array_equal(values(bench, snapshot_id=replaced), maps(1))


def test_what_is_young_stays(bench, revisions):
    before = size_bytes(bench)
    freed = retain(bench.target, "d", KEEP, datetime.now(UTC), NONE)
    assert (freed.revisions, freed.branches, freed.size_bytes) == (frozenset(), (), 0)
    assert size_bytes(bench) >= before
    for seed, revision in enumerate(revisions):
        assert np.array_equal(values(bench, snapshot_id=revision), maps(seed))


def test_revisions_stay_for_citations_and_for_jobs_that_read_them(bench, revisions):
    repository = open_repository(bench.target, "d")
    repository.create_tag("citation-10.5281.1", revisions[0])
    running = repository.readonly_session(snapshot_id=revisions[2])
    retain(bench.target, "d", KEEP, later(), {revisions[2]})
    assert retain(bench.target, "d", KEEP, later(), {revisions[2]}).size_bytes == 0
    series = np.asarray(zarr.open_array(running.store, path="time/t2m", mode="r"))
    assert np.array_equal(values(bench, tag="citation-10.5281.1"), maps(0))
    assert np.array_equal(series, maps(2))
    assert np.array_equal(values(bench, snapshot_id=revisions[2]), maps(2))
    assert np.array_equal(values(bench, branch="main"), maps(3))
    with pytest.raises(icechunk.IcechunkError):
        values(bench, snapshot_id=revisions[1])


def test_what_no_job_reads_any_more_ends_the_next_time(bench, revisions):
    retain(bench.target, "d", KEEP, later(), {revisions[1]})
    assert retain(bench.target, "d", KEEP, later(), NONE).revisions == NONE
    assert np.array_equal(values(bench, snapshot_id=revisions[1]), maps(1))
    freed = retain(bench.target, "d", KEEP, later(), NONE)
    assert freed.revisions == {revisions[1]}
    assert freed.size_bytes > 2 * maps(0).nbytes * 0.8
    assert tags(bench) == set()


def test_what_was_let_go_too_early_is_held_again_before_it_ends(bench, revisions):
    """A job that nobody saw once: while it was read from its row it changed its place."""
    for read in ({revisions[1]}, NONE, {revisions[1]}, {revisions[1]}):
        retain(bench.target, "d", KEEP, later(), read)
    assert np.array_equal(values(bench, snapshot_id=revisions[1]), maps(1))


def test_only_what_would_end_is_held_and_that_once(bench, revisions):
    read = {*revisions, "VY76P925PRY57WFEK410"}  # one that has ended is beyond help
    retain(bench.target, "d", KEEP, datetime.now(UTC), read)
    assert tags(bench) == set()
    for _ in range(2):
        retain(bench.target, "d", KEEP, later(), read)
        assert {tag[:24] for tag in tags(bench)} == {f"job-{one}" for one in revisions[:-1]}
        assert len(tags(bench)) == 3


@pytest.mark.parametrize("step", ["pin", "expire_snapshots", "garbage_collect", "unpin"])
def test_killed_after_any_step_it_ends_the_same(bench, revisions, step, monkeypatch):
    pin(open_repository(bench.target, "d"), {revisions[0]}, later(), later())
    where = retention if step in {"pin", "unpin"} else icechunk.Repository
    carry_out = getattr(where, step)

    def killed(*said, **named):
        carry_out(*said, **named)
        raise Killed

    monkeypatch.setattr(where, step, killed)
    with pytest.raises(Killed):
        retain(bench.target, "d", KEEP, later(), {revisions[2]})
    monkeypatch.undo()
    for _ in range(2):
        retain(bench.target, "d", KEEP, later(), {revisions[2]})
    assert np.array_equal(values(bench, snapshot_id=revisions[2]), maps(2))
    assert np.array_equal(values(bench, branch="main"), maps(3))
    assert {tag[:24] for tag in tags(bench)} == {f"job-{revisions[2]}"}
    for ended in revisions[:2]:
        with pytest.raises(icechunk.IcechunkError):
            values(bench, snapshot_id=ended)


def test_deliveries_go_on_after_it(tmp_path, bench, revisions):
    retain(bench.target, "d", KEEP, later(), NONE)
    bench.deliver(replace(file(tmp_path, 9)), delivery_id="after-it")
    again = bench.deliver(replace(file(tmp_path, 9)), delivery_id="after-it")
    assert again.revision == bench.head() not in revisions
    assert np.array_equal(values(bench, branch="main"), maps(9))


def test_a_branch_that_a_killed_delivery_has_left_ends_when_it_is_old(bench, revisions):
    repository = open_repository(bench.target, "d")
    repository.create_branch("delivery-killed", revisions[0])
    repository.create_branch("another-s", revisions[0])
    assert retain(bench.target, "d", KEEP, datetime.now(UTC), NONE).branches == ()
    assert retain(bench.target, "d", KEEP, later(), NONE).branches == ("delivery-killed",)
    assert bench.branches() == {"main", "another-s"}


def test_what_is_not_there_does_not_begin(bench):
    with pytest.raises(UnknownDataset, match="there is no dataset d"):
        retain(bench.target, "d", KEEP, later(), NONE)
    assert list(bench.folder.iterdir()) == []


def test_a_store_that_does_not_answer_and_a_name_that_is_none():
    silent = Target("s3://bucket", endpoint_url="http://127.0.0.1:9", region="us-east-1")
    with pytest.raises(Unavailable):
        retain(silent, "d", KEEP, later(), NONE)
    with pytest.raises(InvalidParameter, match="--dataset"):
        retain(silent, "Upper", KEEP, later(), NONE)
