"""Every dataset is looked at once a day, and whatever a job reads is there for it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zlib import crc32

import icechunk
import numpy as np
import pytest
import zarr

from atoll.bootstrap.retain import ENOUGH_S, HOURS, Retention, due
from atoll.errors import Unavailable
from atoll.publication.repository import open_repository
from atoll.services.revisions import kept_for
from tests.dialects.delivery.builders import WINDS
from tests.publication.builders import Bench, Grid, put, replace
from tests.services.orders import ordered, world_of
from tests.services.test_revisions import of_revision

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEEP = kept_for(86_400, 900)
DATASET = "d"
HOUR = crc32(DATASET.encode()) % HOURS


def test_every_dataset_has_one_hour_of_a_day():
    datasets = [f"dataset-{number}" for number in range(200)]
    hours = [due(datasets, NOON.replace(hour=hour)) for hour in range(HOURS)]
    assert Counter(one for hour in hours for one in hour) == dict.fromkeys(datasets, 1)
    assert max(len(hour) for hour in hours) < 25
    assert due([], NOON) == []


def test_each_comes_first_on_some_day():
    datasets = [f"dataset-{number}" for number in range(200)]
    ours = due(datasets, NOON)
    first = [due(datasets, NOON + timedelta(days=day))[0] for day in range(len(ours))]
    assert sorted(first) == sorted(ours)
    assert sorted(due(datasets, NOON + timedelta(days=1))) == sorted(ours)


@pytest.fixture
def bench(tmp_path):
    folder = tmp_path / "bucket"
    folder.mkdir()
    return Bench(folder)


def maps(seed):
    return np.random.default_rng(seed).uniform(0, 1, (2, 4, 6)).astype("f4")


@pytest.fixture
def revisions(tmp_path, bench):
    """A dataset that was corrected twice."""
    place: dict[str, Any] = {
        "latitudes": np.linspace(-80, 80, 4),
        "longitudes": np.linspace(0, 300, 6),
    }
    files = [
        Grid(maps(seed), range(2), **place).write(tmp_path / f"{seed}.nc") for seed in range(3)
    ]
    first = bench.deliver(put(files[0])).revision
    return [first, *(bench.deliver(replace(file)).revision for file in files[1:])]


def retention(world, bench, now):
    """Of the world's jobs and the bench's dataset."""
    world.products.kept = {DATASET: WINDS, "not-delivered-yet": WINDS}
    return Retention(world.products, bench.target, world.ledger, world.ledger, KEEP, lambda: now)


def long_after():
    """The dataset's hour, when all its revisions are older than any is kept."""
    return (datetime.now(UTC) + KEEP + timedelta(days=2)).replace(hour=HOUR)


def values(bench, revision):
    session = open_repository(bench.target, DATASET).readonly_session(snapshot_id=revision)
    return np.asarray(zarr.open_array(session.store, path="geo/t2m", mode="r"))


@pytest.mark.slow
def test_a_job_that_waits_or_runs_longer_than_revisions_are_kept_reads_its_own(bench, revisions):
    world = world_of(slots=1)
    runs, waits = ordered(world, 100), ordered(world, 200)
    for job, revision in ((runs, revisions[0]), (waits, revisions[1])):
        of_revision(world, job, revision)
        plan = world.ledger.rows[job.job_id].plan.model_copy(update={"dataset": DATASET})
        world.ledger.rows[job.job_id] = job.model_copy(update={"plan": plan})
    keeper = retention(world, bench, long_after())
    for _ in range(2):
        assert keeper.carry_out(lambda: 900)["revisions"] == 0
    assert np.array_equal(values(bench, revisions[0]), maps(0))
    assert np.array_equal(values(bench, revisions[1]), maps(1))

    assert world.ledger.settle(world.ledger.rows[runs.job_id], (), world.now())
    ended = [keeper.carry_out(lambda: 900)["revisions"] for _ in range(2)]
    assert ended == [0, 1]
    with pytest.raises(icechunk.IcechunkError):
        values(bench, revisions[0])
    assert np.array_equal(values(bench, revisions[1]), maps(1))
    assert np.array_equal(values(bench, revisions[2]), maps(2))


@pytest.mark.slow
def test_old_revisions_end_and_what_was_done_is_told(bench, revisions):
    keeper = retention(world_of(slots=1), bench, long_after())
    told = keeper.carry_out(lambda: 900)
    assert told["freed_bytes"] > 0
    assert (told["datasets"], told["revisions"], told["postponed"]) == ([DATASET], 2, [])
    assert np.array_equal(values(bench, revisions[2]), maps(2))


@pytest.mark.slow
def test_what_is_younger_than_the_age_stays(bench, revisions):
    soon = (datetime.now(UTC) + KEEP - timedelta(days=2)).replace(hour=HOUR)
    assert retention(world_of(slots=1), bench, soon).carry_out(lambda: 900)["revisions"] == 0
    assert np.array_equal(values(bench, revisions[0]), maps(0))


def test_where_time_is_nearly_up_no_other_is_begun_with(bench):
    told = retention(world_of(slots=1), bench, long_after()).carry_out(lambda: ENOUGH_S - 1)
    assert (told["datasets"], told["postponed"]) == ([], [DATASET])


def test_where_nobody_knows_what_jobs_read_nothing_ends(bench):
    world = world_of(slots=1)
    keeper = retention(world, bench, long_after())
    world.ledger.available = False
    with pytest.raises(Unavailable):
        keeper.carry_out(lambda: 900)


def test_one_that_is_damaged_keeps_none_from_being_looked_at(bench):
    """Say, what lies there is no dataset."""
    twin = next(
        name for number in range(1000) if crc32((name := f"twin-{number}").encode()) % HOURS == HOUR
    )
    folder = bench.folder / "datasets" / DATASET
    folder.mkdir(parents=True)
    (folder / "repo").write_bytes(b"not a repository")
    keeper = retention(world_of(slots=1), bench, long_after())
    keeper.products.kept[twin] = WINDS
    looked_at = []

    def left_s():
        looked_at.append(1)
        return 900

    with pytest.raises(ExceptionGroup) as met:
        keeper.carry_out(left_s)
    assert {type(fault) for fault in met.value.exceptions} == {Unavailable}
    assert len(looked_at) == 2
