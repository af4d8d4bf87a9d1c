"""Descriptions: values bit for bit, roles, documents that readers need."""

import asyncio
import json

import netCDF4
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.model.coverage import RegularValues
from atoll.publication.describe import axis_values
from tests.publication.builders import LEVITUS, NEMO, Grid, plain, product, steps

pytestmark = pytest.mark.slow

FINITE = st.floats(-1e6, 1e6)


def stored(values, dtype):
    """What a planner makes of the description, in the axis's type."""
    if isinstance(values, RegularValues):
        return np.array([values.start + i * values.step for i in range(values.count)], dtype)
    return np.array(values.values, dtype)


@given(start=FINITE, step=FINITE.filter(lambda step: abs(step) > 1e-3),
       count=st.integers(1, 500), dtype=st.sampled_from(["<f4", "<f8"]))  # fmt: skip
def test_even_axes_come_back_bit_for_bit(start, step, count, dtype):
    values = (start + np.arange(count) * step).astype(dtype)
    assert np.array_equal(stored(axis_values(values), dtype), values)


@given(st.lists(FINITE, min_size=1, max_size=20, unique=True), st.sampled_from(["<f4", "<f8"]))
def test_any_axis_comes_back_bit_for_bit(numbers, dtype):
    values = np.array(sorted(numbers), dtype)
    assert np.array_equal(stored(axis_values(values), dtype), values)


WHOLE = {"<i1": 127, "|u1": 255, "<i2": 2**15 - 1, "<u2": 2**16 - 1, "<i4": 2**31 - 1, "<i8": 2**53}


@given(st.data(), st.sampled_from(sorted(WHOLE)))
def test_any_axis_of_whole_numbers_is_told_without_a_fraction(data, dtype):
    least = 0 if "u" in dtype else -WHOLE[dtype]
    near = st.integers(0, 12) | st.integers(least, WHOLE[dtype])
    numbers = data.draw(st.lists(near, min_size=1, max_size=20, unique=True))
    values = np.array(sorted(numbers), dtype)
    told = axis_values(values)
    assert np.array_equal(stored(told, "<f8"), values.astype("<f8"))


def test_a_step_that_does_not_exist_is_not_told():
    values = np.array([0, 1, 3, 4, 6, 7, 9], "i4")
    assert axis_values(values).kind == "explicit"


@pytest.mark.parametrize("dtype", ["i4", "i8", "i2"])
def test_whole_numbers_come_back_as_they_are(dtype):
    values = np.array([3, 5, 7, 11], dtype)
    assert axis_values(values).kind == "explicit"
    assert axis_values(values[:3]) == RegularValues(start=3, step=2, count=3)
    assert np.array_equal(stored(axis_values(values), dtype), values)


def test_a_million_even_steps_are_three_numbers():
    hours = np.arange(1_000_000, dtype="f8") + 17598.0
    assert axis_values(hours) == RegularValues(start=17598, step=1, count=1_000_000)


def test_one_value_off_by_a_bit_is_explicit():
    values = np.arange(100, dtype="f8") * 0.25
    values[50] = np.nextafter(values[50], 100)
    assert axis_values(values).kind == "explicit"


def test_every_array_s_own_document_is_in_the_description(bench):
    coverage = bench.publish([LEVITUS], product("levitus-climatology"))
    for variable in coverage.variables:
        for layout, grid in variable.grids.items():
            document = json.loads(grid.metadata)
            assert document["zarr_format"] == 3
            assert grid.path == f"{layout}/{variable.name}"
            chunks = tuple(document["chunk_grid"]["configuration"]["chunk_shape"])
            assert chunks == grid.chunk_shape
            assert document["dimension_names"] == list(variable.dimensions)


def test_what_users_should_read_is_in_the_description(tmp_path, bench):
    told = plain(documents=[{"kind": "QUID", "url": "https://example.org/quid.pdf"}])
    coverage = bench.publish([Grid(steps(1)).write(tmp_path / "f.nc")], told)
    assert coverage.documents == told.documents


def rotated(path, *, packed=False, latitude=11):
    """A grid with axes of its own beside 2-d longitudes and latitudes."""
    with netCDF4.Dataset(path, "w") as dataset:
        dataset.set_auto_maskandscale(False)
        dataset.createDimension("rlat", 5)
        dataset.createDimension("rlon", 6)
        for name, axis, towards in (("rlat", "latitude", "north"), ("rlon", "longitude", "east")):
            own = dataset.createVariable(name, "f4", (name,))
            own.setncatts({"standard_name": f"grid_{axis}", "units": "degrees"})
            own[:] = np.arange(own.size)
            plane = dataset.createVariable(axis, "i2" if packed else "f4", ("rlat", "rlon"))
            plane.setncatts({"standard_name": axis, "units": f"degrees_{towards}"})
            if packed:
                plane.setncatts({"scale_factor": 0.01, "add_offset": 10.0})
            plane[:] = 11 if axis == "longitude" else latitude
        dataset.createVariable("pole", "i4").grid_mapping_name = "rotated_latitude_longitude"
        data = dataset.createVariable("v", "f4", ("rlat", "rlon"))
        data.setncatts({"coordinates": "longitude latitude", "grid_mapping": "pole"})
        data[:] = 1
    return path


def test_a_rotated_grid_has_axes_and_a_2d_grid(tmp_path, bench):
    coverage = bench.publish([rotated(tmp_path / "r.nc")])
    assert [(axis.name, axis.role, axis.wraps) for axis in coverage.axes] == [
        ("rlat", "Y", False), ("rlon", "X", False)]  # fmt: skip
    assert coverage.curvilinear.dimensions == ("rlat", "rlon")
    assert coverage.axis_of("X").has_coordinate
    assert set(coverage.variable_by_name["v"].companions) == {"longitude", "latitude", "pole"}


def test_packed_coordinates_are_told_in_degrees(tmp_path, bench):
    coverage = bench.publish([rotated(tmp_path / "r.nc", packed=True)])
    assert coverage.variable_by_name["longitude"].packed is None
    (tile,) = {*coverage.curvilinear.tiles}
    assert tile.west <= 11 <= tile.east < 11.01
    assert float(bench.open("geo")["longitude"].values[0, 0]) == 11


def test_latitudes_beyond_the_poles_are_refused(tmp_path, bench):
    with pytest.raises(DataError, match=r"latitude: 100.0 .* beyond a pole"):
        bench.publish([rotated(tmp_path / "r.nc", latitude=100)])
    path = Grid(steps(1), latitudes=(0, 90, 91)).write(tmp_path / "f.nc")
    with pytest.raises(DataError, match=r"latitude: 91.0 .* beyond a pole"):
        bench.publish([path])


def test_packed_axes_are_told_in_degrees(tmp_path, bench):
    path = Grid(steps(1)).write(tmp_path / "f.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset["latitude"].setncatts({"scale_factor": 0.5, "add_offset": 1.0})
    axis = bench.publish([path]).axis_of("Y")
    assert axis.values == RegularValues(start=-14.0, step=15.0, count=3)
    assert "scale_factor" not in axis.attributes


@pytest.mark.parametrize(
    ("stored", "scale_factor", "unpacked"),
    [("i2", np.float32(0.1), "<f4"), ("i2", 0.1, "<f8"), ("u1", 0.5, "<f4"), ("i4", 0.5, "<f8")],
)
def test_the_type_of_physical_values(tmp_path, bench, stored, scale_factor, unpacked):
    grid = Grid(np.ones((1, 3, 4), stored), attributes={"scale_factor": scale_factor})
    variable = bench.publish([grid.write(tmp_path / "f.nc")]).variable_by_name["t2m"]
    assert (variable.dtype, variable.packed.dtype) == (np.dtype(stored).str, unpacked)


def test_chunks_without_values_are_not_stored(tmp_path, bench):
    values = np.full((2, 3, 4), -1, "f4")
    values[1] = 5
    path = Grid(values, [0, 1], attributes={"_FillValue": np.float32(-1)}).write(tmp_path / "f.nc")
    coverage = bench.publish([path], product("ostia").model_copy(
        update={"chunks": {"geo": {"time": 1}}}))  # fmt: skip
    grid = coverage.variable_by_name["t2m"].grids["geo"]
    assert grid.chunk_shape == (1, 3, 4)
    chunks = [tuple(at) for at in _coordinates(bench, "/geo/t2m")]
    assert chunks == [(1, 0, 0)]


def _coordinates(bench, path):
    async def collect():
        return [at async for at in bench.store().session.chunk_coordinates(path)]

    return asyncio.run(collect())


def test_the_grid_s_tiles_hold_its_cells(bench):
    coverage = bench.publish(NEMO[:1], product("nemo"))
    grid = coverage.curvilinear
    with netCDF4.Dataset(NEMO[0]) as source:
        longitudes, latitudes = source["nav_lon"][:], source["nav_lat"][:]
    rows, columns = grid.tile_shape
    across = -(-360 // columns)
    for (i, j), longitude in np.ndenumerate(longitudes):
        tile = grid.tiles[(i // rows) * across + j // columns]
        assert tile.south <= latitudes[i, j] <= tile.north
        assert (float(longitude) - tile.west) % 360 <= tile.east - tile.west
    assert len(coverage.model_dump_json()) < 250_000


def test_data_without_a_coordinate_get_a_numbered_axis(tmp_path, bench):
    path = Grid(steps(1)).write(tmp_path / "f.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.createDimension("member", 2)
        dataset.createVariable("e", "f4", ("member", "latitude", "longitude"))[:] = 1
    axis = bench.publish([path]).axis_by_name["member"]
    assert (axis.role, axis.has_coordinate, axis.size) == ("other", False, 2)


def test_quality_flags_are_data_and_come_along(tmp_path, bench):
    path = Grid(steps(1), attributes={"ancillary_variables": "flag"}).write(tmp_path / "f.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        flag = dataset.createVariable("flag", "i1", ("time", "latitude", "longitude"))
        flag.flag_values = np.array([0, 1], "i1")
        flag[:] = 1
    coverage = bench.publish([path])
    assert coverage.variable_by_name["t2m"].companions == ("flag",)
    assert coverage.variable_by_name["flag"].role == "data"
    assert coverage.variable_by_name["flag"].attributes["flag_values"] == [0, 1]
