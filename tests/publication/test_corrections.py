"""What an obvious correction or gap fill corrupts in silence, and a delivery cannot.

As `test_corruptions.py`: each test first shows that its files do provoke the corruption where
xarray writes them.
"""

import warnings

import netCDF4
import numpy as np
import pytest
import xarray as xr
import zarr

from atoll.errors import DataError
from tests.publication.builders import NEMO, Grid, equal, plain, product, put, raw, replace, steps
from tests.publication.test_corruptions import OTHERWISE, PACKED, appended, packed, physical

pytestmark = pytest.mark.slow


def overwritten(first, second, **options):
    """What the obvious correction stores: the second file over the first one's steps."""
    store = zarr.storage.MemoryStore()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with xr.open_dataset(first, **options) as part:
            part.to_zarr(store, consolidated=False)
        with xr.open_dataset(second, **options) as whole:
            part = whole.drop_vars(["latitude", "longitude"])
            part.to_zarr(store, consolidated=False, region={"time": slice(0, part.sizes["time"])})
    return xr.open_zarr(store, consolidated=False, **options)


def test_a_correction_packed_with_another_scale_is_refused(tmp_path, bench):
    first, second = (packed(tmp_path, f"{told['scale_factor']}.nc", 0, told, 1)
                     for told in (PACKED, OTHERWISE))  # fmt: skip
    naive = overwritten(first, second)["t2m"].values
    assert np.nanmax(np.abs(naive - physical(second))) > 1
    bench.deliver(put(first))
    before = bench.head()
    with pytest.raises(DataError, match=r"t2m: scale_factor is 0.01 in 0.01.nc and 0.0005 in the"):
        bench.deliver(replace(second))
    with pytest.raises(DataError, match=r"t2m: scale_factor is 0.01 in 0.01.nc and 0.0005 in the"):
        bench.deliver(put(packed(tmp_path, "early.nc", -9, PACKED, 2)), replace(second))
    assert bench.head() == before


def test_a_correction_packed_with_another_scale_is_decoded_where_the_product_says_so(
    tmp_path, bench
):
    first, second = (packed(tmp_path, f"{told['scale_factor']}.nc", 0, told, 1)
                     for told in (PACKED, OTHERWISE))  # fmt: skip
    decoded = plain(packing={"t2m": "decode"})
    bench.deliver(put(first), product=decoded)
    bench.deliver(replace(second), product=decoded)
    expected = np.ma.asarray(raw(second, "t2m").astype("f8") * 0.01 + 20)
    for layout in ("geo", "time"):
        assert equal(bench.open(layout)["t2m"].values, expected)


def test_six_o_clock_is_filled_in_between_whole_days(tmp_path, bench):
    first = Grid(steps(2), [0, 1], time_dtype="i8").write(tmp_path / "daily.nc")
    second = Grid(steps(1, 1), [6], "hours since 2020-01-01", time_dtype="i8").write(
        tmp_path / "six.nc")  # fmt: skip
    times = appended([first, second])["time"].values
    assert times[-1] == np.datetime64("2020-01-07")
    bench.deliver(put(first))
    bench.deliver(put(second))
    for layout in ("geo", "time"):
        found = bench.open(layout)
        assert found["time"].values.astype("M8[h]").astype(str).tolist() == [
            "2020-01-01T00", "2020-01-01T06", "2020-01-02T00"]  # fmt: skip
        assert np.array_equal(found["t2m"].sel(time="2020-01-01T06").values, steps(1, 1)[0])


def test_a_gap_is_filled_in_its_place(tmp_path, bench):
    first = Grid(steps(2), [0, 5]).write(tmp_path / "ends.nc")
    second = Grid(steps(2, 1), [3, 4]).write(tmp_path / "gap.nc")
    with pytest.raises(KeyError, match="non-monotonic"):
        appended([first, second]).sel(time=slice("2020-01-03", "2020-01-05"))
    bench.deliver(put(first))
    bench.deliver(put(second))
    for layout in ("geo", "time"):
        found = bench.open(layout)["t2m"].sel(time=slice("2020-01-03", "2020-01-05"))
        assert np.array_equal(found.values, steps(2, 1))


def test_a_correction_that_tells_time_in_other_units_meets_the_same_times(tmp_path, bench):
    thirds = [0.0, 1 / 3, 2 / 3 + 1e-12]  # a producer's own arithmetic
    bench.deliver(put(Grid(steps(3), thirds).write(tmp_path / "days.nc")))
    other = Grid(steps(2, 1), [8, 16], "hours since 2020-01-01").write(tmp_path / "hours.nc")
    bench.deliver(replace(other))
    for layout in ("geo", "time"):
        found = bench.open(layout, decode_times=False)
        assert found["time"].values.tolist() == thirds
        assert np.array_equal(found["t2m"].values[1:], steps(2, 1))


def test_a_correction_with_its_rows_the_other_way_round_is_refused(tmp_path, bench):
    first = Grid(steps(1), [0]).write(tmp_path / "north.nc")
    turned = Grid(steps(1, 1)[:, ::-1], [0], latitudes=(30, 0, -30)).write(tmp_path / "south.nc")
    naive = overwritten(first, turned)["t2m"].values
    assert not np.array_equal(naive, steps(1, 1))
    bench.deliver(put(first))
    with pytest.raises(DataError, match=r"latitude differs between south.nc and the dataset"):
        bench.deliver(replace(turned))


def test_a_month_of_nemo_is_corrected_by_its_own_time_and_not_by_its_place(tmp_path, bench):
    assert appended(NEMO, "time_counter", decode_times=False)["time_counter"].values.max() == 0
    corrected = tmp_path / "corrected.nc"
    corrected.write_bytes(NEMO[1].read_bytes())
    with netCDF4.Dataset(corrected, "a") as month:
        month["tos"][:] = month["tos"][:] + np.float32(1)
    bench.deliver(put(NEMO[2]), put(NEMO[0]), product=product("nemo"))
    bench.deliver(replace(corrected), product=product("nemo"))
    bench.deliver(replace(NEMO[2]), product=product("nemo"))
    for layout in ("geo", "time"):
        for step, path in enumerate((NEMO[0], corrected, NEMO[2])):
            assert equal(bench.open(layout)["tos"].values[step], raw(path, "tos")[0])
