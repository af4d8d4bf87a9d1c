"""Physical values at publication: coordinates, their bounds, longitudes and unsigned numbers."""

import netCDF4
import numpy as np
import pytest

from tests.publication.builders import plain

UNSIGNED = {"_Unsigned": "true", "valid_range": np.array([0, -2], "i1")}


def one_map(path, longitudes, *, packing=None, bounds=None, bounds_packing=None):
    """A file of one map; numbers as stored."""
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.set_auto_maskandscale(False)
        dataset.createDimension("lat", 2)
        dataset.createDimension("lon", len(longitudes))
        dataset.createDimension("edge", 2)
        latitude = dataset.createVariable("lat", "f4", ("lat",))
        latitude.setncatts({"standard_name": "latitude", "units": "degrees_north"})
        latitude[:] = [0, 10]
        longitude = dataset.createVariable("lon", longitudes.dtype, ("lon",))
        longitude.setncatts({"standard_name": "longitude", "units": "degrees_east"})
        longitude.setncatts(packing or {})
        values = dataset.createVariable("v", "i1", ("lat", "lon"), fill_value=np.int8(-1))
        values.setncatts({"units": "1", "scale_factor": 0.5} | UNSIGNED)
        if bounds is not None:
            longitude.bounds = "lon_bnds"
            dataset.createVariable("lon_bnds", bounds.dtype, ("lon", "edge"))
            dataset["lon_bnds"].setncatts(bounds_packing or {})
        dataset.set_auto_maskandscale(False)
        longitude[:] = longitudes
        values[:] = np.array([[0, 100, -100], [-2, -1, 1]], "i1")[:, : len(longitudes)]
        if bounds is not None:
            dataset["lon_bnds"][:] = bounds
    return path


TENTHS = {"scale_factor": 0.1, "add_offset": 0.0}
STORED = np.array([0, 1200, 2400], "i2")
EDGES = np.array([[-600, 600], [600, 1800], [1800, 3000]], "i2")


@pytest.mark.parametrize(
    ("longitudes", "packing", "bounds_packing"),
    [
        (STORED / 10, {}, TENTHS),
        (STORED, TENTHS, TENTHS),
        (STORED, TENTHS, {}),
    ],
)
def test_bounds_are_decoded_with_their_coordinate(
    tmp_path, bench, longitudes, packing, bounds_packing
):
    path = one_map(tmp_path / "a.nc", longitudes, packing=packing, bounds=EDGES,
                   bounds_packing=bounds_packing)  # fmt: skip
    coverage = bench.publish([path])
    stored = bench.open(decode_cf=False)["lon_bnds"]
    assert np.allclose(stored.values, EDGES / 10)
    assert "scale_factor" not in stored.attrs
    assert coverage.variable_by_name["lon_bnds"].packed is None


def test_bounds_in_physical_units_beside_a_packed_coordinate_stay(tmp_path, bench):
    path = one_map(tmp_path / "a.nc", STORED, packing=TENTHS, bounds=EDGES / 10)
    bench.publish([path])
    assert np.array_equal(bench.open(decode_cf=False)["lon_bnds"].values, EDGES / 10)


@pytest.mark.parametrize("dtype", ["i1", "u1", "i2", "u2", "i4", "i8"])
def test_whole_longitudes_get_a_type_that_holds_a_turn(tmp_path, bench, dtype):
    longitudes = np.array([0, 60, 120], dtype)
    edges = np.array([[0, 30], [30, 90], [90, 120]], dtype)
    coverage = bench.publish([one_map(tmp_path / "a.nc", longitudes, bounds=edges)])
    assert coverage.axis_by_name["lon"].dtype == "<f8"
    assert coverage.variable_by_name["lon_bnds"].dtype == "<f8"
    found = bench.open(decode_cf=False)
    assert np.array_equal(found["lon"].values, [0, 60, 120])
    assert np.array_equal(found["lon_bnds"].values, edges)


def test_unsigned_numbers_are_decoded_as_such(tmp_path, bench):
    path = one_map(tmp_path / "a.nc", STORED / 10)
    coverage = bench.publish([path], plain(packing={"v": "decode"}))
    assert not coverage.variable_by_name["v"].attributes.keys() & {*UNSIGNED, "scale_factor"}
    found = bench.open(decode_cf=False)["v"].values
    expected = np.array([[0, 50, 78], [127, np.nan, 0.5]])
    assert np.array_equal(found, expected, equal_nan=True)


def test_a_coordinate_of_unsigned_numbers_is_decoded(tmp_path, bench):
    edges = np.array([[0, 60], [60, -76], [-76, -1]], "i1")
    path = one_map(tmp_path / "a.nc", np.array([0, 120, -16], "i1"), bounds=edges,
                   packing={"_Unsigned": "true"})  # fmt: skip
    bench.publish([path])
    found = bench.open(decode_cf=False)
    assert found["lon"].values.tolist() == [0, 120, 240]
    assert found["lon_bnds"].values.tolist() == [[0, 60], [60, 180], [180, 255]]
