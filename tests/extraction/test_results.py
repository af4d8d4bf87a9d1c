"""What reaches the results bucket: all of a file, or nothing; and the documents beside it."""

import hashlib
import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import netCDF4
import numpy as np
import pytest
from obstore.store import MemoryStore

from atoll.errors import DataError, TooLarge, Unavailable, UnknownDataset
from atoll.extraction.documents import file_name, load_coverage, write_report
from atoll.extraction.extract import Places, extract
from atoll.extraction.file_format import Header
from atoll.extraction.netcdf_file import StoredChunk
from atoll.extraction.sources import S3Options, open_bucket
from atoll.extraction.spool import Spool
from atoll.extraction.upload import upload
from atoll.model.coverage import description_key
from atoll.model.job import Outcome, Reason
from atoll.model.plan import Piece
from tests.extraction.builders import Field, axis_of, plan_of, work_of
from tests.extraction.datasets import Dataset, publish
from tests.extraction.seaweed import S3Server, free_ports
from tests.extraction.stores import Shelf

# Noise does not compress: the file is larger than one PUT and than what is kept in memory.
TIMES = 36
NOISE = np.random.default_rng(5).integers(0, 2**32, (TIMES, 500, 600), dtype="<u4").view("<i4")


@pytest.fixture(scope="module")
def noise(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    shelf = Shelf("zarr", tmp_path_factory.mktemp("noise"))
    fields = {
        "a": Field(("time", "y", "x"), NOISE, stored={"chunks": (1, 500, 600), "compressors": None})
    }
    axes = [
        axis_of("time", range(TIMES)),
        axis_of("y", range(500)),
        axis_of("x", range(600)),
    ]
    return publish(shelf, fields, axes)


def options(server: S3Server) -> S3Options:
    return S3Options(server.endpoint_url, server.region)


@pytest.mark.slow
def test_a_large_result_is_uploaded_in_parts(
    noise: Dataset, s3_server: S3Server, tmp_path: Path
) -> None:
    results = open_bucket(s3_server.bucket, options(s3_server))
    outcome = extract(work_of(plan_of(noise.coverage)), noise.coverage, noise.places(results))
    stored = bytes(results.get(outcome.key).bytes())
    assert outcome.output_bytes == len(stored) > 40 * 2**20
    assert outcome.sha256 == hashlib.sha256(stored).hexdigest()
    (tmp_path / "a.nc").write_bytes(stored)
    with netCDF4.Dataset(tmp_path / "a.nc") as file:
        assert np.array_equal(file["a"][:], NOISE)
    head = s3_server.client().head_object(Bucket=s3_server.bucket, Key=outcome.key)
    assert head["ContentType"] == "application/x-netcdf"


@pytest.mark.slow
def test_a_small_result_is_one_put(noise: Dataset, s3_server: S3Server) -> None:
    results = open_bucket(s3_server.bucket, options(s3_server))
    plan = plan_of(noise.coverage, {"time": (Piece(start=0, stop=1),)})
    outcome = extract(work_of(plan), noise.coverage, noise.places(results))
    head = s3_server.client().head_object(Bucket=s3_server.bucket, Key=outcome.key)
    assert "-" not in head["ETag"]  # a multipart upload's has one
    assert head["ContentLength"] == outcome.output_bytes


@pytest.mark.slow
def test_an_upload_that_fails_leaves_nothing(s3_server: S3Server) -> None:
    def broken() -> Iterator[bytes]:
        for _ in range(20):
            yield bytes(2**20)
        raise DataError("the disk has gone")

    results = open_bucket(s3_server.bucket, options(s3_server))
    with pytest.raises(DataError, match="the disk has gone"):
        upload(results, "results/broken/a.nc", broken(), 40 * 2**20, "application/x-netcdf")
    client = s3_server.client()
    found = client.list_objects_v2(Bucket=s3_server.bucket, Prefix="results/broken/")
    assert found["KeyCount"] == 0
    assert not client.list_multipart_uploads(Bucket=s3_server.bucket).get("Uploads")


@pytest.mark.parametrize("file_bytes", [3 * 2**20, 30 * 2**20])  # one PUT, and parts
@pytest.mark.parametrize("off", [-1, 1, 2**20])
def test_a_file_of_another_length_than_laid_out_is_no_result(file_bytes: int, off: int) -> None:
    results = MemoryStore()
    blocks = iter([bytes(2**20 + off), *[bytes(2**20)] * (file_bytes // 2**20 - 1)])
    with pytest.raises(RuntimeError, match=f"laid out with {file_bytes} bytes"):
        upload(results, "results/a.nc", blocks, file_bytes, "application/x-netcdf")
    assert not results.list().collect()


def test_a_chunk_that_the_disk_has_lost_is_not_left_out(tmp_path: Path) -> None:
    with Spool(str(tmp_path), in_memory_bytes=0) as spool:
        for first in (0, 1):
            spool.append(StoredChunk("a", (first,), 100), bytes(100))
        assert spool._rest is not None  # noqa: SLF001 -- nobody else can cut it
        spool._rest.truncate(150)  # noqa: SLF001
        with pytest.raises(RuntimeError, match="a: a chunk was kept"):
            list(spool.blocks(Header(bytes(10), 210)))


def test_a_results_bucket_that_does_not_answer_is_unavailable(
    noise: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    (port,) = free_ports(1)
    results = open_bucket("gone", S3Options(f"http://127.0.0.1:{port}", "eu-west-1"), tries=1)
    with pytest.raises(Unavailable, match="room for the result"):
        extract(work_of(plan_of(noise.coverage)), noise.coverage, noise.places(results))
    with pytest.raises(Unavailable, match="room for the report"):
        write_report(results, "job-1", Reason(code="x", detail="y"))
    with pytest.raises(Unavailable, match="description"):
        load_coverage(results, "ocean", "r1")


@pytest.mark.slow
def test_a_bucket_that_does_not_exist_is_unavailable(noise: Dataset, s3_server: S3Server) -> None:
    results = open_bucket("no-such-bucket", options(s3_server), tries=1)
    plan = plan_of(noise.coverage, {"time": (Piece(start=0, stop=1),)})
    with pytest.raises(Unavailable, match="room for the result"):
        extract(work_of(plan), noise.coverage, noise.places(results))


@contextmanager
def files_of_at_most(nbytes: int) -> Iterator[None]:
    """A disk that is full, as far as this process is concerned."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (nbytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_result_that_does_not_fit_on_the_disk_is_too_large(
    noise: Dataset, tmp_path: Path
) -> None:
    results = MemoryStore()
    places = Places(results, noise.written.sources, spool_folder=str(tmp_path))
    with files_of_at_most(2**20), pytest.raises(TooLarge, match="disk"):
        extract(work_of(plan_of(noise.coverage)), noise.coverage, places)
    assert not results.list().collect()
    assert not list(tmp_path.iterdir())


def test_a_description_is_loaded_by_dataset_and_revision(noise: Dataset) -> None:
    data = MemoryStore()
    coverage = noise.coverage
    key = description_key(coverage.dataset, coverage.revision)
    data.put(key, coverage.model_dump_json().encode())
    assert load_coverage(data, coverage.dataset, coverage.revision) == coverage
    with pytest.raises(UnknownDataset, match="'other'"):
        load_coverage(data, "other", coverage.revision)
    with pytest.raises(UnknownDataset, match="'r9'"):
        load_coverage(data, coverage.dataset, "r9")


def test_a_report_says_how_it_ended() -> None:
    results = MemoryStore()
    outcome = Outcome(key="k", output_bytes=1, sha256="s", cells_with_data=2)
    reason = Reason(code="data-error", detail='"so"', facts={"chunk": [1.0]})
    for job_id, found in (("job-1", [outcome]), ("job-2", reason)):
        write_report(results, job_id, found)
    first, second = (
        json.loads(bytes(results.get(f"reports/{job_id}.json").bytes()))
        for job_id in ("job-1", "job-2")
    )
    said = {"key": "k", "output_bytes": 1, "sha256": "s", "cells_with_data": 2}
    assert first == {"outcomes": [said | {"manifest_key": None}], "reason": None}
    said = {"code": "data-error", "detail": '"so"', "facts": {"chunk": [1.0]}}
    assert second == {"outcomes": [], "reason": said}


def test_a_file_name_is_safe_and_tells_plans_apart(noise: Dataset) -> None:
    whole = plan_of(noise.coverage)
    part = plan_of(noise.coverage, {"time": (Piece(start=0, stop=1),)})
    assert file_name(whole) == file_name(whole.model_copy())
    assert file_name(whole) != file_name(part)
    strange = whole.model_copy(update={"dataset": "../a b/ü"})
    assert file_name(strange).startswith(".._a_b___")
    assert file_name(strange).endswith(".nc")
