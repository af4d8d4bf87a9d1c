"""Rounds, parts and shares as the processes are asked for them, over a store in memory."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.functions.environment import ENVIRONMENT

os.environ.update({name: ENVIRONMENT[name] for name in ENVIRONMENT if "AWS" not in name})

from atoll.bootstrap.extraction import Buckets
from atoll.bootstrap.parts import Workshop
from atoll.bootstrap.settings import PartsSettings
from atoll.bootstrap.worker import make_share
from atoll.errors import DataError, Unavailable, UploadGone, WorkerLost
from atoll.extraction import parts
from atoll.model.job import Reason, Report, report_key
from atoll.planning import cut
from tests.extraction.builders import Field, axis_of, plan_of, work_of
from tests.extraction.datasets import publish
from tests.extraction.making import Yard
from tests.extraction.stores import Shelf
from tests.fakes import FakeResults

VALUES = np.random.default_rng(6).integers(0, 30_000, (20, 10, 50)).astype("<i2")
BROKEN = Reason(code="data-error", detail="chunk 3 is broken")


@dataclass
class Place:
    """A job among fakes, and its workshop."""

    yard: Yard
    workshop: Workshop
    results: FakeResults

    def report(self) -> Reason | None:
        """What was left in the store."""
        try:
            stored = self.yard.results.get(report_key(self.yard.work.job_id)).bytes()
        except FileNotFoundError:
            return None
        return Report.model_validate_json(bytes(stored)).reason


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Twenty maps, a chunk each, in parts of a few."""
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)
    stored = {"chunks": (1, 10, 50), "fill_value": -1}
    fields = {"a": Field(("time", "y", "x"), VALUES, {"_FillValue": -1}, stored=stored)}
    axes = [
        axis_of(name, range(n)) for name, n in zip(("time", "y", "x"), VALUES.shape, strict=True)
    ]
    dataset = publish(Shelf("zarr", tmp_path), fields, axes)
    yard, results = Yard(dataset, work_of(plan_of(dataset.coverage)), 5000), FakeResults()
    settings = PartsSettings(
        data_bucket="data", results_bucket="results", part_bytes=5000, parts_at_once=3, workers=2
    )
    buckets = Buckets(yard.places, lambda _plan: dataset.coverage)
    return Place(yard, Workshop(settings, buckets, yard.fake, results), results)


def test_a_round_names_what_is_missing_and_shares_it_out(place: Place):
    work, numbers = place.yard.work, [part.number for part in place.yard.parts()]
    first = place.workshop.begin(work, 0)
    half = len(numbers) // 2
    assert (list(first.parts), first.round, first.parts_at_once) == (numbers, 1, 3)
    assert first.runs == (f"1-{half}", f"{half + 1}-{numbers[-1]}")
    assert first.upload is not None
    for number in numbers[1:]:
        place.workshop.make(work, first.upload, number)
    second = place.workshop.begin(work, first.round)
    assert (second.parts, second.runs, second.upload) == ((1,), ("1-1",), first.upload)


def test_a_share_is_made_and_nothing_else(place: Place):
    assert make_share(place.yard.work, range(2, 4), place.workshop) is None
    numbers = [part.number for part in place.yard.parts()]
    assert place.yard.missing() == [each for each in numbers if each not in {2, 3}]


def test_all_shares_together_are_the_result(place: Place):
    work = place.yard.work
    begun = place.workshop.begin(work, 0)
    assert begun.upload is not None
    assert make_share(work, range(1, 1 + len(begun.parts)), place.workshop) is None
    outcome = place.workshop.finish(work, begun.upload)
    assert len(place.yard.stored(outcome)) == outcome.output_bytes
    assert outcome.cells_with_data == VALUES.size


def test_nobody_goes_on_where_another_has_found_it_vain(place: Place):
    place.results.reports[place.yard.work.job_id] = BROKEN
    assert make_share(place.yard.work, range(1, 100), place.workshop) == BROKEN
    assert len(place.yard.missing()) == len(place.yard.parts())
    with pytest.raises(DataError, match="chunk 3 is broken"):
        place.workshop.begin(place.yard.work, 1)


def test_workers_that_are_always_lost_end_the_rounds(place: Place):
    with pytest.raises(WorkerLost):
        place.workshop.begin(place.yard.work, 3)


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        (DataError("chunk 3 is broken"), BROKEN),
        (KeyError("arn:aws:secret"), "internal-error"),
        (Unavailable("the store did not answer"), None),
        (UploadGone("the job has ended"), None),
    ],
)
def test_a_part_that_fails_for_good_leaves_the_reason(
    place: Place, monkeypatch: pytest.MonkeyPatch, fault: Exception, left: Reason | str | None
):
    def fail(*_: object) -> None:
        raise fault

    upload = place.workshop.upload(place.yard.work)
    monkeypatch.setattr(parts, "make_part", fail)
    with pytest.raises(type(fault)):
        place.workshop.make(place.yard.work, upload, 2)
    report = place.report()
    assert left == (report.code if report and isinstance(left, str) else report)
    assert "secret" not in repr(report)
