"""The extractor's process: two buckets, no tables, no boto3."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from atoll.bootstrap.settings import ExtractionSettings, Place
from atoll.extraction.documents import load_coverage
from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources, open_bucket
from atoll.model.coverage import Coverage
from atoll.model.job import Outcome, Work
from atoll.model.plan import SubsetPlan

# Of a revision, they never change.
KEPT_DESCRIPTIONS = 16

type Extractor = Callable[[Work], Outcome]


@dataclass(frozen=True, slots=True)
class Buckets:
    """Where data come from and results go to; stores stay open between calls.

    Attributes:
        describe: the description that a plan was made with.
    """

    places: Places
    describe: Callable[[SubsetPlan], Coverage]

    @classmethod
    def open(cls) -> Self:
        """The buckets that the environment names."""
        settings, place = ExtractionSettings.read(), Place.read()
        options = S3Options(endpoint_url=place.s3_endpoint_url, region=place.region)
        data = open_bucket(settings.data_bucket, options)
        places = Places(
            results=open_bucket(settings.results_bucket, options),
            open_source=Sources(options),
            cpu_threads=max(2, os.process_cpu_count() or 1),
        )

        @lru_cache(maxsize=KEPT_DESCRIPTIONS)
        def describe(dataset: str, revision: str) -> Coverage:
            return load_coverage(data, dataset, revision)

        return cls(places, lambda plan: describe(plan.dataset, plan.revision))


def make_extractor(buckets: Buckets) -> Extractor:
    """What carries whole plans out."""
    return lambda work: extract(work, buckets.describe(work.plan), buckets.places)
