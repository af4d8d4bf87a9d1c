"""The extractor's process: two buckets, no tables, no boto3."""

import os
from collections.abc import Callable

from atoll.bootstrap.settings import ExtractionSettings, Place
from atoll.extraction.documents import load_coverage
from atoll.extraction.extract import Places, extract
from atoll.extraction.sources import S3Options, Sources, open_bucket
from atoll.model.job import Outcome, Work

type Extractor = Callable[[Work], Outcome]


def make_s3_options() -> S3Options:
    """How S3 is reached from here."""
    place = Place.read()
    return S3Options(endpoint_url=place.s3_endpoint_url, region=place.region)


def make_extractor() -> Extractor:
    """What carries plans out, from the environment; stores stay open between calls."""
    settings, options = ExtractionSettings.read(), make_s3_options()
    data = open_bucket(settings.data_bucket, options)
    places = Places(
        results=open_bucket(settings.results_bucket, options),
        open_source=Sources(options),
        cpu_threads=max(2, os.process_cpu_count() or 1),
    )

    def carry_out(work: Work) -> Outcome:
        coverage = load_coverage(data, work.plan.dataset, work.plan.revision)
        return extract(work, coverage, places)

    return carry_out
