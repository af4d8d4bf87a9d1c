"""What chunks weigh where they are stored, and which layout is read for it."""

import asyncio

import netCDF4
import numpy as np
import pytest
from zarr.core.buffer import default_buffer_prototype

from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from tests.publication.builders import LATER, LEVITUS, Grid, plain, product, steps

pytestmark = pytest.mark.slow

SMALL = {"geo": {"time": 1}, "time": {"time": 10}}


def told(coverage):
    """Path of each array -> bytes, as described."""
    return {grid.path: grid.stored_bytes
            for variable in coverage.variables for grid in variable.grids.values()}  # fmt: skip


def fetched(bench, dataset="d"):
    """Path of each array -> bytes of all its chunks, fetched one by one."""
    store = bench.store(dataset)
    found: dict[str, int] = {}

    async def fetch():
        async for key in store.list_prefix(""):
            path, is_chunk, _ = key.partition("/c")
            if is_chunk:
                chunk = await store.get(key, default_buffer_prototype())
                found[path] = found.get(path, 0) + len(chunk)

    asyncio.run(fetch())
    return found


def assert_measured(coverage, bench):
    weighed, described = fetched(bench), told(coverage)
    assert described
    assert described == {path: weighed[path] for path in described}


def with_level(path):
    """The file, a number without dimensions in it: stored in one chunk, uncompressed."""
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.createVariable("level", "f8", ())[...] = 2
    return path


def test_the_bytes_of_every_delivery_count(tmp_path, bench):
    files = [with_level(Grid(steps(7, seed), range(7 * seed, 7 * seed + 7))
                        .write(tmp_path / f"{seed}.nc")) for seed in range(3)]  # fmt: skip
    coverages = []
    for path in files:
        coverages.append(bench.publish([path], plain(chunks=SMALL)))
        assert_measured(coverages[-1], bench)
    weights = [told(coverage)["geo/t2m"] for coverage in coverages]
    assert told(coverages[-1]).keys() == {"geo/t2m", "time/t2m", "geo/level", "time/level"}
    assert weights == [weights[0], 2 * weights[0], 3 * weights[0]]  # 7 maps more, each of a chunk


def test_several_files_in_one_delivery_weigh_as_much_as_the_same_again(tmp_path, bench):
    files = [Grid(steps(5, seed), range(5 * seed, 5 * seed + 5)).write(tmp_path / f"{seed}.nc")
             for seed in range(2)]  # fmt: skip
    coverage = bench.publish(files, plain(chunks=SMALL))
    assert_measured(coverage, bench)
    assert bench.publish(files, plain(chunks=SMALL), now=LATER) == coverage


def test_chunks_that_are_not_stored_weigh_nothing(tmp_path, bench):
    values = np.full((4, 3, 4), -1, "f4")
    values[2] = 5
    path = Grid(values, range(4), attributes={"_FillValue": np.float32(-1)}).write(
        tmp_path / "f.nc")  # fmt: skip
    coverage = bench.publish([path], plain(chunks=SMALL))
    assert_measured(coverage, bench)
    assert told(coverage)["geo/t2m"] < 2 * values[2].nbytes


def test_the_objects_in_the_bucket_are_as_large(bench):
    coverage = bench.publish([LEVITUS], product("levitus-climatology"))
    objects = [path.stat().st_size for path in bench.folder.rglob("chunks/*")]
    data = [variable.name for variable in coverage.variables if variable.role == "data"]
    weights = [nbytes for path, nbytes in told(coverage).items() if path.split("/")[1] in data]
    assert sum(weights) == sum(objects)  # all that is smaller stands in Icechunk's manifests


def test_what_compresses_better_is_read(tmp_path, bench):
    """The same map 16 times: a map's chunk holds it whole, a series' chunk as good as once."""
    one = np.random.default_rng(0).uniform(-300, 300, (1, 256, 256)).astype("f4")
    path = Grid(np.repeat(one, 16, axis=0), range(16), latitudes=np.linspace(-80, 80, 256).tolist(),
                longitudes=np.linspace(0, 350, 256).tolist()).write(tmp_path / "f.nc")  # fmt: skip
    series = {"time": 16, "latitude": 128, "longitude": 128}
    coverage = bench.publish([path], plain(chunks={"geo": {"time": 8}, "time": series}))
    assert told(coverage)["time/t2m"] < told(coverage)["geo/t2m"] / 3
    assert _layout(coverage) == "time"
    (variable,) = coverage.variables
    unknown = {name: grid.model_copy(update={"stored_bytes": 0})
               for name, grid in variable.grids.items()}  # fmt: skip
    forgotten = variable.model_copy(update={"grids": unknown})
    assert _layout(coverage.model_copy(update={"variables": (forgotten,)})) == "geo"


def _layout(coverage):
    return plan_subset(SubsetRequest(dataset="d"), coverage).variables[0].layout
