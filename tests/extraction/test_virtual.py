"""Chunks that lie in NetCDF-4 files of an archive: read as the files' own library reads them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import icechunk
import netCDF4
import numpy as np
import pytest
from icechunk import _icechunk_python as native

from atoll.errors import DataError, Unavailable
from atoll.extraction.sources import archive_credentials
from tests.extraction.archives import BUCKET, KEY, Archive, references
from tests.extraction.builders import plan_of, work_of
from tests.extraction.seaweed import S3Server

pytestmark = pytest.mark.filterwarnings("ignore:Numcodecs codecs are not in the Zarr version 3")


@pytest.fixture
def archive(s3_server: S3Server, tmp_path: Path) -> Archive:
    client = s3_server.client()
    if BUCKET not in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
        client.create_bucket(Bucket=BUCKET)
    return Archive(s3_server, tmp_path / "a.nc")


@pytest.mark.slow
def test_the_result_has_what_the_files_have(archive: Archive, tmp_path: Path) -> None:
    dataset = archive.publish("whole")
    dataset.extract(work_of(plan_of(dataset.coverage)), tmp_path / "result.nc")
    with netCDF4.Dataset(tmp_path / "result.nc") as found, netCDF4.Dataset(archive.file) as wanted:
        found.set_auto_maskandscale(False)
        wanted.set_auto_maskandscale(False)
        for name in ("t", "u"):
            assert np.array_equal(found[name][:], wanted[name][:])
            assert np.array_equal(found[name][:], dataset.values[name])


@pytest.mark.slow
@pytest.mark.parametrize("change", ["another", "longer", "cut"])
def test_a_file_that_was_changed_is_not_mixed_in(
    change: str, archive: Archive, tmp_path: Path
) -> None:
    dataset = archive.publish(f"changed-{change}")
    stored = archive.file.read_bytes()
    changed = {"another": stored[::-1], "longer": stored + b"\0", "cut": stored[:3000]}
    archive.put(changed[change])
    with pytest.raises(DataError, match=r"test-data/[tu]: chunk [0-9.]+ was not read.*has changed"):
        dataset.extract(work_of(plan_of(dataset.coverage)), tmp_path / "result.nc")


@pytest.mark.slow
def test_a_file_that_has_vanished_is_worth_another_try(archive: Archive, tmp_path: Path) -> None:
    dataset = archive.publish("vanished")
    archive.server.client().delete_object(Bucket=BUCKET, Key=KEY)
    with pytest.raises(Unavailable, match=r"test-data/[tu]: chunk [0-9.]+ was not read"):
        dataset.extract(work_of(plan_of(dataset.coverage)), tmp_path / "result.nc")
    archive.put(archive.file.read_bytes())
    dataset.extract(work_of(plan_of(dataset.coverage)), tmp_path / "result.nc")


@pytest.mark.slow
def test_a_damaged_chunk_is_named(archive: Archive, tmp_path: Path) -> None:
    dataset = archive.publish("damaged")
    (chunk,) = (one for one in references(archive.file, "u", "") if one.index == [1, 2, 0])
    stored = bytearray(archive.file.read_bytes())
    stored[chunk.offset : chunk.offset + chunk.length] = bytes(chunk.length)
    # Damaged before it was referred to: the checksum is right.
    etag = archive.put(bytes(stored))
    revision = archive.refer(archive.repository("damaged").writable_session("main"), etag)
    damaged = replace(dataset, coverage=dataset.coverage.model_copy(update={"revision": revision}))
    with pytest.raises(DataError, match=r"test-data/u: chunk 1\.2\.0 does not decode"):
        damaged.extract(work_of(plan_of(damaged.coverage)), tmp_path / "result.nc")


def test_archives_are_opened_as_the_repository_says() -> None:
    config = icechunk.RepositoryConfig.default()
    stores = {
        "s3://ours/": icechunk.s3_store(region="eu-west-1"),
        "s3://public/": icechunk.s3_store(region="eu-west-1", anonymous=True),
        "file:///etc/": icechunk.local_filesystem_store("/etc/"),
    }
    for prefix, store in stores.items():
        config.set_virtual_chunk_container(icechunk.VirtualChunkContainer(prefix, store))
    found: Any = archive_credentials(config)
    assert set(found) == {"s3://ours/", "s3://public/"}
    assert isinstance(found["s3://ours/"][0], native.S3Credentials.FromEnv)
    assert isinstance(found["s3://public/"][0], native.S3Credentials.Anonymous)
