"""GRIB files, published and read by label, equal what eccodes and cfgrib read from the source."""

import warnings

import numpy as np
import pytest
import xarray as xr

from atoll.publication.gate import check
from atoll.publication.source import open_any
from tests.publication.builders import Bench, plain, product
from tests.publication.grib_bench import ERA5, NAM, by_key, handles

pytestmark = pytest.mark.slow


def cfgrib(path, **keys):
    """A file as cfgrib reads it, with its own warnings."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return xr.open_dataset(path, engine="cfgrib", backend_kwargs={"indexpath": "", **keys})


def test_every_message_of_era5_is_at_its_label(bench):
    coverage = bench.publish([ERA5], product("era5-members"))
    found = bench.open("geo")
    assert found["t"].dims == ("number", "time", "level", "latitude", "longitude")
    assert [(axis.name, axis.role, axis.size) for axis in coverage.axes] == [
        ("number", "other", 10), ("time", "T", 4), ("level", "Z", 2), ("latitude", "Y", 61),
        ("longitude", "X", 120)]  # fmt: skip
    expected = by_key()
    assert len(expected) == 160 == sum(found[name].isel(latitude=0, longitude=0).size
                                       for name in ("t", "z"))  # fmt: skip
    for (name, level, number, date, time), (lats, lons, values) in expected.items():
        moment = np.datetime64(f"{date // 10000}-{date // 100 % 100:02}-{date % 100:02}")
        place = {
            "level": level,
            "number": number,
            "time": moment + np.timedelta64(time, "h") // 100,
        }
        field = found[name].sel(place)
        points = {"latitude": xr.DataArray(lats, dims="point"),
                  "longitude": xr.DataArray(lons, dims="point")}  # fmt: skip
        assert np.array_equal(field.sel(points).values, values.astype("f4"))


def test_era5_equals_its_netcdf_twin_by_label_and_not_by_position(tmp_path, bench):
    with cfgrib(ERA5) as source:
        twin = source.drop_vars(["step", "valid_time"]).load()
        twin = twin.rename(isobaricInhPa="level").transpose("time", "number", ...)
    assert twin["level"].values.tolist() == [850, 500]
    for name in twin.data_vars:
        twin[name].attrs = {key: value for key, value in twin[name].attrs.items()
                            if not key.startswith("GRIB_")}  # fmt: skip
    twin.to_netcdf(tmp_path / "twin.nc")
    bench.publish([ERA5], product("era5-members"), "grib")
    bench.publish([tmp_path / "twin.nc"], plain(), "twin")
    ours, theirs = bench.open(dataset="grib"), bench.open(dataset="twin")
    for name in ("t", "z"):
        one, other = xr.align(ours[name], theirs[name].transpose(*ours[name].dims), join="outer")
        assert one.shape == ours[name].shape
        assert np.array_equal(one.values, other.values)
    by_position = ours["t"].values - theirs["t"].transpose(*ours["t"].dims).values
    assert abs(by_position).max() > 39  # kelvin


def test_era5_passes_the_gate():
    assert {each.severity for each in check([ERA5], product("era5-members"))} == {
        "warning", "advice"}  # fmt: skip


def test_the_file_of_many_kinds_is_told_what_it_holds():
    findings = [each for each in check([NAM], plain()) if each.severity == "error"]
    assert len(findings) == 1
    assert "t is t (cloudTop, instant) and t (isobaricInhPa, instant)" in findings[0].problem
    assert findings[0].accepted == "choose by grib.select in the product what belongs together"


def test_nam_is_published_by_its_settings(bench):
    coverage = bench.publish([NAM], product("nam"))
    assert coverage.curvilinear.dimensions == ("y", "x")
    found = bench.open("geo")
    names = ("gh", "t", "r", "w", "u", "v")
    assert {found[name].dims for name in names} == {("time", "level", "y", "x")}
    assert found["u"].attrs["standard_name"] == "x_wind"
    kinds = {"typeOfLevel": "isobaricInhPa"}
    for name in ("gh", "v"):
        with cfgrib(NAM, filter_by_keys={**kinds, "shortName": name}) as source:
            theirs = source[name].load().sortby("isobaricInhPa")
        assert np.array_equal(found["level"].values, theirs["isobaricInhPa"].values)
        assert np.array_equal(found[name].values[0], theirs.values)
        places = found.set_coords(["latitude", "longitude"])
        assert np.array_equal(places["latitude"].values, theirs["latitude"].values)
        assert np.array_equal(places["longitude"].values, theirs["longitude"].values)


def test_fields_that_share_a_message_are_all_there():
    kinds = {"typeOfLevel": ["heightAboveGround"]}
    with open_any(NAM, plain(grib={"select": kinds})) as contents:
        assert {"u10", "v10", "t2m", "r2"} <= contents.fields.keys()
        assert contents.fields["v10"].attributes["coordinates"] == "heightAboveGround_10"
        assert contents.fields["heightAboveGround_10"].whole() == 10
    assert len(list(handles(NAM))) == 154  # whoever counts messages misses 27 fields


def test_members_of_another_delivery_follow(tmp_path):
    bench = Bench(tmp_path)
    bench.publish([ERA5], product("era5-members"))
    head = bench.head()
    bench.publish([ERA5], product("era5-members"))
    assert bench.head() == head
