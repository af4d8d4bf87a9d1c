"""NetCDF-3 and Zarr by many workers: the file that one worker makes."""

import zipfile
from pathlib import Path

import netCDF4
import pytest
import xarray as xr

from atoll.extraction.extract import extract
from atoll.model.plan import Piece
from atoll.model.request import Format
from atoll.planning import cut
from tests.extraction.builders import plan_of, work_of
from tests.extraction.datasets import Dataset, curvilinear, ocean
from tests.extraction.made import opened_zarr
from tests.extraction.making import Yard

pytestmark = pytest.mark.slow

LEAST_BYTES = [100, 3000, 100_000]
ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
}


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks of small arrays."""
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)


def yard(dataset: Dataset, form: Format, part_bytes: int, least_bytes: int) -> Yard:
    known = {name: ACROSS[name] for name in ACROSS if name in dataset.coverage.axis_by_name}
    plan = plan_of(dataset.coverage, known).model_copy(update={"format": form})
    work = work_of(plan, format=form)
    return Yard(dataset, work, part_bytes, least_bytes=least_bytes)


@pytest.mark.parametrize("least_bytes", LEAST_BYTES)
@pytest.mark.parametrize("part_bytes", [4000, 20_000, 2**20])
@pytest.mark.parametrize("make", [ocean, curvilinear])
def test_parts_make_the_bytes_of_one_worker(make, part_bytes, least_bytes, shelf):
    """NetCDF-3 tells each byte's place beforehand."""
    dataset = make(shelf)
    by_many = yard(dataset, "netcdf3", part_bytes, least_bytes)
    made = by_many.make_all(seed=part_bytes)
    outcome = by_many.assemble()
    alone = extract(by_many.work, dataset.coverage, dataset.places())
    assert outcome.cells_with_data == alone.cells_with_data > 0
    assert len({part.number for part in made}) == len(by_many.parts())
    if outcome.output_bytes == alone.output_bytes:
        assert outcome.sha256 == alone.sha256
    else:  # the front was made longer
        assert outcome.output_bytes > least_bytes


@pytest.mark.parametrize("form", ["netcdf3", "zarr"])
@pytest.mark.parametrize("least_bytes", LEAST_BYTES)
@pytest.mark.parametrize("part_bytes", [4000, 20_000, 2**20])
def test_parts_mean_what_one_workers_file_does(form, part_bytes, least_bytes, shelf, tmp_path):
    by_many = yard(ocean(shelf), form, part_bytes, least_bytes)
    by_many.make_all(seed=least_bytes)
    many, one = tmp_path / "many", tmp_path / "one"
    many.write_bytes(by_many.stored(by_many.assemble()))
    results = by_many.dataset.places()
    alone = extract(by_many.work, by_many.dataset.coverage, results)
    one.write_bytes(bytes(results.results.get(alone.key).bytes()))
    xr.testing.assert_identical(opened(many, form), opened(one, form))
    if form == "zarr":
        with zipfile.ZipFile(many) as archive, zipfile.ZipFile(one) as other:
            assert archive.testzip() is None
            assert set(archive.namelist()) - set(other.namelist()) <= {"time/padding"}
    else:
        with netCDF4.Dataset(many) as file:
            assert file.data_model == "NETCDF3_64BIT_OFFSET"


def opened(path: Path, form: str) -> xr.Dataset:
    if form == "zarr":
        return opened_zarr(path)
    with xr.open_dataset(path, engine="netcdf4") as file:
        return file.load()
