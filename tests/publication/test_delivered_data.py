"""Real files by deliveries, in any order: netCDF4 alone says what there should be."""

import netCDF4
import numpy as np
import pytest
import xarray as xr

from atoll.model.moment import Moment
from tests.publication.builders import (
    CMIP6,
    DATA,
    LEVITUS,
    NAVY,
    NEMO,
    delete,
    equal,
    product,
    put,
    raw,
    replace,
)
from tests.publication.test_real_data import yearly

pytestmark = pytest.mark.slow

LAYOUTS = ("geo", "time")


def deliver_each(bench, files, name):
    """Each file as a delivery of its own."""
    outcomes = [
        bench.deliver(put(path), delivery_id=f"delivery-{path.stem}"[:128], product=product(name))
        for path in files
    ]
    assert bench.commits() == len(files)
    assert bench.branches() == {"main"}
    return outcomes[-1].coverage


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1)])
def test_nemo_in_three_deliveries(bench, order):
    coverage = deliver_each(bench, [NEMO[each] for each in order], "nemo")
    months = [("tos", "tos"), ("time_bnds", "time_centered_bounds"), ("time", "time_centered")]
    for layout in LAYOUTS:
        found = bench.open(layout, decode_times=False)
        for name, source in months:
            expected = np.ma.concatenate([raw(path, source) for path in NEMO])
            assert equal(found[name].values, expected)
        assert np.array_equal(found["longitude"].values, raw(NEMO[0], "nav_lon"))
    assert coverage.curvilinear.dimensions == ("y", "x")


def test_the_second_decade_first(bench):
    coverage = deliver_each(bench, CMIP6[::-1], "cmip6")
    for layout in LAYOUTS:
        found = bench.open(layout, decode_times=False)
        for name in ("ta", "time_bnds"):
            assert equal(found[name].values, np.ma.concatenate([raw(p, name) for p in CMIP6]))
    axis = coverage.axis_of("T")
    assert (axis.calendar, axis.values.kind, axis.size) == ("365_day", "regular", 7300)
    with netCDF4.Dataset(CMIP6[1]) as newest:
        assert coverage.attributes["tracking_id"] == newest.tracking_id


def test_eleven_years_of_winds_in_random_order(tmp_path, bench):
    files = yearly(NAVY, tmp_path)
    order = np.random.default_rng(6).permutation(len(files))
    coverage = deliver_each(bench, [files[each] for each in order], "navy-winds")
    for layout in LAYOUTS:
        found = bench.open(layout, decode_times=False)
        for name, source in (("UWND", "UWND"), ("VWND", "VWND"), ("time", "TIME")):
            assert equal(found[name].values, raw(NAVY, source))
    assert coverage.attributes["year"] == 1992


def test_a_year_of_winds_is_corrected_and_another_is_taken_away(tmp_path, bench):
    files = yearly(NAVY, tmp_path)
    with xr.open_dataset(files[4], decode_times=False, mask_and_scale=False) as old:
        corrected = old.load()
    corrected["UWND"] += 100
    corrected.to_netcdf(tmp_path / "corrected.nc")
    year = Moment(year=1990)
    bench.deliver(put(NAVY), product=product("navy-winds"))
    bench.deliver(replace(tmp_path / "corrected.nc"), delete(year, year),
                  product=product("navy-winds"))  # fmt: skip
    kept = [step for step in range(132) if not 96 <= step < 108]
    east = raw(NAVY, "UWND")
    east[48:60] = raw(tmp_path / "corrected.nc", "UWND")
    for layout in LAYOUTS:
        found = bench.open(layout, decode_times=False)
        assert np.array_equal(found["time"].values, raw(NAVY, "TIME")[kept])
        assert equal(found["UWND"].values, east[kept])
        assert equal(found["VWND"].values, raw(NAVY, "VWND")[kept])


def test_a_climatology_of_year_0_month_by_month(tmp_path, bench):
    path = DATA / "ferret/coads_sst.cdf"
    files = []
    for month in (11, 0, 6, *range(1, 6), *range(7, 11)):
        with xr.open_dataset(path, decode_times=False, mask_and_scale=False) as whole:
            part = whole.isel(TIME=[month]).load()
        files.append(tmp_path / f"month-{month}.nc")
        part.to_netcdf(files[-1], format="NETCDF3_CLASSIC")
    coverage = deliver_each(bench, files, "coads")
    for layout in LAYOUTS:
        found = bench.open(layout, decode_times=False)
        assert np.array_equal(found["time"].values, raw(path, "TIME"))
        assert equal(found["SST"].values, raw(path, "SST"))
    assert coverage.axis_of("T").climatology


@pytest.mark.parametrize(
    ("path", "name", "variables"),
    [
        (LEVITUS, "levitus-climatology", ("TEMP", "SALT")),
        (DATA / "iris/ostia_monthly.nc", "ostia", ("surface_temperature", "time_bnds")),
        (DATA / "ferret/coads_sst.cdf", "coads", ("SST",)),
        (DATA / "ferret/etopo60.cdf", "etopo", ("ROSE",)),
    ],
)
def test_what_comes_in_one_delivery(bench, path, name, variables):
    coverage = deliver_each(bench, [path], name)
    for layout in coverage.layouts:
        for variable in variables:
            found = bench.open(layout, decode_times=False)[variable].values
            assert equal(found, raw(path, variable))
