"""One delivery: its operations in order, its branch, its id, and what it leaves behind."""

from typing import Any

import numpy as np
import pytest
import xarray as xr

from atoll.errors import DataError, EmptySelection, InvalidParameter, Unavailable
from atoll.model.moment import Moment
from atoll.publication.repository import open_repository
from tests.publication.builders import LATER, Grid, delete, plain, put, replace, steps

pytestmark = pytest.mark.slow

LARGE: dict[str, Any] = {
    "latitudes": np.linspace(-80, 80, 20),
    "longitudes": np.linspace(0, 348, 30),
}
ALIGNED = {"geo": {"time": 1}, "time": {"time": 4}}


def file(folder, name, days, seed=0, **told):
    return Grid(steps(len(days), seed), days, **told).write(folder / f"{name}.nc")


def large(folder, name, days, seed=0):
    """Maps of 2,400 bytes that do not compress: each chunk is an object of its own."""
    values = np.random.default_rng(seed).uniform(0, 1, (len(days), 20, 30)).astype("f4")
    return values, Grid(values, days, **LARGE).write(folder / f"{name}.nc")


def day(number):
    return Moment(year=2020, month=1, day=number)


def objects(bench):
    return {path.name for path in bench.folder.rglob("chunks/*")}


@pytest.fixture
def filled(tmp_path, bench):
    """Days 0 to 3 and 8 to 11; the objects of their chunks."""
    early, first = large(tmp_path, "early", range(4))
    late, second = large(tmp_path, "late", range(8, 12), 1)
    bench.deliver(put(first), put(second), product=plain(chunks=ALIGNED))
    return early, late, objects(bench)


def test_a_gap_of_whole_chunks_is_filled_and_no_chunk_is_written_again(tmp_path, bench, filled):
    early, late, before = filled
    gap, path = large(tmp_path, "gap", range(4, 8), 2)
    bench.deliver(put(path), product=plain(chunks=ALIGNED))
    for layout in ("geo", "time"):
        assert np.array_equal(bench.open(layout)["t2m"], np.concatenate([early, gap, late]))
    assert len(objects(bench) - before) == 4 + 1  # series of whole maps take one chunk
    assert before <= objects(bench)


def test_what_comes_before_the_beginning_moves_maps_and_writes_series_anew(tmp_path, bench, filled):
    early, late, before = filled
    added, path = large(tmp_path, "added", [-1], 2)
    bench.deliver(put(path), product=plain(chunks=ALIGNED))
    for layout in ("geo", "time"):
        assert np.array_equal(bench.open(layout)["t2m"], np.concatenate([added, early, late]))
    assert len(objects(bench) - before) == 1 + 3


def test_operations_are_done_in_their_order(tmp_path, bench):
    bench.deliver(put(file(tmp_path, "a", [0, 1, 2, 3])))
    outcome = bench.deliver(
        replace(file(tmp_path, "b", [2, 3, 4], 1)),
        delete(day(1), day(3)),
        put(file(tmp_path, "c", [2, 6], 2)),
        replace(file(tmp_path, "d", [6], 3)),
        delivery_id="delivery-1",
    )
    expected = np.stack([steps(3, 1)[1], steps(3, 1)[2], steps(1, 3)[0]])
    expected = np.concatenate([steps(2, 2)[:1], expected])
    for layout in ("geo", "time"):
        found = bench.open(layout, decode_times=False)
        assert found["time"].values.tolist() == [2, 3, 4, 6]
        assert np.array_equal(found["t2m"].values, expected)
    assert outcome.coverage.axis_of("T").size == 4
    assert bench.commits() == 2


def test_a_forecast_overwrites_its_overlap_with_each_cycle(tmp_path, bench):
    expected: dict[int, Any] = {}
    for cycle in range(5):
        days = list(range(cycle, cycle + 4))
        bench.deliver(
            replace(file(tmp_path, f"{cycle}", days, cycle)), delivery_id=f"cycle-{cycle}"
        )
        expected.update(zip(days, steps(4, cycle), strict=True))
    found = bench.open("time", decode_times=False)
    assert found["time"].values.tolist() == list(expected)
    assert np.array_equal(found["t2m"].values, np.stack(list(expected.values())))


def test_the_same_id_again_is_the_same_answer_whatever_came_after(tmp_path, bench):
    first = bench.deliver(put(file(tmp_path, "a", [0])), delivery_id="first-one")
    again = bench.deliver(put(tmp_path / "gone.nc"), delivery_id="first-one", now=LATER)
    assert again == first
    second = bench.deliver(replace(file(tmp_path, "b", [0, 1], 1)), delivery_id="second-one")
    told: list[str] = []
    late = bench.deliver(put(tmp_path / "gone.nc"), delivery_id="first-one", on_step=told.append)
    assert (late.revision, late.coverage) == (first.revision, second.coverage)
    assert told == []
    assert bench.commits() == 2


def test_a_delivery_that_changes_nothing_is_known_by_its_id_too(tmp_path, bench):
    path = file(tmp_path, "a", [0])
    bench.deliver(put(path), delivery_id="first-one")
    same = bench.deliver(put(path), delivery_id="second-one", now=LATER)
    bench.deliver(replace(file(tmp_path, "b", [0], 1)), delivery_id="third-one")
    assert bench.deliver(put(path), delivery_id="second-one").revision == same.revision
    assert bench.commits() == 3


def test_no_revision_is_older_than_the_one_that_it_follows(tmp_path, bench):
    first = bench.deliver(put(file(tmp_path, "a", [0])), now=LATER).coverage
    behind = bench.deliver(put(file(tmp_path, "b", [1], 1))).coverage
    assert first.updated_at == behind.updated_at == "2026-11-02T12:00:00Z"


def test_a_commit_tells_what_it_is(tmp_path, bench):
    values = steps(2)
    values[0, 0, 0] = np.nan
    path = Grid(values, [0, 1], attributes={"_FillValue": np.float32(250)}).write(tmp_path / "a.nc")
    told: list[str] = []
    revision = bench.deliver(put(path), delivery_id="first-one", on_step=told.append).revision
    metadata = open_repository(bench.target, "d").lookup_snapshot(revision).metadata
    assert metadata == {
        "delivery_id": "first-one",
        "updated_at": "2026-11-01T12:00:00Z",
        "files": ["a.nc"],
        "ranges": {"t2m": [float(np.nanmin(values)), float(np.nanmax(values))]},
    }
    assert told == ["ingesting", "verifying"]
    assert bench.branches() == {"main"}


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (lambda folder: [put(file(folder, "b", [1], 1))], DataError, "b.nc: t2m has other values"),
        (lambda folder: [put(folder / "no.nc")], InvalidParameter, "no.nc"),
        (lambda _: [delete(day(3), day(7))], EmptySelection,
         "the nearest: 2020-01-02T00:00:00Z and 2020-01-08T00:00:00Z"),
        (lambda _: [delete(day(1), day(9))], DataError, "a dataset keeps one at least"),
        (lambda _: [delete(day(9), day(1))], InvalidParameter, "the end must not come before"),
        (lambda _: [delete(day(30), Moment(year=2020, month=2, day=30))], InvalidParameter,
         "a date of the standard calendar"),
        (lambda folder: [replace(file(folder, "b", [1], longitudes=[0, 90, 180, 271]))], DataError,
         "longitude differs between b.nc and the dataset"),
        (lambda folder: [replace(file(folder, "b", [1, 1]))], DataError,
         "b.nc: coordinate time is not strictly increasing: 1.0 is followed by 1.0"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(tmp_path, bench, changes, error, message):
    bench.deliver(put(file(tmp_path, "a", [0, 1])))
    before = bench.head()
    good = put(file(tmp_path, "good", [7], 2))
    with pytest.raises(error, match=message):
        bench.deliver(good, *changes(tmp_path), delivery_id="bad-one")
    assert bench.head() == before
    assert bench.branches() == {"main"}


def test_what_the_store_has_lost_or_confused_never_becomes_main(tmp_path, bench, filled):
    before, head, known = bench.head(), bench.open("geo")["t2m"].values, filled[2]
    _, path = large(tmp_path, "more", [12, 13], 2)

    def confuses(step):
        if step == "verifying":
            new = (each for each in bench.folder.rglob("chunks/*") if each.name not in known)
            one, other, *_ = sorted(new, key=lambda each: each.stat().st_size)
            other.write_bytes(one.read_bytes().ljust(other.stat().st_size, b"\0"))

    with pytest.raises(DataError, match=r"t2m: what was read back is not what was written"):
        bench.deliver(put(path), product=plain(chunks=ALIGNED), on_step=confuses)
    assert bench.head() == before
    assert np.array_equal(bench.open("geo")["t2m"].values, head)


def test_a_failure_on_the_branch_ends_it(tmp_path, bench):
    bench.deliver(put(file(tmp_path, "a", [0, 1])))
    before = bench.head()

    def fails(step):
        if step == "verifying":
            assert bench.branches() == {"main", "delivery-bad-one"}
            raise Unavailable("no ear")

    with pytest.raises(Unavailable, match="no ear"):
        bench.deliver(put(file(tmp_path, "b", [2])), delivery_id="bad-one", on_step=fails)
    assert bench.head() == before
    assert bench.branches() == {"main"}


def relief(folder, name, seed):
    """A map without a time, and its file."""
    path = folder / f"{name}.nc"
    with xr.open_dataset(file(folder, "timed", [0], seed), decode_times=False) as timed:
        timed.isel(time=0, drop=True).to_netcdf(path, unlimited_dims=())
    return steps(1, seed)[0], path


def test_a_field_without_time_is_replaced_wholly(tmp_path, bench):
    (old, first), (new, second) = (relief(tmp_path, f"r{seed}", seed) for seed in (0, 1))
    bench.deliver(put(first))
    with pytest.raises(DataError, match=r"r1.nc: t2m has other values .* is a replace"):
        bench.deliver(put(second))
    assert np.array_equal(bench.open("geo")["t2m"].values, old)
    bench.deliver(replace(second))
    assert np.array_equal(bench.open("geo")["t2m"].values, new)
    with pytest.raises(DataError, match="without a time axis has no times to delete"):
        bench.deliver(delete(day(1), day(2)))
