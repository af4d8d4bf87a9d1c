"""Datasets whose numbers stay in their producer's files, on a real S3 server."""

from pathlib import Path

import netCDF4
import numpy as np
import pytest

from atoll.errors import DataError
from atoll.model.moment import Moment
from atoll.model.request import Interval
from tests.extraction.seaweed import seaweed
from tests.publication.builders import (
    CMIP6,
    DATA,
    LATER,
    NAVY,
    NEMO,
    delete,
    plain,
    product,
    replace,
)
from tests.publication.virtual_bench import ARCHIVE, VirtualBench, grid, maps

pytestmark = pytest.mark.slow

OSTIA = DATA / "iris/ostia_monthly.nc"
ZSTD = {"zlib": False, "compression": "zstd"}
CHUNKS = {"zlib": True, "shuffle": True, "chunksizes": (1, 15, 20)}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with seaweed(tmp_path_factory.mktemp("s3")) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        server.client().create_bucket(Bucket=ARCHIVE)
        yield server


@pytest.fixture
def bench(server, tmp_path, request):
    dataset = "".join(each if each.isalnum() else "-" for each in request.node.name).strip("-")
    return VirtualBench(server, tmp_path, dataset.lower()[:60].strip("-"))


def read(path: Path, name: str = "t2m"):
    """Stored numbers, by netCDF4 alone."""
    with netCDF4.Dataset(path) as dataset:
        dataset.set_auto_maskandscale(False)
        return dataset[name][...]


def test_two_files_are_one_dataset_and_no_number_of_theirs_is_copied(bench):
    values = maps(5)
    files = [bench.file("a.nc", grid(values[:2]), **CHUNKS),
             bench.file("b.nc", grid(values[2:], 2), **CHUNKS)]  # fmt: skip
    coverage = bench.publish(files)
    assert set(coverage.layouts) == {"geo"}
    assert coverage.variables[0].grids["geo"].chunk_shape == (1, 15, 20)
    assert np.array_equal(read(bench.order(coverage)), values)
    part = bench.order(coverage, latitude=Interval(lower=-3, upper=9), variables=("t2m",))
    assert np.array_equal(read(part), values[:, 12:25])
    assert max(bench.objects().values()) < values[0].nbytes


def test_packed_numbers_stay_packed(bench):
    values = np.arange(3 * 30 * 40).reshape(3, 30, 40).astype("i2")
    values[1, :5] = -9
    packing = {"scale_factor": 0.01, "add_offset": 3.0, "_FillValue": -9}
    path = bench.file("a.nc", grid(values, attributes=packing), **CHUNKS, fletcher32=True)
    coverage = bench.publish([path])
    assert coverage.variables[0].packed.scale_factor == 0.01
    assert np.array_equal(read(bench.order(coverage)), values)


@pytest.mark.parametrize(
    ("name", "storage"),
    [("plain", {"chunksizes": (1, 30, 40)}), ("big", {"endian": "big", **CHUNKS}),
     ("deep", {"zlib": True, "chunksizes": (2, 30, 40)}), ("zstd", {**CHUNKS, **ZSTD})],
)  # fmt: skip
def test_other_forms_of_storage(bench, name, storage):
    values = maps(4, dtype=">f4" if name == "big" else "f4")
    coverage = bench.publish([bench.file(f"{name}.nc", grid(values), **storage)])
    assert np.array_equal(read(bench.order(coverage)), values)


@pytest.mark.parametrize("form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_DATA"])
def test_classic_files_have_a_chunk_a_record(bench, form):
    values = maps(5, dtype="i2")
    files = [bench.file("a.nc", grid(values[:2]), form=form),
             bench.file("b.nc", grid(values[2:], 2), form=form)]  # fmt: skip
    coverage = bench.publish(files)
    assert coverage.variables[0].grids["geo"].chunk_shape == (1, 30, 40)
    assert np.array_equal(read(bench.order(coverage)), values)


def test_another_delivery_goes_on(bench):
    values = maps(4)
    first = bench.publish([bench.file("a.nc", grid(values[:2]), **CHUNKS)])
    assert bench.publish([bench.folder / "a.nc"]) == first
    later = bench.publish([bench.file("b.nc", grid(values[2:], 2), **CHUNKS)], now=LATER)
    assert np.array_equal(read(bench.order(later)), values)
    assert np.array_equal(read(bench.order(first)), values[:2])


def test_a_file_that_comes_late_goes_between(bench):
    values = maps(3)
    first, late, last = (
        bench.file(f"{number}.nc", grid(values[number : number + 1], number), **CHUNKS)
        for number in range(3)
    )
    bench.publish([first, last])
    coverage = bench.publish([late])
    assert np.array_equal(read(bench.order(coverage)), values)


def test_times_are_deleted_and_replaced(bench):
    values, corrected = maps(5), maps(1, seed=1)
    bench.publish([bench.file("a.nc", grid(values), **CHUNKS)])
    path = bench.file("b.nc", grid(corrected, 3), **CHUNKS)
    days = [Moment(year=2020, month=1, day=day) for day in (2, 3)]
    coverage = bench.deliver(delete(*days), replace(path))
    expected = np.concatenate([values[:1], corrected, values[4:]])
    assert np.array_equal(read(bench.order(coverage)), expected)


def test_a_changed_file_fails_its_readers_until_it_is_published_again(bench):
    values, changed = maps(4), maps(2, seed=1)
    files = [bench.file("a.nc", grid(values[:2]), **CHUNKS),
             bench.file("b.nc", grid(values[2:], 2), **CHUNKS)]  # fmt: skip
    first = bench.publish(files)
    bench.file("a.nc", grid(changed), **CHUNKS)
    with pytest.raises(DataError, match="has changed after publication"):
        bench.order(first)
    assert not list((bench.folder / "results").rglob("*.nc"))
    again = bench.publish([bench.folder / "a.nc"], now=LATER)
    assert np.array_equal(read(bench.order(again)), np.concatenate([changed, values[2:]]))


def test_a_file_that_has_moved_is_published_anew(bench):
    values = maps(2)
    path = bench.file("a.nc", grid(values), **CHUNKS)
    bench.publish([path])
    bench.server.client().delete_object(Bucket=ARCHIVE, Key=f"{bench.prefix}a.nc")
    coverage = bench.publish([bench.put(path.rename(bench.folder / "b.nc"))], now=LATER)
    assert np.array_equal(read(bench.order(coverage)), values)


def test_an_archive_that_has_moved_in_part_is_still_read_where_it_was(bench):
    values = maps(4)
    path = bench.file("a.nc", grid(values[:2]), **CHUNKS)
    first = bench.publish([path, bench.file("b.nc", grid(values[2:], 2), **CHUNKS)])
    assert np.array_equal(read(bench.order(first)), values)
    bench.server.client().delete_object(Bucket=ARCHIVE, Key=f"{bench.prefix}a.nc")
    elsewhere = {"url_prefix": f"s3://{ARCHIVE}/elsewhere/"}
    settings = {**bench.product().model_dump(), "archive": elsewhere}
    bench.server.client().put_object(Bucket=ARCHIVE, Key="elsewhere/a.nc", Body=path.read_bytes())
    coverage = bench.publish([path], plain(**settings), now=LATER)
    assert np.array_equal(read(bench.order(coverage)), values)


def test_without_a_time_axis_the_newest_file_is_the_whole(bench):
    def static(values, name):
        path = bench.folder / name
        with netCDF4.Dataset(path, "w") as file:
            for axis, size, units in (("lat", 30, "degrees_north"), ("lon", 40, "degrees_east")):
                file.createDimension(axis, size)
                file.createVariable(axis, "f4", (axis,))[:] = np.arange(size)
                file[axis].units = units
            file.createVariable("depth", "f4", ("lat", "lon"), zlib=True)[:] = values
        return bench.put(path)

    bench.publish([static(maps(1)[0], "a.nc")])
    values = maps(1, seed=2)[0]
    coverage = bench.publish([static(values, "a.nc")], now=LATER)
    assert np.array_equal(read(bench.order(coverage), "depth"), values)


@pytest.mark.parametrize(
    ("files", "name", "variable"),
    [(NEMO, "nemo", "tos"), (CMIP6, "cmip6", "ta"), ([OSTIA], "ostia", "surface_temperature"),
     ([NAVY], "navy-winds", "UWND")],
    ids=["nemo", "cmip6", "ostia", "navy"],
)  # fmt: skip
def test_real_files(bench, files, name, variable):
    settings = product(name).model_dump(exclude={"chunks"})
    coverage = bench.publish([bench.put(path) for path in files], bench.product(**settings))
    stored = np.concatenate([read(path, variable) for path in files])
    assert np.array_equal(read(bench.order(coverage), variable), stored)


def test_files_in_folders(bench):
    (bench.folder / "2020").mkdir()
    settings = bench.product().model_dump()
    settings["archive"] |= {"url_prefix": f"s3://{ARCHIVE}/{bench.prefix}", "folders": 1}
    values = maps(2)
    path = grid(values).write(bench.folder / "2020" / "a.nc", **CHUNKS)
    key = f"{bench.prefix}2020/a.nc"
    bench.server.client().put_object(Bucket=ARCHIVE, Key=key, Body=path.read_bytes())
    coverage = bench.publish([path], plain(**settings))
    assert np.array_equal(read(bench.order(coverage)), values)


@pytest.mark.parametrize(
    ("second", "storage", "told"),
    [
        (grid(maps(2), 2), {**CHUNKS, "chunksizes": (1, 10, 20)}, "chunks of"),
        (grid(maps(2), 2), {**CHUNKS, "shuffle": False}, "codecs"),
        (grid(maps(2, dtype=">f4"), 2), {**CHUNKS, "endian": "big"}, "byte order big"),
        (grid(maps(2), 2, attributes={"scale_factor": 0.5}), CHUNKS, "scale_factor"),
        (grid(maps(2), 2), {"form": "NETCDF3_CLASSIC"}, "byte order big"),
    ],
    ids=["chunks", "codecs", "byte-order", "packing", "netcdf-3"],
)
def test_a_file_that_is_stored_otherwise_changes_nothing(bench, second, storage, told):
    bench.publish([bench.file("a.nc", grid(maps(2)), **CHUNKS)])
    before = bench.head()
    path = bench.file("b.nc", second, **storage)
    with pytest.raises(DataError, match=told):
        bench.publish([path])
    assert bench.head() == before


def test_chunks_are_never_divided(bench):
    deep = {"zlib": True, "chunksizes": (2, 30, 40)}
    bench.publish([bench.file("a.nc", grid(maps(3)), **deep)])
    path = bench.file("b.nc", grid(maps(2), 3), **deep)
    with pytest.raises(DataError, match="times 2 to 3 would lie in one chunk of 2"):
        bench.publish([path])


@pytest.mark.parametrize(
    "settings",
    [{"missing_values": {"t2m": (250.0,)}}, {"fill_values": {"t2m": -1.0}}],
    ids=["missing", "fill"],
)
def test_numbers_that_a_product_would_change(bench, settings):
    values = maps(2)
    values[0, 0, 0], values[0, 0, 1] = 250.0, 9.0
    path = bench.file("a.nc", grid(values, attributes={"_FillValue": np.float32(9)}), **CHUNKS)
    with pytest.raises(DataError, match="other numbers than its file"):
        bench.publish([path], bench.product(**settings))


def test_numbers_that_a_product_would_decode(bench):
    packed = grid(maps(2).astype("i2"), attributes={"scale_factor": 0.5})
    path = bench.file("a.nc", packed, **CHUNKS)
    with pytest.raises(DataError, match="numbers of type int16, the dataset float64"):
        bench.publish([path], bench.product(packing={"t2m": "decode"}))


@pytest.mark.parametrize("change", ["absent", "longer", "other"])
def test_a_file_that_is_not_the_one_in_the_archive(bench, change):
    """One of another size is seen at once, one of other numbers when they are read back."""
    path = grid(maps(2)).write(bench.folder / "a.nc", **CHUNKS)
    if change == "longer":
        bench.put(path).write_bytes(path.read_bytes() + b"\0")
    elif change == "other":
        grid(maps(2)).write(path)
        bench.put(path)
        stored = path.read_bytes()
        path.write_bytes(stored.replace(maps(1)[0, 3].tobytes(), maps(1)[0, 4].tobytes()))
        assert path.read_bytes() != stored
    told = {"absent": "there is no s3", "longer": "not the same", "other": "read back"}
    with pytest.raises(DataError, match=told[change]):
        bench.publish([path])
    assert not bench.catalogue.coverages


@pytest.mark.parametrize("is_virtual", [True, False])
def test_a_dataset_stays_what_it_is(bench, is_virtual):
    products = [bench.product(), plain()]
    before, after = products if is_virtual else reversed(products)
    path = bench.file("a.nc", grid(maps(2)), **CHUNKS)
    bench.publish([path], before)
    with pytest.raises(DataError, match="publish it under another id"):
        bench.publish([path], after)
