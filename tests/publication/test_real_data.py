"""Real files, published and read by plain xarray, equal what netCDF4 reads from the source."""

import netCDF4
import numpy as np
import pytest
import xarray as xr

from tests.publication.builders import (
    CMIP6,
    DATA,
    LATER,
    LEVITUS,
    NAVY,
    NEMO,
    Bench,
    equal,
    product,
    raw,
)

pytestmark = pytest.mark.slow

LAYOUTS = ("geo", "time")


def yearly(path, folder):
    """The file in eleven, one a year."""
    files = []
    for year in range(11):
        with xr.open_dataset(path, decode_times=False, mask_and_scale=False) as whole:
            part = whole.isel(TIME=slice(12 * year, 12 * year + 12)).load()
        part.attrs["year"] = 1982 + year
        files.append(folder / f"{1982 + year}.nc")
        part.to_netcdf(files[-1], format="NETCDF3_CLASSIC")
    return files


@pytest.mark.parametrize("layout", LAYOUTS)
def test_levitus_equals_its_source(bench, layout):
    bench.publish([LEVITUS], product("levitus-climatology"))
    found = bench.open(layout)
    for name in ("TEMP", "SALT"):
        assert found[name].dims == ("depth", "latitude", "longitude")
        assert equal(found[name].values, raw(LEVITUS, name))
    for name, source in (("longitude", "XAXLEVITR"), ("latitude", "YAXLEVITR"),
                         ("depth", "ZAXLEVITR")):  # fmt: skip
        assert np.array_equal(found[name].values, raw(LEVITUS, source))
    edges = raw(LEVITUS, "ZAXLEVITRedges")
    assert np.array_equal(found["depth_bnds"].values, np.stack([edges[:-1], edges[1:]], axis=1))
    assert found["depth"].attrs["bounds"] == "depth_bnds"
    assert found["TEMP"].attrs["standard_name"] == "sea_water_temperature"
    assert found["TEMP"].attrs["units"] == "degree_C"
    assert found["SALT"].attrs["units"] == "1e-3"


def test_levitus_is_described(bench):
    coverage = bench.publish([LEVITUS], product("levitus-climatology"), "levitus-climatology")
    assert [(axis.name, axis.role, axis.size) for axis in coverage.axes] == [
        ("depth", "Z", 20), ("latitude", "Y", 180), ("longitude", "X", 360)]  # fmt: skip
    longitude = coverage.axis_by_name["longitude"]
    assert (longitude.values.kind, longitude.wraps) == ("regular", True)
    assert [(variable.name, variable.role) for variable in coverage.variables] == [
        ("TEMP", "data"), ("SALT", "data"), ("depth_bnds", "bounds")]  # fmt: skip
    temperature = coverage.variable_by_name["TEMP"]
    assert temperature.companions == ("depth_bnds",)
    assert temperature.attributes["_FillValue"] == temperature.fill_value == -1e10
    assert temperature.grids["geo"].path == "geo/TEMP"
    assert temperature.grids["geo"].chunk_shape == (1, 180, 360)
    assert coverage.other_dimensions == {"bnds": 2}
    assert coverage.profiles is None
    assert coverage.revision == bench.head("levitus-climatology")
    assert coverage.layouts["time"].url.endswith("/bucket/datasets/levitus-climatology")
    assert coverage.updated_at == "2026-11-01T12:00:00Z"
    assert bench.catalogue.describe("levitus-climatology", coverage.revision) == coverage


@pytest.mark.parametrize("layout", LAYOUTS)
def test_navy_equals_its_source(bench, layout):
    coverage = bench.publish([NAVY], product("navy-winds"))
    assert coverage.profiles == ("navy",)
    raw_times = bench.open(layout, decode_times=False)
    assert np.array_equal(raw_times["time"].values, raw(NAVY, "TIME"))
    found = bench.open(layout)
    for name in ("UWND", "VWND"):
        assert equal(found[name].values, raw(NAVY, name))
    assert found["time"].values[0] == np.datetime64("1982-01-16T20:00")
    assert found["UWND"].attrs["standard_name"] == "eastward_wind"


def test_navy_in_eleven_deliveries_is_navy_in_one(tmp_path, bench):
    files = yearly(NAVY, tmp_path)
    one = Bench(tmp_path / "one").publish([NAVY], product("navy-winds"))
    last = bench.publish_each(files, product("navy-winds"))
    assert bench.commits() == 11
    assert last.axis_of("T") == one.axis_of("T")
    for name in ("UWND", "VWND"):
        assert last.variable_by_name[name].attributes == one.variable_by_name[name].attributes
        for layout in LAYOUTS:
            assert equal(bench.open(layout)[name].values, raw(NAVY, name))


def test_navy_in_eleven_files_of_one_delivery_in_any_order(tmp_path, bench):
    files = yearly(NAVY, tmp_path)
    coverage = bench.publish([*files[5:], *files[:5]], product("navy-winds"))
    assert bench.commits() == 1
    assert coverage.attributes["year"] == 1992
    assert equal(bench.open("time")["UWND"].values, raw(NAVY, "UWND"))


def test_nemo_takes_the_time_that_the_product_names(bench):
    coverage = bench.publish(NEMO[::-1], product("nemo"))
    found = bench.open("time")
    assert [str(time) for time in found["time"].values] == [
        "2015-01-16 00:00:00", "2015-02-16 00:00:00", "2015-03-16 00:00:00"]  # fmt: skip
    for step, path in enumerate(NEMO):
        assert equal(found["tos"].values[step], raw(path, "tos")[0])
        assert np.array_equal(found["longitude"].values, raw(path, "nav_lon"))
    assert coverage.axis_of("T").calendar == "360_day"
    assert not coverage.axis_by_name["x"].has_coordinate
    assert coverage.curvilinear.dimensions == ("y", "x")
    assert (coverage.curvilinear.longitude, coverage.curvilinear.latitude) == (
        "longitude", "latitude")  # fmt: skip
    assert coverage.other_dimensions == {"nvertex": 4, "axis_nbounds": 2}
    assert set(coverage.variable_by_name["tos"].companions) == {
        "longitude", "latitude", "bounds_lon", "bounds_lat", "time_bnds"}  # fmt: skip


def test_nemo_month_by_month(bench):
    bench.publish_each(NEMO, product("nemo"))
    assert bench.open("geo")["tos"].shape == (3, 330, 360)
    assert equal(bench.open("time")["tos"].values[2], raw(NEMO[2], "tos")[0])


def test_ostia_keeps_what_belongs_to_it(bench):
    path = DATA / "iris/ostia_monthly.nc"
    coverage = bench.publish([path], product("ostia"))
    assert equal(bench.open("time")["surface_temperature"].values,
                 raw(path, "surface_temperature"))  # fmt: skip
    roles = {variable.name: variable.role for variable in coverage.variables}
    assert roles == {
        "surface_temperature": "data",
        "latitude_longitude": "grid_mapping",
        "forecast_period": "auxiliary",
        "forecast_reference_time": "auxiliary",
        "forecast_reference_time_bnds": "bounds",
        "time_bnds": "bounds",
    }
    companions = coverage.variable_by_name["surface_temperature"].companions
    assert set(companions) == roles.keys() - {"surface_temperature"}
    assert bench.open("geo")["forecast_period"].values == raw(path, "forecast_period")


def test_cmip6_decades_follow_one_another(bench):
    coverage = bench.publish_each(CMIP6, product("cmip6"))
    found = bench.open("time", decode_times=False)
    expected = np.ma.concatenate([raw(path, "ta") for path in CMIP6])
    assert equal(found["ta"].values, expected)
    assert equal(found["time_bnds"].values, np.ma.concatenate([raw(p, "time_bnds") for p in CMIP6]))
    axis = coverage.axis_of("T")
    assert (axis.calendar, axis.values.kind, axis.size) == ("365_day", "regular", 7300)
    assert coverage.axis_of("Z").positive == "down"
    with netCDF4.Dataset(CMIP6[1]) as newest:
        assert coverage.attributes["tracking_id"] == newest.tracking_id


def test_a_climatology_of_year_0_stays_in_numbers(bench):
    path = DATA / "ferret/coads_sst.cdf"
    coverage = bench.publish([path], product("coads"))
    found = bench.open("geo", decode_times=False)
    assert np.array_equal(found["time"].values, raw(path, "TIME"))
    assert equal(found["SST"].values, raw(path, "SST"))
    axis = coverage.axis_of("T")
    assert axis.climatology
    assert (axis.units, axis.calendar) == ("hour since 0000-01-01 00:00:00", "noleap")


def test_a_relief_has_no_time_and_one_layout(bench):
    path = DATA / "ferret/etopo60.cdf"
    coverage = bench.publish([path], product("etopo"))
    assert set(coverage.layouts) == {"geo"}
    assert equal(bench.open("geo")["ROSE"].values, raw(path, "ROSE"))


def test_the_same_files_again_are_no_new_revision(bench):
    first = bench.publish(NEMO, product("nemo"))
    again = bench.publish(NEMO[:2], product("nemo"), now=LATER)
    assert again == first
    assert bench.commits() == 1
