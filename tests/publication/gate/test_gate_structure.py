"""Files whose axes, variables or attributes are not what the product tells."""

import netCDF4
import numpy as np
import pytest

from tests.publication.builders import NEMO, Grid, plain, product, steps
from tests.publication.gate.builders import NAN, edited, found, good, look

pytestmark = pytest.mark.slow


def test_a_two_dimensional_grid_without_coordinates_is_told(tmp_path):
    with netCDF4.Dataset(tmp_path / "a.nc", "w") as dataset:
        dataset.createDimension("y", 3)
        dataset.createDimension("x", 4)
        dataset.createVariable("t2m", "f4", ("y", "x"))[:] = 1
    finding = found([tmp_path / "a.nc"], plain())[0]
    assert (finding.check, finding.file) == ("structure", "a.nc")
    assert finding.problem.startswith("no longitude and latitude among its coordinate variables")
    assert finding.accepted == "set attributes or roles in the product"


def test_text_where_numbers_belong_is_told_of_every_variable(tmp_path):
    path = good(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.createVariable("station", str, ("time",))[:] = np.array(["a", "b"], object)
        dataset.createVariable("flag", "S1", ("time",))[:] = b"x"
    edited(path, t2m={"valid_max": "many"})
    assert look([path]) == [
        "a.nc station: station holds <U0, not numbers",
        "a.nc flag: flag holds |S1, not numbers",
        "a.nc t2m valid_max: valid_max 'many' is no float32",
    ]


def test_numbers_where_texts_belong_are_told(tmp_path):
    path = edited(good(tmp_path / "a.nc"), t2m={"cell_methods": 7}, latitude={"positive": [1, 2]})
    assert look([path]) == [
        "a.nc latitude positive: is [1, 2], which is no text",
        "a.nc t2m cell_methods: is 7, which is no text",
    ]


def test_text_as_a_coordinate_is_told(tmp_path):
    path = good(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.renameVariable("latitude", "was")
        dataset.createVariable("latitude", str, ("latitude",))[:] = np.array(list("abc"), object)
    assert look([path]) == ["a.nc latitude: latitude holds <U0, not numbers"]


def test_a_packing_of_text_is_told(tmp_path):
    path = edited(good(tmp_path / "a.nc"), latitude={"scale_factor": "one"})
    assert look([path])[0].startswith("a.nc latitude: scale_factor 'one' and add_offset")


@pytest.mark.parametrize(
    ("axis", "values", "told"),
    [
        ("latitude", [0, 10, 5], "is not strictly monotonic: 10.0 is followed by 5.0 at node 2"),
        ("latitude", [0, 10, 10], "is not strictly monotonic: 10.0 is followed by 10.0 at node 2"),
        ("latitude", [0, 50, 95], "95.0 degrees lies beyond a pole"),
        ("longitude", [0, 1, np.nan, 3], "is not strictly monotonic: nan at node 2"),
        ("time", [5, 5], "is not strictly increasing: 5.0 is followed by 5.0 at node 1"),
        ("time", [5, 4], "is not strictly increasing: 5.0 is followed by 4.0 at node 1"),
    ],
)
def test_axes_are_monotonic_and_finite(tmp_path, axis, values, told):
    path = good(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset[axis][:] = values
    findings = look([path])
    assert len(findings) == 1
    assert findings[0].startswith(f"a.nc {axis}: ")
    assert findings[0].endswith(told)


def test_every_faulty_axis_is_told(tmp_path):
    grid = Grid(steps(2), [1, 0], latitudes=[0, 0, 1], longitudes=[3, 3, 4, 5], attributes=NAN)
    told = look([grid.write(tmp_path / "a.nc")])
    assert [each.split(":")[0] for each in told] == [
        "a.nc time", "a.nc latitude", "a.nc longitude"]  # fmt: skip


def test_units_of_time_that_tell_no_moments_are_told(tmp_path):
    path = Grid(steps(1), [1], "months since 2000-01-01", attributes=NAN).write(tmp_path / "a.nc")
    finding = found([path], plain())[0]
    assert (finding.variable, finding.attribute) == ("time", "units")
    assert finding.problem.startswith("units 'months since 2000-01-01' in calendar 'standard' tell")
    assert finding.accepted.startswith("set the variable's units, or time.calendar")


def test_a_time_that_tells_no_year_of_people_is_told(tmp_path):
    path = Grid(steps(2), [1, 9e9], attributes=NAN).write(tmp_path / "a.nc")
    assert "9000000000.0 days since 2020-01-01 is 24643183-" in look([path])[0]


def test_missing_and_surplus_variables_are_named(tmp_path):
    path = good(tmp_path / "a.nc")
    findings = found([path], plain(variables={"t": {}, "u": {}}))
    told = [(each.variable, each.problem, each.accepted) for each in findings[:3]]
    assert told == [
        ("t", "is missing", "a variable t; the file has t2m"),
        ("u", "is missing", "a variable u; the file has t2m"),
        ("t2m", "is no variable of this product", "t, u and no others, or the product drops it"),
    ]


def test_what_is_promised_of_a_variable_is_compared(tmp_path):
    rules = {"units": "degC", "standard_name": "air_temperature", "dimensions": ["time", "x"]}
    findings = found([good(tmp_path / "a.nc")], plain(variables={"t2m": rules}))
    assert [(each.attribute, each.problem, each.accepted) for each in findings[:3]] == [
        ("units", "is 'K'", "degC"),
        ("standard_name", "is missing", "air_temperature"),
        ("", "has the dimensions (time, latitude, longitude)", "(time, x)"),
    ]


def test_promises_are_of_the_dataset_s_names(tmp_path):
    rules = {"temperature": {"units": "K"}}
    told = look([good(tmp_path / "a.nc")], plain(names={"t2m": "temperature"}, variables=rules))
    assert told == []


def test_a_time_that_is_told_twice_is_a_setting_to_make():
    told = look(NEMO[:1])
    assert len(told) == 1
    assert "time_centered and time_counter both tell the time" in told[0]
    assert look(NEMO[:1], product("nemo")) == []


def test_faults_of_one_file_are_bounded(tmp_path):
    path = good(tmp_path / "a.nc")
    with netCDF4.Dataset(path, "a") as dataset:
        for number in range(60):
            dataset.createVariable(f"v{number}", "S1", ("time",))
    assert len(look([path])) == 25
