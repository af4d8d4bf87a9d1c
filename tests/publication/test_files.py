"""Files that cannot be published, each with the reason; and files that are repaired."""

import netCDF4
import numpy as np
import pytest

from atoll.errors import DataError, InvalidParameter
from tests.publication.builders import DATA, LEVITUS, NAVY, Grid, plain, product, steps

pytestmark = pytest.mark.slow


def edit(path, change):
    """Change a file with netCDF4 after it was written."""
    with netCDF4.Dataset(path, "a") as dataset:
        change(dataset)
    return path


@pytest.fixture
def good(tmp_path):
    return Grid(steps(2), [0, 1]).write(tmp_path / "good.nc")


def test_a_missing_file_is_named(tmp_path, bench):
    with pytest.raises(InvalidParameter, match=r"FILE: .*gone.nc.* is not accepted"):
        bench.publish([tmp_path / "gone.nc"])


def test_a_folder_is_no_file(tmp_path, bench):
    with pytest.raises(InvalidParameter, match=r"FILE"):
        bench.publish([tmp_path])


@pytest.mark.parametrize("content", [b"", b"CDF\x01", b"CDF", b"\x89HDF\r\n\x1a\n", b"GRIB" * 99])
def test_what_is_not_netcdf_is_refused(tmp_path, bench, content):
    path = tmp_path / "not.nc"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"not.nc: "):
        bench.publish([path])


@pytest.mark.parametrize("kept", [0.3, 0.5, 0.999])
@pytest.mark.parametrize(
    ("source", "name"),
    [(LEVITUS, "levitus-climatology"), (NAVY, "navy-winds"),
     (DATA / "iris/ostia_monthly.nc", "ostia")],
)  # fmt: skip
def test_a_file_that_was_cut_off_is_refused(tmp_path, bench, source, name, kept):
    content = source.read_bytes()
    path = tmp_path / "cut.nc"
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DataError, match=r"cut off"):
        bench.publish([path], product(name))
    assert bench.catalogue.entries() == []


def test_texts_are_to_be_dropped(bench, good):
    def add(dataset):
        dataset.createVariable("station", str, ("time",))

    edit(good, add)
    with pytest.raises(DataError, match=r"station holds .* not numbers; add it to drop"):
        bench.publish([good])
    assert bench.publish([good], plain(drop=["station"])).variable_by_name.keys() == {"t2m"}


def test_axes_without_cf_are_refused_until_the_product_tells_them(bench, good):
    def forget(dataset):
        for name in ("latitude", "longitude"):
            dataset[name].delncattr("units")
            dataset[name].delncattr("standard_name")

    edit(good, forget)
    with pytest.raises(
        DataError, match=r"no longitude and latitude among its coordinate variables"
    ):
        bench.publish([good])
    coverage = bench.publish([good], plain(roles={"latitude": "Y", "longitude": "X"}))
    assert [axis.role for axis in coverage.axes] == ["T", "Y", "X"]
    assert not coverage.axis_of("X").wraps


def test_axes_are_found_by_units_alone_in_any_order(tmp_path, bench):
    with netCDF4.Dataset(tmp_path / "odd.nc", "w") as dataset:
        axes = {"a": ("degrees_north", [5, 4]), "b": ("degree_E", [1, 2, 3]),
                "c": ("hPa", [1000, 500]), "d": ("days since 2000-1-1", [1])}  # fmt: skip
        for name, (units, values) in axes.items():
            dataset.createDimension(name, len(values))
            dataset.createVariable(name, "f8", (name,)).units = units
            dataset[name][:] = values
        dataset.createVariable("v", "f4", ("b", "d", "a", "c"))[:] = np.arange(12).reshape(
            3, 1, 2, 2
        )
    coverage = bench.publish([tmp_path / "odd.nc"])
    assert [(axis.name, axis.role) for axis in coverage.axes] == [
        ("b", "X"), ("d", "T"), ("a", "Y"), ("c", "Z")]  # fmt: skip
    assert np.array_equal(bench.open("time")["v"].values.ravel(), np.arange(12))


def test_a_coordinate_that_tells_two_roles_is_refused(bench, good):
    edit(good, lambda dataset: dataset["latitude"].setncattr("positive", "up"))
    with pytest.raises(DataError, match=r"latitude could be Y and Z .* set roles.latitude"):
        bench.publish([good])
    assert bench.publish([good], plain(roles={"latitude": "Y"})).axis_of("Z") is None


def test_two_axes_of_one_role_are_refused(tmp_path, bench):
    def add(dataset):
        dataset.createDimension("lon2", 2)
        dataset.createVariable("lon2", "f4", ("lon2",)).units = "degrees_east"
        dataset["lon2"][:] = [0, 1]
        dataset.createVariable("other", "f4", ("lon2",))[:] = [1, 2]

    path = edit(Grid(steps(1)).write(tmp_path / "two.nc"), add)
    with pytest.raises(DataError, match=r"longitude and lon2 are both X axes; set roles"):
        bench.publish([path])
    assert bench.publish([path], plain(roles={"lon2": "other"})).axis_by_name["lon2"].size == 2


def test_a_role_of_no_dimension_is_refused(bench, good):
    with pytest.raises(DataError, match=r"roles.lon: the file has no such dimension"):
        bench.publish([good], plain(roles={"lon": "X"}))


@pytest.mark.parametrize(
    ("values", "message"),
    [([0.0, 90.0, 90.0, 180.0], "90.0 is followed by 90.0 at node 2"),
     ([0.0, 90.0, 45.0, 180.0], "90.0 is followed by 45.0 at node 2"),
     ([0.0, np.nan, 45.0, 180.0], "nan at node 1")],
)  # fmt: skip
def test_coordinates_are_monotonic(tmp_path, bench, values, message):
    path = Grid(steps(1), longitudes=values).write(tmp_path / "bad.nc")
    with pytest.raises(DataError, match=message):
        bench.publish([path])


def test_times_increase_within_a_file(tmp_path, bench):
    path = Grid(steps(3), [2, 1, 0]).write(tmp_path / "bad.nc")
    with pytest.raises(DataError, match=r"time is not strictly increasing"):
        bench.publish([path])


def test_latitudes_may_descend(tmp_path, bench):
    path = Grid(steps(1), latitudes=(60, 0, -60)).write(tmp_path / "down.nc")
    assert bench.publish([path]).axis_of("Y").values.step == -60


@pytest.mark.parametrize(
    ("units", "calendar"),
    [("months since 2000-01-01", "standard"), ("days since 2000-02-30", "standard"),
     ("days since then", "standard"), ("days since 2000-01-01", "lunar")],
)  # fmt: skip
def test_times_that_tell_no_moments_are_refused(tmp_path, bench, units, calendar):
    path = Grid(steps(1), units=units, calendar=calendar).write(tmp_path / "bad.nc")
    with pytest.raises(DataError, match=r"tell no moments"):
        bench.publish([path])


def test_a_calendar_is_standard_where_none_is_told_and_the_product_may_tell_another(
    bench, tmp_path
):
    path = Grid(steps(1), calendar=None).write(tmp_path / "none.nc")
    assert bench.publish([path], dataset="a").axis_of("T").calendar == "standard"
    told = bench.publish([path], plain(time={"calendar": "noleap"}), dataset="b")
    assert told.axis_of("T").calendar == told.axis_of("T").attributes["calendar"] == "noleap"


def test_every_way_to_say_no_value_becomes_one_fill_value(tmp_path, bench):
    values = steps(1)
    values[0, 0] = [np.nan, -1, -2, -3]
    path = Grid(values, attributes={"_FillValue": np.float32(-1), "missing_value": np.float32(-2)})
    coverage = bench.publish([path.write(tmp_path / "m.nc")], plain(missing_values={"t2m": [-3]}))
    stored = bench.open("geo", mask_and_scale=False)["t2m"].values
    assert list(stored[0, 0]) == [-1, -1, -1, -1]
    attributes = coverage.variable_by_name["t2m"].attributes
    assert attributes["_FillValue"] == -1
    assert "missing_value" not in attributes


def test_the_product_may_choose_the_fill_value(tmp_path, bench):
    values = steps(1)
    values[0, 0, 0] = -1
    path = Grid(values, attributes={"_FillValue": np.float32(-1)}).write(tmp_path / "m.nc")
    coverage = bench.publish([path], plain(fill_values={"t2m": 1e20}))
    fill = coverage.variable_by_name["t2m"].fill_value
    assert np.float32(fill) == np.float32(1e20)
    assert np.isnan(bench.open("time")["t2m"].values[0, 0, 0])
    assert np.array_equal(bench.open("geo")["t2m"].values.ravel()[1:], values.ravel()[1:])


def test_a_fill_value_that_is_a_value_is_refused(tmp_path, bench):
    path = Grid(np.arange(12, dtype="i2").reshape(1, 3, 4)).write(tmp_path / "m.nc")
    with pytest.raises(DataError, match=r"t2m holds 7 as a value"):
        bench.publish([path], plain(fill_values={"t2m": 7}))
    with pytest.raises(DataError, match=r"70000.0 is no int16"):
        bench.publish([path], plain(fill_values={"t2m": 70000}))


def test_nan_as_fill_value(tmp_path, bench):
    values = steps(1)
    values[0, 0, 0] = np.nan
    path = Grid(values, attributes={"_FillValue": np.float32("nan")}).write(tmp_path / "nan.nc")
    coverage = bench.publish([path])
    assert coverage.variable_by_name["t2m"].fill_value == "NaN"
    assert np.array_equal(bench.open("geo")["t2m"].values, values, equal_nan=True)
    assert bench.publish([path]) == coverage


@pytest.mark.parametrize(
    ("settings", "message"),
    [({"attributes": {"t2n": {"units": "K"}}}, "attributes.t2n: no such variable; there are"),
     ({"fill_values": {"t2n": 0}}, "fill_values.t2n: no such variable"),
     ({"packing": {"t2n": "decode"}}, "packing.t2n: no such variable"),
     ({"missing_values": {"t2n": [0]}}, "missing_values.t2n: no such variable"),
     ({"names": {"lat": "latitude"}}, "names.lat: the file has no such variable or dimension"),
     ({"drop": ["flag"]}, "drop.flag: the file has no such variable"),
     ({"chunks": {"geo": {"lat": 1}}}, "chunks.geo.lat: the file has no such dimension"),
     ({"time": {"variable": "t2"}}, "time.variable: no 1-d variable t2"),
     ({"names": {"latitude": "longitude"}}, "names.latitude: longitude is another's name already"),
     ({"names": {"latitude": "x", "longitude": "x"}}, "names.latitude: x is another's name")],
)  # fmt: skip
def test_settings_that_meet_nothing_are_refused(bench, good, settings, message):
    with pytest.raises(DataError, match=message):
        bench.publish([good], plain(**settings))


def test_edges_of_another_length_are_refused(bench, good):
    edit(good, lambda dataset: dataset["latitude"].setncattr("edges", "longitude2"))
    edit(good, lambda d: (d.createDimension("e", 3), d.createVariable("longitude2", "f4", ("e",))))
    with pytest.raises(DataError, match=r"longitude2: not the edges of latitude"):
        bench.publish([good])


def test_edges_beside_bounds_of_that_name_are_refused(bench):
    settings = product("levitus-climatology").model_dump()
    settings["names"]["SALT"] = "depth_bnds"
    settings["attributes"].pop("SALT")
    with pytest.raises(DataError, match="depth has edges and depth_bnds; drop one"):
        bench.publish([LEVITUS], plain(**settings))


def test_a_file_without_steps_is_refused(tmp_path, bench):
    path = Grid(steps(0), []).write(tmp_path / "empty.nc")
    with pytest.raises(DataError, match="coordinate time is empty"):
        bench.publish([path])
    with pytest.raises(DataError, match=r"empty.nc: coordinate time is empty"):
        bench.publish([path, path])


@pytest.mark.parametrize("factor", ["0.1", [0.1, 0.2], np.nan, np.inf])
def test_packing_that_is_no_number_is_refused(tmp_path, bench, factor):
    values = steps(1).astype("i2")
    path = Grid(values, attributes={"scale_factor": factor}).write(tmp_path / "f.nc")
    with pytest.raises(DataError, match=r"t2m: scale_factor .* must be single numbers"):
        bench.publish([path])
    assert bench.catalogue.entries() == []


def test_what_a_library_only_warns_of_is_refused(tmp_path, bench):
    values = np.full((1, 3, 4), 30_000, "i2")
    path = Grid(values, attributes={"scale_factor": 1e308}).write(tmp_path / "f.nc")
    with pytest.raises(DataError, match="overflow"):
        bench.publish([path], plain(packing={"t2m": "decode"}))


def test_the_same_field_without_time_twice_is_once(bench):
    relief = DATA / "ferret/etopo60.cdf"
    once = bench.publish([relief], product("etopo"))
    assert bench.publish([relief, relief], product("etopo")) == once


def test_other_values_of_a_field_without_time_are_refused(tmp_path, bench):
    relief = DATA / "ferret/etopo60.cdf"
    first = bench.publish([relief], product("etopo"))
    other = tmp_path / "other.nc"
    other.write_bytes(relief.read_bytes())

    def change(dataset):
        dataset["ROSE"][0, 0] = 1

    with pytest.raises(DataError, match=r"other.nc: ROSE has other values .* is a replace"):
        bench.publish([edit(other, change)], product("etopo"))
    assert bench.publish([relief], product("etopo")) == first
