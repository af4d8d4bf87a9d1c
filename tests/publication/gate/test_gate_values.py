"""Numbers that a product does not promise; told with their place."""

import h5py
import netCDF4
import numpy as np
import pytest

from atoll.model.delivery import Finding
from atoll.publication.chunks import regions
from atoll.publication.gate.values import check_values
from atoll.publication.repair import repair
from atoll.publication.source import open_source
from tests.publication.builders import Grid, plain, steps
from tests.publication.gate.builders import NAN, found, look

pytestmark = pytest.mark.slow

LIMITS = {"t2m": {"valid_min": 150, "valid_max": 350}}


def written(path, values, **attributes):
    return Grid(values, range(len(values)), attributes={**NAN, **attributes}).write(path)


def test_values_within_their_limits_pass(tmp_path):
    assert look([written(tmp_path / "a.nc", steps(3))], plain(variables=LIMITS)) == []


def test_the_worst_of_many_is_told_with_its_place_and_count(tmp_path):
    values = steps(3)
    values[1, 2, 3], values[2, 0, 1], values[0, 1, 1] = 400, 351, 149.5
    finding, other = found([written(tmp_path / "a.nc", values)], plain(variables=LIMITS))[:2]
    assert (finding.check, finding.variable, finding.attribute) == ("values", "t2m", "valid_min")
    assert finding.problem == (
        "1 value is below 150 K, the farthest is 149.5 at"
        " time 2020-01-01T00:00:00Z, latitude 0, longitude 90"
    )
    assert finding.accepted == "values of 150.0 to 350.0 K, or the fill value"
    assert other.problem == (
        "2 values are above 350 K, the farthest is 400 at"
        " time 2020-01-02T00:00:00Z, latitude 30, longitude 270"
    )


def test_limits_are_of_physical_values(tmp_path):
    stored = np.full((1, 3, 4), 100, "i2")
    stored[0, 0, 0] = -32768
    stored[0, 1, 2] = 20000
    packing = {"scale_factor": 0.01, "add_offset": 250.0, "_FillValue": np.int16(-32768)}
    path = Grid(stored, [0], attributes=packing).write(tmp_path / "a.nc")
    told = look([path], plain(variables=LIMITS))
    assert told == [
        (
            "a.nc t2m valid_max: 1 value is above 350 K, the farthest is 450 at"
            " time 2020-01-01T00:00:00Z, latitude 0, longitude 180"
        )
    ]


def test_bits_that_are_meant_without_a_sign_are_looked_at_so(tmp_path):
    stored = np.full((1, 3, 4), 100, "i1")
    stored[0, 1, 2] = -56  # 200
    path = Grid(stored, [0], attributes={"_Unsigned": "true"}).write(tmp_path / "a.nc")
    limits = {"t2m": {"valid_min": 0, "valid_max": 150}}
    told = [each for each in found([path], plain(variables=limits)) if each.check == "values"]
    assert [each.attribute for each in told] == ["valid_max"]
    assert "the farthest is 200 at" in told[0].problem


def test_a_time_without_a_value_is_told_unless_it_may_be(tmp_path):
    values = steps(6)
    values[[1, 2, 4, 5]] = np.nan
    path = written(tmp_path / "a.nc", values)
    assert look([path]) == [
        (
            "a.nc t2m: holds no value at 2020-01-02T00:00:00Z, 2020-01-03T00:00:00Z,"
            " 2020-01-05T00:00:00Z and 1 more times"
        )
    ]
    assert look([path], plain(variables={"t2m": {"may_be_empty": True}})) == []


def test_a_field_without_time_and_values_is_told(tmp_path):
    with np.errstate(all="ignore"):
        path = written(tmp_path / "a.nc", np.full((1, 3, 4), np.nan, "f4"))
    assert look([path], plain(roles={"time": "other"})) == ["a.nc t2m: holds no value"]


def test_infinite_values_are_told(tmp_path):
    values = steps(2)
    values[1, 0, 2] = np.inf
    values[0, 1, 0] = -np.inf
    told = look([written(tmp_path / "a.nc", values)], plain(variables=LIMITS))
    assert told == [
        (
            "a.nc t2m: 2 values are infinite, the first at"
            " time 2020-01-01T00:00:00Z, latitude 0, longitude 0"
        )
    ]


def test_numbers_that_cannot_be_decoded_are_told_of_their_variable(tmp_path):
    path = Grid(steps(2), [0, 1], attributes=NAN).write(tmp_path / "a.nc", zlib=True)
    with netCDF4.Dataset(path, "a") as dataset:
        dimensions = dataset["t2m"].dimensions
        dataset.createVariable("other", "f4", dimensions, fill_value=0.0)[:] = 0
    with h5py.File(path) as file:
        chunk = file["t2m"].id.get_chunk_info(0)
    data = bytearray(path.read_bytes())
    data[chunk.byte_offset : chunk.byte_offset + 8] = bytes(8)
    path.write_bytes(data)
    first, second = look([path])
    assert first.startswith("a.nc t2m: t2m cannot be read")
    assert second.startswith("a.nc other: holds no value at 2020-01-01T00:00:00Z")


def test_a_fill_value_that_is_a_value_is_told(tmp_path):
    path = written(tmp_path / "a.nc", np.full((1, 3, 4), 7, "f4"))
    told = look([path], plain(fill_values={"t2m": 7}))
    assert told == ["a.nc t2m: t2m holds 7.0 as a value: it cannot be the fill"]


def test_nan_beside_another_fill_value_is_no_value(tmp_path):
    values = steps(1)
    values[0, 0, :2] = np.nan, -999
    assert look([written(tmp_path / "a.nc", values, _FillValue=np.float32(-999))]) == []


def test_nan_that_no_attribute_tells_is_a_warning(tmp_path):
    values = steps(1)
    values[0, 0, :2] = np.nan
    finding = found([Grid(values, [0]).write(tmp_path / "a.nc")], plain())[0]
    assert (finding.severity, finding.attribute) == ("warning", "_FillValue")
    assert finding.problem.startswith("2 values are NaN")


@pytest.mark.parametrize("budget", [1, 40, 10_000])
def test_numbers_are_looked_at_in_pieces_as_in_one(tmp_path, budget):
    values = steps(4)
    values[3, 2, 1], values[1], values[2, 1, 1] = 500, np.nan, 480
    path = written(tmp_path / "a.nc", values)
    assert len(regions((4, 3, 4), (1, 1, 1), 4, budget)) == {1: 48, 40: 8, 10_000: 1}[budget]
    with open_source(path) as source:
        events = list(check_values(repair(source, plain()), plain(variables=LIMITS), budget))
    beyond, empty = (event for event in events if isinstance(event, Finding))
    assert beyond.problem == (
        "2 values are above 350 K, the farthest is 500 at"
        " time 2020-01-04T00:00:00Z, latitude 30, longitude 90"
    )
    assert empty.problem == "holds no value at 2020-01-02T00:00:00Z"
