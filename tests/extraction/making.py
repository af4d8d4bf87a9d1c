"""Results made in parts, as many processes would make them; and files held against each other."""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
from obstore.store import MemoryStore, ObjectStore

from atoll.extraction import parts
from atoll.extraction.assemble import assemble
from atoll.extraction.extract import Places
from atoll.model.job import Outcome, Work
from atoll.model.parts import PartMade, Upload, part_key
from atoll.planning.parts import Part, split
from atoll.ports import Uploads
from tests.extraction.datasets import Dataset
from tests.fakes import FakeUploads

LEAST_BYTES = 3000


@dataclass
class Yard:
    """A job, and all that its workers share."""

    dataset: Dataset
    work: Work
    part_bytes: int
    results: ObjectStore = field(default_factory=MemoryStore)
    least_bytes: int = LEAST_BYTES
    uploads: Uploads | None = None
    bounds: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.fake = FakeUploads(self.results, least_bytes=self.least_bytes)

    @property
    def places(self) -> Places:
        return self.dataset.places(self.results, least_upload_bytes=self.least_bytes, **self.bounds)

    @property
    def port(self) -> Uploads:
        return self.uploads or self.fake

    def begin(self) -> Upload:
        coverage = self.dataset.coverage
        return parts.begin(self.work, coverage, self.part_bytes, self.results, self.port)

    def parts(self) -> tuple[Part, ...]:
        return split(self.work.plan, self.dataset.coverage, self.part_bytes)

    def missing(self) -> list[int]:
        return parts.missing(self.work.job_id, self.parts(), self.results)

    def make(self, number: int) -> PartMade:
        coverage = self.dataset.coverage
        return parts.make_part(self.work, coverage, self.begin(), number, self.places, self.port)

    def make_all(self, seed: int = 0) -> list[PartMade]:
        """Every part twice, in random order, as if half of the lines had come too late."""
        rng = random.Random(seed)  # noqa: S311 -- an order, no secret
        numbers = [part.number for part in self.parts()] * 2
        rng.shuffle(numbers)
        made = []
        for number in numbers:
            made.append(self.make(number))
            if rng.random() < 0.5:
                self.forget(made[-1])
        return made + [self.make(number) for number in self.missing()]

    def forget(self, made: PartMade) -> None:
        """As if the worker had been killed before it wrote its line."""
        self.results.delete(part_key(self.work.job_id, 1, made.number))

    def assemble(self) -> Outcome:
        return assemble(self.work, self.dataset.coverage, self.begin(), self.places, self.port)

    def stored(self, outcome: Outcome) -> bytes:
        return bytes(self.results.get(outcome.key).bytes())


def raw(path: Path) -> netCDF4.Dataset:
    file = netCDF4.Dataset(path)
    file.set_auto_maskandscale(False)
    return file


def attributes(of: Any) -> list[tuple[str, str, object]]:
    """Names in their order, types and values."""
    found = []
    for name in of.ncattrs():
        value = of.getncattr(name)
        kind = value.dtype.str if hasattr(value, "dtype") else type(value).__name__
        found.append((name, kind, np.asarray(value).tolist()))
    return found


def assert_same_files(one: Path, other: Path, names: Iterable[str] | None = None) -> None:
    """Dimensions, attributes, types and every bit of every variable."""
    with raw(one) as first, raw(other) as second:
        assert {n: len(d) for n, d in first.dimensions.items()} == {
            n: len(d) for n, d in second.dimensions.items()
        }
        assert repr(attributes(first)) == repr(attributes(second))  # NaN is equal to itself
        assert list(first.variables) == list(second.variables)
        for name in names or first.variables:
            here, there = first[name], second[name]
            assert here.dimensions == there.dimensions
            assert here.dtype == there.dtype
            assert repr(attributes(here)) == repr(attributes(there))
            assert here[...].tobytes() == there[...].tobytes(), name
