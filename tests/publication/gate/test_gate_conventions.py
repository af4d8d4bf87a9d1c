"""What the CF checker and ACDD say, and what a product waives."""

import netCDF4
import numpy as np
import pytest

from atoll.publication.gate.skeleton import header_of, write_skeleton
from atoll.publication.repair import repair
from atoll.publication.source import open_source
from tests.publication.builders import CMIP6, DATA, LEVITUS, NAVY, NEMO, Grid, plain, product, steps
from tests.publication.gate.builders import NAN, edited, errors, found, good

pytestmark = pytest.mark.slow

OSTIA = [DATA / "iris/ostia_monthly.nc"]
COADS = [DATA / "ferret/coads_sst.cdf"]
REAL = {
    "nemo": NEMO, "cmip6": CMIP6, "ostia": OSTIA, "coads": COADS,
    "etopo": [DATA / "ferret/etopo60.cdf"], "levitus-climatology": [LEVITUS],
    "navy-winds": [NAVY],
}  # fmt: skip


@pytest.mark.parametrize("name", REAL)
def test_real_files_pass_with_their_product(name):
    assert errors(found(REAL[name], product(name))) == []


@pytest.mark.parametrize("name", ["nemo", "coads", "etopo", "levitus-climatology", "navy-winds"])
def test_without_it_they_are_rejected_with_a_report(name):
    findings = found(REAL[name][:1], plain())
    rejected = [each for each in findings if each.severity == "error"]
    assert rejected
    assert all(each.file and each.problem and each.accepted for each in findings)


def test_waivers_name_checks(tmp_path):
    path = Grid(steps(1), [0]).write(tmp_path / "a.nc")
    finding = next(each for each in found([path], plain()) if each.check == "cf")
    assert finding.severity == "error"
    assert (finding.variable, finding.attribute) == ("t2m", "long_name")
    assert finding.accepted == "CF-1.11, §3.3 Standard Name"
    assert errors(found([path], plain(waivers=["§3.3 Standard Name"]))) == []


def test_units_that_nobody_knows_reject(tmp_path):
    told = errors(found([good(tmp_path / "a.nc", units="DEG C")], plain()))
    assert told == ['a.nc t2m units: units for t2m, "DEG C" are not recognized by UDUNITS']


def test_a_file_is_held_to_the_version_that_it_tells(tmp_path):
    path = good(tmp_path / "a.nc", units="DEG C")
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.Conventions = "CF-1.8, ACDD-1.3"
    rejected = [each for each in found([path], plain()) if each.severity == "error"]
    assert [each.accepted for each in rejected] == ["CF-1.8, §3.1 Units"]
    with netCDF4.Dataset(path, "a") as dataset:
        dataset.Conventions = "COARDS, CF-1.0"
    rejected = [each for each in found([path], plain()) if each.severity == "error"]
    assert [each.accepted for each in rejected] == ["CF-1.11, §3.1 Units"]


def test_a_check_that_fails_to_run_rejects_unless_it_is_waived(tmp_path):
    path = edited(good(tmp_path / "a.nc"), t2m={"valid_range": np.float32(7)})
    failed = [each for each in found([path], plain()) if "fails on it" in each.problem]
    assert len(failed) == 1
    assert failed[0].severity == "error"
    name = failed[0].problem.split()[2]
    again = found([path], plain(waivers=[name]))
    assert not [each for each in again if "fails on it" in each.problem]


def test_acdd_is_advice_that_is_told_by_attribute(tmp_path):
    advice = [each for each in found([good(tmp_path / "a.nc")], plain()) if each.check == "acdd"]
    assert {each.severity for each in advice} == {"advice"}
    assert advice[0].problem == "title, keywords, summary are missing"
    names = next(each for each in advice if each.attribute == "long_name")
    assert names.problem == "is missing of latitude, longitude, time"
    assert len(advice) < 10


def test_equal_headers_are_asked_once(tmp_path):
    files = [good(tmp_path / f"{first}.nc", first) for first in (0, 2, 4)]
    other = good(tmp_path / "6.nc", 6, comment="another")
    told = {each.file for each in found([*files, other], plain()) if each.check in {"cf", "acdd"}}
    assert told == {"0.nc", "6.nc"}


def skeleton_of(path, folder, settings):
    with open_source(path) as source:
        contents = repair(source, settings)
        write_skeleton(contents, folder / "skeleton.nc")
        header = header_of(contents)
    return folder / "skeleton.nc", header


def test_a_skeleton_has_header_and_coordinates_of_what_shall_be_published(tmp_path):
    path, _ = skeleton_of(NAVY, tmp_path, product("navy-winds"))
    assert path.stat().st_size < 100_000
    with netCDF4.Dataset(path) as found_, netCDF4.Dataset(NAVY) as source:
        found_.set_auto_mask(False)
        assert found_["UWND"].shape == source["UWND"].shape
        assert found_["UWND"].units == "m s-1"
        fills = [each["UWND"].getncattr("_FillValue") for each in (found_, source)]
        assert fills[0] == fills[1]
        assert np.array_equal(found_["time"][:], source["TIME"][:])
        assert found_["time"].units == "hours since 1980-01-14 14:00:00"
        assert found_.Conventions == "CF-1.11"


def test_a_skeleton_s_attributes_have_cf_s_types(tmp_path):
    packing = {"scale_factor": np.float32(0.5), "add_offset": np.float32(1),
               "_FillValue": np.int16(-1), "valid_range": np.array([0, 9], "i2"),
               "flag_values": np.array([1, 2], "i2"),
               "flag_meanings": "a b", "level": 7}  # fmt: skip
    grid = Grid(steps(1).astype("i2"), [0], attributes={**NAN, **packing})
    path, _ = skeleton_of(grid.write(tmp_path / "a.nc"), tmp_path, plain())
    with netCDF4.Dataset(path) as dataset:
        variable = dataset["t2m"]
        kinds = {name: np.asarray(variable.getncattr(name)).dtype.str for name in packing
                 if name != "flag_meanings"}  # fmt: skip
    assert kinds == {"scale_factor": "<f4", "add_offset": "<f4", "_FillValue": "<i2",
                     "valid_range": "<i2", "flag_values": "<i2", "level": "<i4"}  # fmt: skip


def test_a_large_grid_costs_the_checker_nothing(tmp_path):
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as dataset:
        for name, size in (("time", 1), ("y", 400), ("x", 400), ("v", 4)):
            dataset.createDimension(name, size)
        for name, units in (("latitude", "degrees_north"), ("longitude", "degrees_east")):
            dataset.createVariable(name, "f4", ("y", "x"), zlib=True)[:] = 0
            dataset[name].setncatts({"units": units, "bounds": f"{name}_b", "standard_name": name})
            dataset.createVariable(f"{name}_b", "f4", ("y", "x", "v"), zlib=True)[:] = 0
    small, _ = skeleton_of(path, tmp_path, plain())
    with netCDF4.Dataset(small) as dataset:
        assert np.ma.getmaskarray(dataset["latitude_b"][:]).all()
