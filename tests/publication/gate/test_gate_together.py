"""Files of one delivery that do not belong together."""

import numpy as np
import pytest

from tests.publication.builders import CMIP6, Grid, plain, product, steps
from tests.publication.gate.builders import NAN, found, good, look

pytestmark = pytest.mark.slow

PACKED = {"scale_factor": 0.01, "add_offset": 250.0, "_FillValue": np.int16(-32768)}


def packed(path, first, **changes):
    values = steps(2).astype("i2")
    return Grid(values, [first, first + 1], attributes={**PACKED, **changes}).write(path)


def test_decades_belong_together():
    assert look(CMIP6, product("cmip6")) == []


def test_times_told_twice_are_named_with_both_files(tmp_path):
    files = [good(tmp_path / "a.nc", 0, 5), good(tmp_path / "b.nc", 1, 5)]
    assert look(files) == [
        (
            "b.nc time: 2020-01-02T00:00:00Z, 2020-01-03T00:00:00Z, 2020-01-04T00:00:00Z and 1 more"
            " are in a.nc too"
        )
    ]


def test_a_time_in_other_units_is_the_same_time(tmp_path):
    hours = Grid(steps(1), [24], "hours since 2020-01-01", attributes=NAN)
    files = [good(tmp_path / "a.nc", 0, 2), hours.write(tmp_path / "b.nc")]
    assert look(files) == ["b.nc time: 2020-01-02T00:00:00Z are in a.nc too"]


def test_files_that_interleave_are_no_fault(tmp_path):
    odd = Grid(steps(2), [1, 3], attributes=NAN).write(tmp_path / "a.nc")
    assert look([odd, Grid(steps(2), [0, 2], attributes=NAN).write(tmp_path / "b.nc")]) == []


def test_different_packings_are_told_and_decoding_passes(tmp_path):
    other = packed(tmp_path / "b.nc", 2, scale_factor=0.02)
    files = [packed(tmp_path / "a.nc", 0), other]
    finding = found(files, plain())[0]
    assert (finding.file, finding.variable, finding.attribute) == ("a.nc", "t2m", "scale_factor")
    assert finding.problem == "scale_factor is 0.02 in b.nc and 0.01 in a.nc"
    assert finding.accepted == "packing: decode in the product stores physical values"
    assert look(files, plain(packing={"t2m": "decode"})) == []


def test_another_fill_value_is_told_by_its_attribute(tmp_path):
    files = [packed(tmp_path / "a.nc", 0), packed(tmp_path / "b.nc", 2, _FillValue=np.int16(-1))]
    assert look(files)[0] == "a.nc t2m _FillValue: fill_value is -1 in b.nc and -32768 in a.nc"


def test_other_places_are_told(tmp_path):
    other = Grid(steps(2), [2, 3], latitudes=[-20, 0, 20], attributes=NAN)
    told = look([good(tmp_path / "a.nc"), other.write(tmp_path / "b.nc")])
    differs = "latitude differs between b.nc and a.nc, and does not depend on time"
    assert told == [f"a.nc latitude: {differs}"]


def test_other_variables_are_named(tmp_path):
    other = Grid(steps(2), [2, 3], name="t", attributes=NAN).write(tmp_path / "b.nc")
    told = look([good(tmp_path / "a.nc"), other])
    assert told == ["b.nc: a.nc and b.nc do not hold the same variables and axes: t, t2m"]


def test_the_odd_one_is_told_wherever_it_stands(tmp_path):
    odd = Grid(steps(2), [0, 1], name="t", attributes=NAN)
    for place in range(3):
        folder = tmp_path / str(place)
        folder.mkdir()
        files = [odd.write(folder / f"{each}.nc") if each == place else
                 good(folder / f"{each}.nc", 2 + 2 * each) for each in range(3)]  # fmt: skip
        told = look(files)
        assert len(told) == 1
        assert told[0].startswith(f"{place}.nc: ")
