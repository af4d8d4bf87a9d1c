"""A result of several files, made one behind the other, whoever is killed on the way."""

import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import xarray as xr

from tests.functions.environment import ENVIRONMENT

os.environ.update({name: ENVIRONMENT[name] for name in ENVIRONMENT if "AWS" not in name})

from atoll.bootstrap.extraction import Buckets
from atoll.bootstrap.parts import Workshop
from atoll.bootstrap.settings import PartsSettings
from atoll.bootstrap.worker import make_share
from atoll.errors import DataError, WorkerLost
from atoll.model.job import Outcome, Reason, Report, Work, report_key
from atoll.model.parts import Upload
from atoll.model.request import Format, SubsetRequest
from atoll.planning import cut
from atoll.planning.subset import plan_subset
from atoll.services.rounds import MOST_ROUNDS
from tests.extraction.builders import Field, axis_of, work_of
from tests.extraction.datasets import Dataset, publish
from tests.extraction.making import LEAST_BYTES, Yard
from tests.extraction.stores import Shelf
from tests.fakes import FakeResults

VALUES = np.random.default_rng(6).integers(0, 30_000, (20, 10, 50)).astype("<i2")
FILES = 3
ASSEMBLE = 0


@dataclass
class Place:
    """A job of several files among fakes, and its workshop."""

    dataset: Dataset
    work: Work
    yard: Yard
    workshop: Workshop
    results: FakeResults = field(default_factory=FakeResults)

    def report(self) -> Report:
        stored = self.yard.results.get(report_key(self.work.job_id)).bytes()
        return Report.model_validate_json(bytes(stored))

    def run(self, chance: random.Random | None = None) -> tuple[Outcome, ...]:
        """What the state machine does. By chance workers are killed, and it begins anew itself."""
        file, rounds = 1, 0
        while True:
            begun = self.workshop.begin(self.work, rounds, file)
            if begun.upload is None:
                return self.report().outcomes
            file, rounds = begun.file, begun.round if chance is None else 0
            for number in begun.parts or [ASSEMBLE]:
                if chance and chance.random() < 0.2:
                    break
                self._do(begun.upload, number)

    def _do(self, upload: Upload, number: int) -> None:
        if number == ASSEMBLE:
            self.workshop.finish(self.work, upload)
        else:
            self.workshop.make(self.work, upload, number)


def make_place(tmp_path: Path, form: Format = "netcdf4") -> Place:
    stored = {"chunks": (1, 10, 50), "fill_value": -1}
    fields = {
        "a": Field(("time", "y", "x"), VALUES, {"_FillValue": -1}, stored=stored),
        "mask": Field(("y", "x"), VALUES[0], {"_FillValue": -1}),
    }
    axes = [
        axis_of(name, range(n)) for name, n in zip(("time", "y", "x"), VALUES.shape, strict=True)
    ]
    dataset = publish(Shelf("zarr", tmp_path), fields, axes)
    request = SubsetRequest(dataset=dataset.coverage.dataset, format=form)
    plan = plan_subset(request, dataset.coverage)
    work = work_of(plan).model_copy(update={"files": FILES})
    yard = Yard(dataset, work, 5000)
    settings = PartsSettings(
        data_bucket="data", results_bucket="results", part_bytes=5000, parts_at_once=3, workers=2
    )
    buckets, results = Buckets(yard.places, lambda _plan: dataset.coverage), FakeResults()
    return Place(dataset, work, yard, Workshop(settings, buckets, yard.fake, results), results)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty maps, a chunk each, in parts of a few."""
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)
    monkeypatch.setattr("atoll.planning.parts.LEAST_UPLOAD_BYTES", LEAST_BYTES)


def written(place: Place, made: tuple[Outcome, ...], folder: Path) -> list[Path]:
    paths = [folder / one.key.rpartition("/")[2] for one in made]
    for path, one in zip(paths, made, strict=True):
        path.write_bytes(place.yard.stored(one))
        assert path.stat().st_size == one.output_bytes
    return paths


@pytest.mark.parametrize("form", ["netcdf4", "netcdf3"])
def test_files_opened_together_are_the_source(tmp_path: Path, form: Format):
    place = make_place(tmp_path, form)
    made = place.run()
    paths = written(place, made, tmp_path)
    assert [path.name[-8:] for path in paths] == ["_0001.nc", "_0002.nc", "_0003.nc"]
    parts = [xr.load_dataset(path, mask_and_scale=False, decode_times=False) for path in paths]
    whole = xr.concat(parts, "time", data_vars="minimal", compat="equals", join="exact")
    np.testing.assert_array_equal(whole["a"], VALUES)
    np.testing.assert_array_equal(whole["time"], np.arange(20))
    assert [part.sizes["time"] for part in parts] == [6, 7, 7]
    for path in paths:
        with netCDF4.Dataset(path) as file:
            file.set_auto_mask(False)
            np.testing.assert_array_equal(file["mask"][:], VALUES[0])


@pytest.mark.parametrize("seed", range(8))
def test_whoever_is_killed_no_file_and_no_part_is_made_twice(tmp_path: Path, seed: int):
    calm, wild = make_place(tmp_path / "calm"), make_place(tmp_path / "wild")
    expected = calm.run()
    made = wild.run(random.Random(seed))  # noqa: S311 -- an order, no secret
    assert made == expected
    assert len(wild.yard.fake.keys) == FILES  # uploads ever begun
    assert wild.yard.fake.parts == {}  # under way


def test_an_assembling_that_was_lost_after_its_object_appeared_is_not_done_again(tmp_path: Path):
    place = make_place(tmp_path)
    begun = place.workshop.begin(place.work, 0, 1)
    assert begun.upload is not None
    for number in begun.parts:
        place.workshop.make(place.work, begun.upload, number)
    first = place.workshop.finish(place.work, begun.upload)
    place.yard.results.delete("reports/job-1/0001.json")
    again = place.workshop.begin(place.work, begun.round, begun.file)
    assert (again.file, again.parts, again.round) == (1, (), 2)
    assert place.workshop.finish(place.work, begun.upload) == first
    # Said to be made, it is neither looked at nor read any more.
    place.yard.results.delete(first.key)
    assert place.workshop.finish(place.work, begun.upload) == first
    assert place.workshop.begin(place.work, 2, 1).file == 2


def test_rounds_count_for_each_file(tmp_path: Path):
    place = make_place(tmp_path)
    assert place.workshop.begin(place.work, MOST_ROUNDS, 3).round == 1
    with pytest.raises(WorkerLost, match=f"{MOST_ROUNDS} rounds"):
        place.workshop.begin(place.work, MOST_ROUNDS, 1)


def test_a_reason_left_in_a_round_of_a_file_ends_the_job(tmp_path: Path):
    place = make_place(tmp_path)
    reason = Reason(code="data-error", detail="chunk 3 is broken")
    place.results.reports[place.work.job_id] = reason
    with pytest.raises(DataError, match="chunk 3 is broken"):
        place.workshop.begin(place.work, 1, 1)


def test_a_containers_share_is_of_its_file(tmp_path: Path):
    place = make_place(tmp_path)
    share = range(1, 100)
    assert make_share(place.work, share, place.workshop, 2) is None
    upload = place.workshop.upload(place.work, 2)
    assert place.workshop.missing(place.work, upload) == []
    assert place.workshop.begin(place.work, 0, 1).parts[0] == 1
    outcome = place.workshop.finish(place.work, upload)
    assert outcome.key.endswith("_0002.nc")
    assert place.workshop.begin(place.work, 0, 1).file == 1


def test_a_set_whose_files_are_made_is_reported_again_and_again(tmp_path: Path):
    place = make_place(tmp_path)
    made = place.run()
    begun = place.workshop.begin(place.work, 1, FILES)
    assert (begun.upload, begun.parts, begun.file) == (None, (), FILES)
    assert place.report().outcomes == made
    # A worker that began late does not open what is done.
    assert len(place.yard.fake.keys) == FILES
