"""A plan carried out: the file has what the source has, says what it is, and is repeatable."""

import hashlib
import json
from pathlib import Path

import h5netcdf
import netCDF4
import numpy as np
import pytest
import xarray as xr
from numpy.typing import NDArray

from atoll.errors import DataError, FormatUnfit
from atoll.extraction.extract import extract
from atoll.model.coverage import Coverage
from atoll.model.plan import Piece, SubsetPlan
from tests.extraction.builders import Field, axis_of, nodes, plan_of, taken_values, work_of
from tests.extraction.datasets import Dataset, curvilinear, ocean, publish
from tests.extraction.stores import Shelf

# 40 W to 30 E: the seam is crossed, and latitudes are read backwards, every other one.
ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=3)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
    "time": (Piece(start=1, stop=5),),
}


@pytest.fixture(scope="module", params=["icechunk", "zarr"])
def dataset(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return ocean(Shelf(request.param, tmp_path_factory.mktemp("stores")))


def raw(path: Path) -> netCDF4.Dataset:
    file = netCDF4.Dataset(path)
    file.set_auto_maskandscale(False)
    return file


def turns(plan: SubsetPlan, name: str) -> NDArray[np.float64]:
    (pieces,) = (axis.pieces for axis in plan.axes if axis.name == name)
    return np.concatenate([np.full(len(piece.indices), piece.shift) for piece in pieces])


def assert_equal_to_source(path: Path, dataset: Dataset, plan: SubsetPlan) -> None:
    with raw(path) as file:
        for planned in plan.variables:
            wanted = taken_values(
                dataset.coverage, plan, planned.name, dataset.values[planned.name]
            )
            if planned.name == "longitude_bnds":
                wanted = wanted.astype("f8") + turns(plan, "longitude")[:, np.newaxis]
            found = file[planned.name][...]
            assert found.dtype == wanted.dtype.newbyteorder("=")
            assert np.array_equal(found, wanted, equal_nan=found.dtype.kind == "f")
        for axis in plan.axes:
            described = dataset.coverage.axis_by_name[axis.name]
            if described.has_coordinate:
                assert np.array_equal(file[axis.name][:], nodes(described, axis.pieces))
                assert file[axis.name].dtype == np.dtype(described.dtype)


def test_a_box_across_the_seam_equals_its_source(dataset: Dataset, tmp_path: Path) -> None:
    plan = plan_of(dataset.coverage, ACROSS)
    outcome = dataset.extract(work_of(plan), tmp_path / "box.nc")
    assert_equal_to_source(tmp_path / "box.nc", dataset, plan)
    temperature, salinity = (
        taken_values(dataset.coverage, plan, name, dataset.values[name])
        for name in ("thetao", "so")
    )
    with_data = np.count_nonzero(temperature != -32767) + np.count_nonzero(~np.isnan(salinity))
    assert outcome.cells_with_data == with_data
    stored = (tmp_path / "box.nc").read_bytes()
    assert outcome.output_bytes == len(stored)
    assert outcome.sha256 == hashlib.sha256(stored).hexdigest()


def test_bounds_of_longitudes_go_with_their_longitudes(dataset: Dataset, tmp_path: Path) -> None:
    plan = plan_of(dataset.coverage, ACROSS)
    dataset.extract(work_of(plan), tmp_path / "box.nc")
    with raw(tmp_path / "box.nc") as file:
        centre = file["longitude"][:]
        assert list(centre) == [-35, -25, -15, -5, 5, 15, 25]
        assert np.array_equal(file["longitude_bnds"][:], np.stack([centre - 5, centre + 5], 1))
        assert file["longitude"].bounds == "longitude_bnds"
        assert np.array_equal(file["time_bnds"][:, 0], file["time"][:] - 0.5)


def test_attributes_have_the_types_that_cf_asks_for(dataset: Dataset, tmp_path: Path) -> None:
    dataset.extract(work_of(plan_of(dataset.coverage)), tmp_path / "all.nc")
    with raw(tmp_path / "all.nc") as file:
        packed = file["thetao"]
        for name in ("_FillValue", "valid_min", "valid_max"):
            assert packed.getncattr(name).dtype == np.int16
        assert packed.scale_factor == 0.001
        assert packed.scale_factor.dtype == np.float64  # float32 does not hold 0.001
        assert packed.add_offset == 20
        assert packed.add_offset.dtype == np.float32
        assert np.isnan(file["so"].getncattr("_FillValue"))
        assert file["so"].getncattr("_FillValue").dtype == np.float32
        assert "cell_measures" not in packed.ncattrs()  # its variable is not in the file
        assert packed.grid_mapping == "crs"
        assert file["crs"].semi_major_axis == 6378137
        assert packed.filters()["shuffle"]
        assert packed.filters()["complevel"] == 1


def test_the_file_says_what_it_is(dataset: Dataset, tmp_path: Path) -> None:
    plan = plan_of(dataset.coverage, ACROSS)
    work = work_of(plan, variables=("thetao", "so"), packing="keep")
    dataset.extract(work, tmp_path / "box.nc")
    with raw(tmp_path / "box.nc") as file:
        said = {name: file.getncattr(name) for name in file.ncattrs()}
    line, before = said["history"].splitlines()
    assert line.startswith("2026-01-02T03:04:05Z atoll: subset {")
    assert before == "made by hand"
    assert said["atoll_revision"] == dataset.coverage.revision
    assert json.loads(said["atoll_request"]) == {"dataset": "ocean", "variables": ["thetao", "so"]}
    assert said["license"] == "CC-BY-4.0"
    assert (said["Conventions"], said["title"], said["members"]) == (
        "CF-1.6",
        "An ocean",
        ["a", "bc"],
    )
    assert (said["geospatial_lon_min"], said["geospatial_lon_max"]) == (-35, 25)
    assert (said["geospatial_lat_min"], said["geospatial_lat_max"]) == (-22.5, 37.5)
    assert (said["geospatial_vertical_min"], said["geospatial_vertical_max"]) == (0, 100)
    assert said["time_coverage_start"] == "2000-01-02T00:00:00Z"
    assert said["time_coverage_end"] == "2000-01-05T00:00:00Z"


def test_values_decoded_are_those_a_reader_would_decode(dataset: Dataset, tmp_path: Path) -> None:
    for packing in ("keep", "decode"):
        plan = plan_of(dataset.coverage, ACROSS, packing)
        dataset.extract(work_of(plan, packing=packing), tmp_path / f"{packing}.nc")
    with netCDF4.Dataset(tmp_path / "keep.nc") as file:
        file.set_auto_mask(True)
        wanted = np.ma.filled(file["thetao"][:].astype("f8"), np.nan).astype("f4")
    with raw(tmp_path / "decode.nc") as file:
        found = file["thetao"]
        assert found.dtype == np.float32
        assert np.array_equal(found[:], wanted, equal_nan=True)
        assert np.isnan(found.getncattr("_FillValue"))
        assert not {"scale_factor", "add_offset"} & set(found.ncattrs())
        assert (found.valid_min, found.valid_max) == (np.float32(0), np.float32(40))
        assert found.valid_min.dtype == np.float32
        assert np.isnan(file["so"][:]).any()


def test_it_opens_in_every_reader(dataset: Dataset, tmp_path: Path) -> None:
    plan = plan_of(dataset.coverage, ACROSS)
    dataset.extract(work_of(plan), tmp_path / "box.nc")
    for engine in ("netcdf4", "h5netcdf"):
        with xr.open_dataset(tmp_path / "box.nc", engine=engine) as opened:
            assert dict(opened.sizes) == {
                "time": 4, "depth": 3, "latitude": 7, "longitude": 7, "bnds": 2,
            }  # fmt: skip
            assert opened["thetao"].dims == ("time", "depth", "latitude", "longitude")
            assert set(opened["thetao"].coords) == {"time", "depth", "latitude", "longitude"}
            assert str(opened["time"].values[0]).startswith("2000-01-02")
    with h5netcdf.File(tmp_path / "box.nc", "r") as file:
        assert list(file.dimensions) == ["time", "depth", "latitude", "longitude", "bnds"]


def test_a_2d_grid_comes_with_its_coordinates(tmp_path: Path) -> None:
    dataset = curvilinear(Shelf("icechunk", tmp_path))
    box = {"y": (Piece(start=5, stop=25),), "x": (Piece(start=10, stop=39, step=3),)}
    plan = plan_of(dataset.coverage, box)
    dataset.extract(work_of(plan), tmp_path / "tos.nc")
    assert_equal_to_source(tmp_path / "tos.nc", dataset, plan)
    with raw(tmp_path / "tos.nc") as file:
        assert file["tos"].coordinates == "nav_lon nav_lat"
        assert set(file.variables) == {"time", "tos", "nav_lon", "nav_lat"}
        assert file["nav_lon"].dimensions == ("y", "x")


@pytest.mark.parametrize(
    "bounds",
    [
        {"slab_bytes": 1},
        {"slab_bytes": 4000, "window_bytes": 1, "cpu_threads": 1},
        {"slab_bytes": 20_000, "cpu_threads": 8},
    ],
)
def test_memory_bounds_do_not_change_the_result(
    dataset: Dataset, tmp_path: Path, bounds: dict[str, int]
) -> None:
    plan = plan_of(dataset.coverage, ACROSS)
    dataset.extract(work_of(plan), tmp_path / "box.nc", **bounds)
    assert_equal_to_source(tmp_path / "box.nc", dataset, plan)


def test_the_same_work_gives_the_same_bytes(dataset: Dataset, tmp_path: Path) -> None:
    work = work_of(plan_of(dataset.coverage, ACROSS))
    first, second = (dataset.extract(work, tmp_path / name) for name in ("1.nc", "2.nc"))
    assert first == second
    assert (tmp_path / "1.nc").read_bytes() == (tmp_path / "2.nc").read_bytes()


def test_a_plan_of_another_revision_is_refused(dataset: Dataset) -> None:
    plan = plan_of(dataset.coverage).model_copy(update={"revision": "other"})
    with pytest.raises(DataError, match="planned for ocean at other"):
        extract(work_of(plan), dataset.coverage, dataset.places())


def test_a_plan_that_the_description_does_not_fit_is_refused(dataset: Dataset) -> None:
    plan = plan_of(dataset.coverage)
    less = Coverage.model_validate(
        dataset.coverage.model_dump() | {"variables": dataset.coverage.variables[1:]}
    )
    with pytest.raises(DataError, match="no variable 'thetao'"):
        extract(work_of(plan), less, dataset.places())
    fewer = plan.model_copy(update={"axes": plan.axes[1:]})
    with pytest.raises(DataError, match="says nothing of axis 'time'"):
        extract(work_of(fewer), dataset.coverage, dataset.places())


def test_an_array_of_another_shape_is_refused(dataset: Dataset) -> None:
    axes = (axis_of("time", range(7)), *dataset.coverage.axes[1:])
    longer = Coverage.model_validate(dataset.coverage.model_dump() | {"axes": axes})
    with pytest.raises(DataError, match=r"shape \(6, 3, 20, 36\), described with \(7, 3, 20, 36\)"):
        extract(work_of(plan_of(dataset.coverage)), longer, dataset.places())


def test_values_that_netcdf_cannot_hold_are_refused(tmp_path: Path) -> None:
    fields = {"when": Field(("time",), np.array(["a", "b"], "<U4"))}
    dataset = publish(Shelf("zarr", tmp_path), fields, [axis_of("time", (0, 1))])
    with pytest.raises(FormatUnfit, match="when"):
        extract(work_of(plan_of(dataset.coverage)), dataset.coverage, dataset.places())


def test_a_2d_variable_named_like_its_dimension_is_refused(tmp_path: Path) -> None:
    fields = {"y": Field(("y", "x"), np.zeros((2, 3)))}
    axes = [axis_of(name, range(n), has_coordinate=False) for name, n in (("y", 2), ("x", 3))]
    dataset = publish(Shelf("zarr", tmp_path), fields, axes)
    with pytest.raises(FormatUnfit, match="y: CF 5"):
        extract(work_of(plan_of(dataset.coverage)), dataset.coverage, dataset.places())
