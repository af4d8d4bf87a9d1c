"""A result made by many workers equals the one that a single worker makes, and netCDF4's own."""

import hashlib
from pathlib import Path
from zipfile import ZipFile

import netCDF4
import numpy as np
import pytest

from atoll.extraction.extract import extract
from atoll.model.coverage import Packed
from atoll.model.job import Outcome
from atoll.model.parts import payload_key
from atoll.model.plan import Piece
from atoll.model.request import Format, Packing
from atoll.planning import cut, parts
from tests.extraction.builders import Field, axis_of, plan_of, taken_values, work_of
from tests.extraction.datasets import Dataset, curvilinear, ocean_axes, ocean_fields, publish
from tests.extraction.making import LEAST_BYTES, Yard, assert_same_files, attributes, raw
from tests.extraction.stores import Shelf

pytestmark = pytest.mark.slow

ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
    "time": (Piece(start=1, stop=6),),
}
BOXES = {"whole": {}, "across": ACROSS}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks of small arrays."""
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)
    monkeypatch.setattr(parts, "LEAST_UPLOAD_BYTES", LEAST_BYTES)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The ocean, an all-fill variable, one of bytes, 1-d and large companions."""
    rng = np.random.default_rng(8)
    shape = ocean_fields()["so"].values.shape
    fields = ocean_fields() | {
        "empty": Field(
            ("time", "depth", "latitude", "longitude"),
            np.full(shape, -1, "<i4"),
            {"_FillValue": -1},
            stored={"chunks": (1, 3, 20, 36), "fill_value": -1},
        ),
        "quality": Field(
            ("time", "latitude", "longitude"),
            rng.integers(0, 5, (shape[0], *shape[2:])).astype("<u1"),
            {"flag_values": [0, 1, 2, 3, 4], "flag_meanings": "a b c d e"},
            stored={"chunks": (3, 20, 9)},
        ),
        "index": Field(("time",), np.linspace(0, 1, shape[0]), {"units": "1"}),
        "cells": Field(
            ("latitude", "longitude", "corner"),
            rng.normal(0, 1, (*shape[2:], 16)),
            role="auxiliary",
            stored={"chunks": (7, 11, 16)},
        ),
    }
    shelf = Shelf("icechunk", tmp_path_factory.mktemp("stores"))
    return publish(shelf, fields, ocean_axes(), dataset="ocean", title="An ocean")


def write(path: Path, yard: Yard, outcome: Outcome) -> Path:
    stored = yard.stored(outcome)
    assert outcome.output_bytes == len(stored)
    assert outcome.sha256 == hashlib.sha256(stored).hexdigest()
    path.write_bytes(stored)
    return path


def alone(path: Path, like: Path, dataset: Dataset, yard: Yard) -> Path:
    """What netCDF4 makes of the values that were published."""
    plan = yard.work.plan
    with raw(like) as said, netCDF4.Dataset(path, "w") as file:
        file.set_auto_maskandscale(False)
        for name, dimension in said.dimensions.items():
            file.createDimension(name, len(dimension))
        file.setncatts({name: said.getncattr(name) for name in said.ncattrs()})
        for name, variable in said.variables.items():
            known = {key: variable.getncattr(key) for key in variable.ncattrs()}
            made = file.createVariable(
                name, variable.dtype, variable.dimensions, fill_value=known.pop("_FillValue", None)
            )
            made.set_auto_maskandscale(False)
            made.setncatts(known)
            if name in dataset.values and name != "longitude_bnds":
                made[...] = taken_values(dataset.coverage, plan, name, dataset.values[name])
            else:
                made[...] = variable[...]
    return path


@pytest.mark.parametrize("box", BOXES)
@pytest.mark.parametrize("part_bytes", [1, 5000, 10**6])
def test_parts_make_the_file_that_one_worker_makes(
    dataset: Dataset, tmp_path: Path, box: str, part_bytes: int
) -> None:
    yard = Yard(dataset, work_of(plan_of(dataset.coverage, BOXES[box])), part_bytes)
    made = yard.make_all(part_bytes)
    assert len({one.number for one in made}) == len(yard.parts())
    if part_bytes == 5000:  # some of every kind
        assert {one.etag is None for one in made if one.number > 1} == {True, False}
    outcome = yard.assemble()

    single = dataset.extract(yard.work, tmp_path / "single.nc")
    together = write(tmp_path / "together.nc", yard, outcome)
    assert_same_files(together, tmp_path / "single.nc")
    assert outcome.cells_with_data == single.cells_with_data
    assert outcome.key == single.key
    assert yard.fake.parts == {}


def test_parts_make_the_file_that_netcdf4_makes(dataset: Dataset, tmp_path: Path) -> None:
    yard = Yard(dataset, work_of(plan_of(dataset.coverage, ACROSS)), 4000)
    yard.make_all()
    together = write(tmp_path / "together.nc", yard, yard.assemble())
    own = alone(tmp_path / "alone.nc", together, dataset, yard)
    with raw(own) as first, raw(together) as second:
        for name in first.variables:
            assert first[name][...].tobytes() == second[name][...].tobytes(), name
            assert sorted(map(repr, attributes(first[name]))) == sorted(
                map(repr, attributes(second[name]))
            )


@pytest.mark.parametrize("packing", ["keep", "decode"])
def test_either_packing_is_the_same_in_parts(
    dataset: Dataset, tmp_path: Path, packing: Packing
) -> None:
    work = work_of(plan_of(dataset.coverage, ACROSS, packing), packing=packing)
    yard = Yard(dataset, work, 6000)
    yard.make_all()
    dataset.extract(work, tmp_path / "single.nc")
    assert_same_files(write(tmp_path / "a.nc", yard, yard.assemble()), tmp_path / "single.nc")


def test_a_2d_grid_in_parts_comes_with_its_coordinates(tmp_path: Path) -> None:
    grid = curvilinear(Shelf("zarr", tmp_path))
    yard = Yard(grid, work_of(plan_of(grid.coverage)), 3000)
    assert len(yard.parts()) > 3
    yard.make_all()
    grid.extract(yard.work, tmp_path / "single.nc")
    assert_same_files(write(tmp_path / "a.nc", yard, yard.assemble()), tmp_path / "single.nc")


@pytest.mark.parametrize("slab_bytes", [1, 10**6])
def test_a_worker_of_another_size_makes_the_same_part(dataset: Dataset, slab_bytes: int) -> None:
    work = work_of(plan_of(dataset.coverage, ACROSS))
    made = []
    for bounds in ({}, {"slab_bytes": slab_bytes, "window_bytes": 1, "cpu_threads": 1}):
        yard = Yard(dataset, work, 5000, bounds=bounds)
        made.append([yard.make(part.number) for part in yard.parts()])
    assert made[0] == made[1]


@pytest.mark.parametrize("made_as", ["netcdf3", "zarr"])
@pytest.mark.parametrize("part_bytes", [1, 5000, 10**6])
def test_every_format_of_parts_is_made_alike(
    dataset: Dataset, tmp_path: Path, made_as: Format, part_bytes: int
) -> None:
    plan = plan_of(dataset.coverage, ACROSS).model_copy(update={"format": made_as})
    yard = Yard(dataset, work_of(plan, format=made_as), part_bytes)
    made = yard.make_all(part_bytes)
    if part_bytes == 5000:
        assert {one.etag is None for one in made} == {True, False}
    outcome = yard.assemble()
    single = dataset.extract(yard.work, tmp_path / "single")
    together = write(tmp_path / "together", yard, outcome)
    assert outcome.cells_with_data == single.cells_with_data
    if made_as == "netcdf3":
        assert_same_files(together, tmp_path / "single")
    else:
        with ZipFile(together) as first, ZipFile(tmp_path / "single") as second:
            assert first.testzip() is None
            assert sorted(first.namelist()) == sorted(second.namelist())
            assert all(first.read(name) == second.read(name) for name in first.namelist())


def test_what_is_kept_beside_is_the_first_part_and_the_short_ones(dataset: Dataset) -> None:
    yard = Yard(dataset, work_of(plan_of(dataset.coverage)), 5000)
    for one in yard.make_all():
        kept = one.number == 1 or one.stored_bytes < yard.least_bytes
        assert (one.etag is None) == kept
        assert sum(one.chunk_bytes) == one.stored_bytes
        if kept:
            stored = yard.results.get(payload_key(yard.work.job_id, 1, one.number)).bytes()
            assert hashlib.sha256(stored).hexdigest() == one.sha256


def test_a_part_that_is_made_is_not_made_again(dataset: Dataset) -> None:
    yard = Yard(dataset, work_of(plan_of(dataset.coverage)), 5000)
    numbers = [part.number for part in yard.parts()]
    assert yard.missing() == numbers
    first = yard.make(2)
    assert yard.missing() == [1, *numbers[2:]]
    before = dict(yard.fake.parts[first.upload_id])
    yard.fake.parts[first.upload_id].clear()
    assert yard.make(2) == first
    assert yard.fake.parts[first.upload_id] == {}
    yard.forget(first)
    assert yard.make(2) == first
    assert yard.fake.parts[first.upload_id] == before


def test_all_empty_chunks_are_there(tmp_path: Path) -> None:
    fields = {
        "empty": Field(
            ("time", "x"),
            np.full((40, 100), -1, "<i2"),
            {"_FillValue": -1, "scale_factor": 0.5},
            packed=Packed(scale_factor=0.5, dtype="<f8"),
            stored={"chunks": (1, 100), "fill_value": -1},
            written=(slice(0, 0),),
        )
    }
    axes = [axis_of("time", range(40)), axis_of("x", range(100))]
    nothing = publish(Shelf("icechunk", tmp_path), fields, axes)
    yard = Yard(nothing, work_of(plan_of(nothing.coverage)), 1000)
    made = yard.make_all()
    assert len(made) > 2
    assert all(one.etag is None for one in made)
    outcome = yard.assemble()
    assert outcome.cells_with_data == 0
    with raw(write(tmp_path / "a.nc", yard, outcome)) as file:
        assert np.array_equal(file["empty"][:], fields["empty"].values)


def test_a_single_worker_and_parts_know_the_same_key(dataset: Dataset) -> None:
    work = work_of(plan_of(dataset.coverage))
    yard = Yard(dataset, work, 5000)
    assert yard.begin().key == extract(work, dataset.coverage, dataset.places()).key


def test_an_upload_says_of_how_many_parts_it_is(dataset: Dataset) -> None:
    yard = Yard(dataset, work_of(plan_of(dataset.coverage)), 5000)
    assert yard.begin().parts == len(yard.parts()) > 1
