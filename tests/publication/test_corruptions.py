"""What an obvious append corrupts in silence, and publication cannot.

Each test first shows that its files do provoke the corruption where xarray appends them.
"""

import warnings

import numpy as np
import pytest
import xarray as xr
import zarr

from atoll.errors import DataError
from atoll.model.coverage import Packed
from tests.publication.builders import NEMO, Grid, equal, plain, raw, steps

pytestmark = pytest.mark.slow

PACKED = {"scale_factor": 0.0005, "add_offset": 250.0, "_FillValue": np.int16(-32768)}
OTHERWISE = {"scale_factor": 0.01, "add_offset": 20.0, "_FillValue": np.int16(-32768)}


def appended(files, along="time", **options):
    """What the obvious code stores: the first file, then each other one appended."""
    store = zarr.storage.MemoryStore()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for path in files:
            with xr.open_dataset(path, **options) as part:
                how = {"append_dim": along} if path != files[0] else {}
                part.to_zarr(store, consolidated=False, **how)
    return xr.open_zarr(store, consolidated=False, **options)


def packed(folder, name, first_day, attributes, seed):
    stored = np.random.default_rng(seed).integers(-30000, 30000, (2, 3, 4)).astype("i2")
    stored[0, 0, 0] = -32768
    grid = Grid(stored, time_values=[first_day, first_day + 1], attributes=attributes)
    return grid.write(folder / name)


def physical(path):
    with xr.open_dataset(path) as found:
        return found["t2m"].values.astype("f8")


def test_packed_with_another_scale_is_refused(tmp_path, bench):
    files = [packed(tmp_path, "1.nc", 0, PACKED, 1), packed(tmp_path, "2.nc", 2, OTHERWISE, 2)]
    naive = appended(files)["t2m"].values[2:]
    assert np.nanmax(np.abs(naive - physical(files[1]))) > 1
    bench.publish(files[:1])
    before = bench.head()
    with pytest.raises(DataError, match=r"t2m: scale_factor is 0.01 in 2.nc and 0.0005 in the"):
        bench.publish(files[1:])
    with pytest.raises(DataError, match=r"packing: decode"):
        bench.publish(files)
    assert bench.head() == before


def test_packed_with_another_offset_is_refused(tmp_path, bench):
    other = {**PACKED, "add_offset": 251.0}
    files = [packed(tmp_path, "1.nc", 0, PACKED, 1), packed(tmp_path, "2.nc", 2, other, 2)]
    with pytest.raises(DataError, match=r"add_offset is 251.0 in 2.nc and 250.0 in 1.nc"):
        bench.publish(files)


def test_packed_with_another_scale_is_stored_decoded_where_the_product_says_so(tmp_path, bench):
    files = [packed(tmp_path, "1.nc", 0, PACKED, 1), packed(tmp_path, "2.nc", 2, OTHERWISE, 2)]
    coverage = bench.publish_each(files, plain(packing={"t2m": "decode"}))
    variable = coverage.variable_by_name["t2m"]
    assert (variable.dtype, variable.packed, variable.fill_value) == ("<f8", None, "NaN")
    stored = np.concatenate([np.ma.getdata(raw(path, "t2m")).astype("f8") for path in files])
    scale = np.array([0.0005, 0.0005, 0.01, 0.01])[:, None, None]
    offset = np.array([250.0, 250.0, 20.0, 20.0])[:, None, None]
    expected = np.ma.masked_equal(stored, -32768) * scale + offset
    for layout in ("geo", "time"):
        assert equal(bench.open(layout)["t2m"].values, expected)


def test_packed_alike_stays_packed(tmp_path, bench):
    files = [packed(tmp_path, "1.nc", 0, PACKED, 1), packed(tmp_path, "2.nc", 2, PACKED, 2)]
    coverage = bench.publish_each(files)
    variable = coverage.variable_by_name["t2m"]
    assert (variable.dtype, variable.fill_value) == ("<i2", -32768)
    assert variable.packed == Packed(scale_factor=0.0005, add_offset=250.0, dtype="<f8")
    stored = bench.open("time", mask_and_scale=False)["t2m"].values
    assert stored.dtype == "i2"
    assert np.array_equal(stored, np.ma.getdata(np.ma.concatenate([raw(p, "t2m") for p in files])))
    assert np.isnan(bench.open("geo")["t2m"].values[0, 0, 0])


def test_six_o_clock_after_whole_days_stays_six_o_clock(tmp_path, bench):
    first = Grid(steps(2), [0, 1], time_dtype="i8").write(tmp_path / "daily.nc")
    second = Grid(steps(1, 1), [54], "hours since 2020-01-01", time_dtype="i8").write(
        tmp_path / "six.nc")  # fmt: skip
    six = np.datetime64("2020-01-03T06")
    assert appended([first, second])["time"].values[-1] != six
    bench.publish([first])
    coverage = bench.publish([second])
    for layout in ("geo", "time"):
        times = bench.open(layout)["time"].values
        assert list(times) == [np.datetime64("2020-01-01T00"), np.datetime64("2020-01-02T00"), six]
    assert coverage.axis_of("T").units == "days since 2020-01-01"
    assert coverage.axis_of("T").dtype == "<f8"


def test_units_in_capitals_count_time_too(tmp_path, bench):
    first = Grid(steps(2), [0, 1], "Days Since 2020-01-01", time_dtype="i8").write(
        tmp_path / "daily.nc")  # fmt: skip
    second = Grid(steps(1, 1), [54], "HOURS SINCE 2020-01-01", time_dtype="i8").write(
        tmp_path / "six.nc")  # fmt: skip
    bench.publish_each([first, second])
    assert list(bench.open("geo", decode_times=False)["time"].values) == [0, 1, 2.25]


def test_files_in_one_delivery_may_tell_time_in_other_units(tmp_path, bench):
    first = Grid(steps(2), [0, 1], time_dtype="i4").write(tmp_path / "daily.nc")
    second = Grid(steps(1, 1), [190800], "seconds since 2020-01-01", time_dtype="i4").write(
        tmp_path / "six.nc")  # fmt: skip
    bench.publish([second, first])
    assert list(bench.open("geo")["time"].values.astype("M8[h]").astype(str)) == [
        "2020-01-01T00", "2020-01-02T00", "2020-01-03T05"]  # fmt: skip


def test_nemo_time_counter_0_in_every_file_is_refused(bench):
    options = {"decode_times": False}
    told = {"time_counter": {"units": "days since 2015-01-01", "calendar": "360_day"}}
    assert list(appended(NEMO, "time_counter", **options)["time_counter"].values) == [0, 0, 0]
    with pytest.raises(DataError, match=r"set time.variable in the product"):
        bench.publish(NEMO)
    with pytest.raises(DataError, match=r"_20150201.*other values than there are already at 0.0"):
        bench.publish(NEMO, plain(time={"variable": "time_counter"}, attributes=told))


def test_the_same_time_in_two_files_is_refused(tmp_path, bench):
    files = [Grid(steps(2), [0, 1]).write(tmp_path / "1.nc"),
             Grid(steps(2, 1), [1, 2]).write(tmp_path / "2.nc")]  # fmt: skip
    assert list(appended(files, decode_times=False)["time"].values) == [0, 1, 1, 2]
    with pytest.raises(DataError, match=r"2.nc: t2m has other values than there are .* at 1.0"):
        bench.publish(files)
