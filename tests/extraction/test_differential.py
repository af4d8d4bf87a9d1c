"""Boxes of datasets by chance, in every format, by one worker and by many: NumPy's own cells."""

import random
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pandas as pd
import pytest
import zarr

from atoll.model.job import Work
from atoll.model.plan import SubsetPlan
from atoll.model.request import Format, Packing
from atoll.planning import cut, parts
from tests.extraction.builders import nodes, plan_of, work_of
from tests.extraction.chance import a_box, a_dataset, expected, physical
from tests.extraction.datasets import Dataset
from tests.extraction.making import Yard
from tests.extraction.stores import Shelf

pytestmark = pytest.mark.slow

ARRAYS: tuple[Format, ...] = ("netcdf4", "netcdf3", "zarr")
TABLES: tuple[Format, ...] = ("csv", "parquet")
LONG = {"i8", "u8"}
GRID = ["v0", "v1", "lon_bnds", "place"]  # what a table can hold together


@pytest.fixture(params=range(8))
def rng(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> random.Random:
    """Chance, which has chosen the size of chunks, too."""
    found = random.Random(request.param)  # noqa: S311 -- no secret
    least_bytes = found.choice([50, 300, 2**20])
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", least_bytes)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 2 * least_bytes)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 4 * least_bytes)
    monkeypatch.setattr(parts, "WITH_HEADER_BYTES", found.choice([0, 2**16]))
    return found


def a_plan(
    rng: random.Random, dataset: Dataset, form: Format, names: list[str] | None = None
) -> SubsetPlan:
    packing: Packing = rng.choice(["keep", "decode"])
    plan = plan_of(dataset.coverage, a_box(rng, dataset), packing, names)
    return plan.model_copy(update={"format": form})


def arrays(path: Path, form: Format) -> dict[str, Any]:
    """Every variable of a file as it is stored."""
    if form == "zarr":
        with zarr.storage.ZipStore(path, mode="r") as store:
            members = zarr.open_group(store, mode="r").arrays()
            return {name: np.asarray(array[...]) for name, array in members}
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        return {name: np.asarray(variable[...]) for name, variable in file.variables.items()}


def by_many(rng: random.Random, dataset: Dataset, work: Work, path: Path) -> int:
    """Make the file in parts; answer how many cells have data."""
    least_bytes = rng.choice([1, 100, 5000])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "LEAST_UPLOAD_BYTES", least_bytes)
        yard = Yard(dataset, work, rng.choice([1, 300, 2**20]), least_bytes=least_bytes)
        yard.make_all()
        outcome = yard.assemble()
    path.write_bytes(yard.stored(outcome))
    return outcome.cells_with_data


@pytest.mark.parametrize("form", ARRAYS)
def test_files_of_arrays(rng: random.Random, form: Format, shelf: Shelf, folder: Path) -> None:
    dataset = a_dataset(rng, shelf)
    plan = a_plan(rng, dataset, form)
    if form == "netcdf3":  # without the integers that it has no type for
        known = dataset.coverage.variable_by_name
        fit = [one for one in plan.variables if known[one.name].dtype[1:] not in LONG]
        plan = plan.model_copy(update={"variables": tuple(fit)})
    work = work_of(plan, format=form, packing=plan.packing)
    slab_bytes = rng.choice([1, 300, 2**23])
    alone = dataset.extract(work, folder / "one", slab_bytes=slab_bytes).cells_with_data
    assert by_many(rng, dataset, work, folder / "many") == alone
    with_data = 0
    for made in ("one", "many"):
        found = arrays(folder / made, form)
        for one in plan.variables:
            values, empty = expected(dataset, plan, one.name)
            assert np.array_equal(found[one.name], values, equal_nan=values.dtype.kind == "f")
            is_data = dataset.coverage.variable_by_name[one.name].role == "data"
            with_data += int(np.count_nonzero(~empty)) if is_data else 0
    assert with_data == 2 * alone


@pytest.mark.parametrize("form", TABLES)
def test_tables(rng: random.Random, form: Format, shelf: Shelf, folder: Path) -> None:
    dataset = a_dataset(rng, shelf)
    plan = a_plan(rng, dataset, form, GRID)
    dataset.extract(work_of(plan, format=form, packing=plan.packing), folder / "table")
    path = folder / "table"
    # By itself pandas takes unsigned numbers of 64 bits beside empty cells for text.
    table = pd.read_csv(path, dtype="f8") if form == "csv" else pd.read_parquet(path)
    dimensions = dataset.coverage.variable_by_name["v0"].dimensions
    place = []
    for axis in plan.axes:
        if axis.name in dimensions:
            values = nodes(dataset.coverage.axis_by_name[axis.name], axis.pieces)
            order = np.argsort(values)
            place.append(order[np.searchsorted(values[order], table[axis.name])])
    for name in ("v0", "v1"):
        stored, empty = expected(dataset, plan.model_copy(update={"packing": "keep"}), name)
        found = np.full(stored.shape, np.nan)
        found[tuple(place)] = table[name]
        wanted = np.where(empty, np.nan, physical(dataset, name, stored))
        assert np.array_equal(found, wanted, equal_nan=True)
