"""Producers' own buckets, which virtual datasets refer to."""

import json

import pytest
from aws_cdk import App, Stack
from pydantic import ValidationError

from stacks.assembly import DEMO
from stacks.config import load_federation
from stacks.config.parts import Publication
from stacks.unit.storage import Storage


def test_whoever_reads_datasets_reads_the_archives_that_are_named_and_no_more():
    unit = load_federation(DEMO).units[0]
    archives = ("s3://producer/sst/", "s3://open-data/")
    publication = Publication(archives=archives)
    storage = Storage(Stack(App(), "x"), unit.model_copy(update={"publication": publication}))
    for statements in (storage.read_data, storage.write_data):
        told = json.dumps([each.to_statement_json() for each in statements])
        assert ":s3:::producer/sst/*" in told
        assert ":s3:::open-data/*" in told
    written = [each.to_statement_json() for each in storage.write_data[2:]]
    assert "producer" not in json.dumps(written)


@pytest.mark.parametrize(
    "prefix", ["s3://producer/sst", "s3://producer", "s3://*/", "s3://a-bucket/*/", "https://a.b/"]
)
def test_an_archive_is_a_bucket_or_a_folder_of_it(prefix: str):
    with pytest.raises(ValidationError):
        Publication(archives=(prefix,))
