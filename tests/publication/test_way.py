"""Published, planned, extracted: the result has every number of the source."""

from datetime import timedelta, timezone

import netCDF4
import numpy as np
import pytest

from atoll.model.request import Interval, LongitudeInterval
from tests.publication.builders import CMIP6, DATA, LEVITUS, NAVY, NEMO, T0, order, product, raw

pytestmark = pytest.mark.slow

REAL = [
    ([LEVITUS], "levitus-climatology", {"TEMP": "TEMP", "SALT": "SALT"}),
    ([NAVY], "navy-winds", {"UWND": "UWND", "VWND": "VWND", "time": "TIME"}),
    (NEMO, "nemo", {"tos": "tos", "time": "time_centered", "time_bnds": "time_centered_bounds"}),
    ([DATA / "iris/ostia_monthly.nc"], "ostia",
     {name: name for name in ("surface_temperature", "time_bnds", "forecast_reference_time")}),
    (CMIP6, "cmip6", {"ta": "ta", "time": "time", "time_bnds": "time_bnds"}),
    ([DATA / "ferret/coads_sst.cdf"], "coads", {"SST": "SST", "time": "TIME"}),
    ([DATA / "ferret/etopo60.cdf"], "etopo", {"ROSE": "ROSE"}),
]  # fmt: skip


@pytest.mark.parametrize(("files", "name", "variables"), REAL, ids=[each[1] for each in REAL])
def test_a_whole_dataset_equals_its_source(bench, tmp_path, files, name, variables):
    coverage = bench.publish(files, product(name), name)
    path = order(coverage, tmp_path)
    for stored, source in variables.items():
        expected = np.ma.concatenate([np.ma.atleast_1d(raw(file, source)) for file in files])
        found = raw(path, stored)
        assert np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(expected))
        assert np.array_equal(found.compressed(), expected.compressed())


def test_a_box_across_the_seam_and_greenwich(bench, tmp_path):
    coverage = bench.publish([LEVITUS], product("levitus-climatology"))
    box = {
        "longitude": LongitudeInterval(west=-40, east=30),
        "latitude": Interval(lower=30, upper=60),
        "depth": Interval(lower=0, upper=500),
    }
    path = order(coverage, tmp_path, variables=("sea_water_temperature",), **box)
    with netCDF4.Dataset(path) as result:
        assert list(result["longitude"][:]) == [-39.5 + step for step in range(70)]
    columns = [*range(300, 360), *range(10)]  # 320.5 to 379.5, which is 19.5; then 20.5 to 29.5
    expected = raw(LEVITUS, "TEMP")[:11, 120:150][:, :, columns]
    assert np.ma.allequal(raw(path, "TEMP"), expected)
    assert np.array_equal(np.ma.getmaskarray(raw(path, "TEMP")), np.ma.getmaskarray(expected))


def test_times_in_a_result_are_told_in_one_spelling(bench, tmp_path):
    now = T0.astimezone(timezone(timedelta(hours=2)))
    coverage = bench.publish([NAVY], product("navy-winds"), now=now)
    with netCDF4.Dataset(order(coverage, tmp_path)) as result:
        assert result.history.startswith("2026-11-01T12:00:00Z atoll: subset {")
        assert result.time_coverage_start == "1982-01-16T20:00:00Z"
