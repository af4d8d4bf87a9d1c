"""A producer's archive on an S3 server, and virtual datasets that refer to its files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from obstore.store import LocalStore

from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources
from atoll.model.coverage import Coverage
from atoll.model.product import Product
from atoll.model.request import SubsetRequest
from atoll.planning.subset import plan_subset
from atoll.publication.ingest import ingest
from atoll.publication.publish import Delivery, publish
from atoll.publication.repository import Target, open_repository
from atoll.publication.work import Change, Work
from tests.extraction.builders import work_of
from tests.extraction.seaweed import S3Server
from tests.fakes import FakeCatalogue
from tests.publication.builders import LATER, T0, Grid, plain

ARCHIVE, PREFIX = "archive", "year/"


@dataclass
class VirtualBench:
    """An archive, a folder of files as their producer has them, and one dataset."""

    server: S3Server
    folder: Path
    dataset: str
    catalogue: FakeCatalogue = field(default_factory=FakeCatalogue)

    @property
    def target(self) -> Target:
        return Target(f"s3://{self.server.bucket}", self.server.endpoint_url, self.server.region)

    def product(self, **settings: Any) -> Product:
        """A product of CF files in the archive, and what else is told."""
        archive = {"url_prefix": f"s3://{ARCHIVE}/{self.prefix}"}
        return plain(**{**settings, "mode": "virtual", "archive": archive})

    @property
    def prefix(self) -> str:
        return f"{PREFIX}{self.dataset}/"

    def put(self, path: Path) -> Path:
        """Archive a file."""
        key = f"{self.prefix}{path.name}"
        self.server.client().put_object(Bucket=ARCHIVE, Key=key, Body=path.read_bytes())
        return path

    def file(self, name: str, grid: Grid, **storage: Any) -> Path:
        """Write a file, and archive it."""
        return self.put(grid.write(self.folder / name, **storage))

    def publish(
        self, files: Sequence[Path], product: Product | None = None, now: datetime = T0
    ) -> Coverage:
        delivery = Delivery(files, self.dataset, product or self.product())
        return publish(delivery, self.target, self.catalogue, now)

    def deliver(self, *changes: Change, now: datetime = LATER) -> Coverage:
        """One delivery of several operations."""
        return ingest(Work(self.dataset, self.product(), changes), self.target, now).coverage

    def order(self, coverage: Coverage, **request: Any) -> Path:
        """The result of a request, as a file."""
        plan = plan_subset(SubsetRequest(dataset=self.dataset, **request), coverage)
        places = Places(LocalStore(self.folder / "results", mkdir=True), self.sources)
        outcome = extract(work_of(plan, **request), coverage, places)
        return self.folder / "results" / outcome.key

    @cached_property
    def sources(self) -> Sources:
        """What a worker keeps open from one order to the next."""
        return Sources(S3Options(self.server.endpoint_url, self.server.region), tries=2)

    def head(self) -> str:
        return open_repository(self.target, self.dataset).lookup_branch("main")

    def objects(self) -> Mapping[str, int]:
        """Bytes of the dataset's objects, by key."""
        pages = self.server.client().get_paginator("list_objects_v2")
        found = pages.paginate(Bucket=self.server.bucket, Prefix=f"datasets/{self.dataset}/")
        return {each["Key"]: each["Size"] for page in found for each in page.get("Contents", [])}


def maps(count: int, seed: int = 0, dtype: str = "f4") -> np.ndarray[Any, Any]:
    """Numbers of shape (count, 30, 40)."""
    rng = np.random.default_rng(seed)
    return rng.uniform(200, 300, (count, 30, 40)).astype(dtype)


def grid(values: np.ndarray[Any, Any], first_day: int = 0, **told: Any) -> Grid:
    """Daily maps."""
    days = [float(first_day + number) for number in range(len(values))]
    latitudes, longitudes = np.arange(30.0) - 15, np.arange(40.0)
    return Grid(values, days, latitudes=latitudes.tolist(), longitudes=longitudes.tolist(), **told)
