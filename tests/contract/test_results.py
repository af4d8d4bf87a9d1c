"""The Results port: one suite for the fake and for S3."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from types_boto3_s3 import S3Client

from atoll.aws.results import S3Results
from atoll.errors import DataError, ResultNotReady, TooLarge, Unavailable
from atoll.model.job import Outcome, Reason, Report, report_key
from atoll.model.parts import Progress, Upload, part_key, payload_key, upload_key
from atoll.ports import Results
from tests.contract.builders import REASON, delivery, outcome
from tests.contract.cloud import RESULTS_BUCKET, Cloud, Faults
from tests.fakes import FakeResults


@dataclass(frozen=True)
class Rig:
    """A results store, a worker's three ways to write to it, and what is under way."""

    results: Results
    put: Callable[[str, bytes], None]
    leave: Callable[[str, tuple[Outcome, ...] | Reason], None]
    begin: Callable[[str], object]
    under_way: Callable[[], list[str]]


@pytest.fixture(params=["fake", "s3"])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "fake":
        fake = FakeResults()
        return Rig(
            fake,
            fake.objects.__setitem__,
            fake.reports.__setitem__,
            fake.uploads.append,
            lambda: list(fake.uploads),
        )
    aws: Cloud = request.getfixturevalue("aws")

    def put(key: str, content: bytes) -> None:
        aws.s3.put_object(Bucket=RESULTS_BUCKET, Key=key, Body=content)

    def leave(job_id: str, left: tuple[Outcome, ...] | Reason) -> None:
        report = Report(reason=left) if isinstance(left, Reason) else Report(outcomes=left)
        put(report_key(job_id), report.model_dump_json(exclude_none=True).encode())

    return Rig(
        S3Results(aws.s3, RESULTS_BUCKET),
        put,
        leave,
        lambda key: aws.s3.create_multipart_upload(Bucket=RESULTS_BUCKET, Key=key),
        lambda: under_way(aws.s3, RESULTS_BUCKET),
    )


def under_way(s3: S3Client, bucket: str) -> list[str]:
    """Keys of the bucket's uploads."""
    return [one["Key"] for one in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]


def test_the_size_is_that_of_the_object(rig: Rig) -> None:
    rig.put("results/job-1/subset.nc", b"CDF" * 1000)
    rig.put("results/job-2/subset.nc", b"")

    assert rig.results.size("results/job-1/subset.nc") == 3000
    assert rig.results.size("results/job-2/subset.nc") == 0
    assert rig.results.size("results/job-3/subset.nc") is None


def test_an_object_is_read_whole_or_not_at_all(rig: Rig) -> None:
    rig.put("results/job-1/subset.nc", b"CDF" * 10)

    assert rig.results.read("results/job-1/subset.nc", 30) == b"CDF" * 10
    with pytest.raises(TooLarge):
        rig.results.read("results/job-1/subset.nc", 29)
    with pytest.raises(ResultNotReady):
        rig.results.read("results/job-2/subset.nc", 30)


@pytest.mark.parametrize(
    "left",
    [(outcome(),), (outcome(), outcome(output_bytes=1)), REASON],
    ids=["outcome", "outcomes", "reason"],
)
def test_a_report_comes_back_as_it_was_left(rig: Rig, left: tuple[Outcome, ...] | Reason) -> None:
    rig.leave("job-1", left)

    assert rig.results.report("job-1") == left
    assert rig.results.report("job-2") is None


def test_every_upload_of_a_job_is_discarded_and_no_others(rig: Rig) -> None:
    rig.put("results/job-1/subset.nc", b"CDF")
    for key in ("results/job-1/subset.nc", "results/job-1/subset.nc", "results/job-12/subset.nc"):
        rig.begin(key)

    rig.results.discard("job-1")
    rig.results.discard("job-1")

    assert rig.under_way() == ["results/job-12/subset.nc"]
    assert rig.results.size("results/job-1/subset.nc") == 3


def test_nothing_is_left_of_a_result_that_is_removed_and_all_of_others(rig: Rig) -> None:
    rig.put(report_key("job-1"), b"{}")
    kept = ["results/job-12/subset.nc", "results/job-2/subset.nc"]
    removed = [f"results/job-1/subset-{number}.nc" for number in range(3)]
    for key in (*kept, *removed):
        rig.put(key, b"CDF")
        rig.begin(key)

    rig.results.remove("job-1")
    rig.results.remove("job-1")
    rig.results.remove("unknown")

    assert [rig.results.size(key) for key in removed] == [None] * 3
    assert [rig.results.size(key) for key in (*kept, report_key("job-1"))] == [3, 3, 2]
    assert sorted(rig.under_way()) == kept


def test_who_is_uploading_is_told_once_and_by_age(rig: Rig) -> None:
    for key in ("results/job-1/a.nc", "results/job-1/b.nc", "results/job-2/a.nc"):
        rig.begin(key)
    rig.results.discard("job-2")

    assert rig.results.uploading(datetime.now(UTC) + timedelta(minutes=1)) == ["job-1"]
    assert rig.results.uploading(datetime.min.replace(tzinfo=UTC)) == []


def test_uploads_that_cannot_be_listed(aws: Cloud, faults: Faults) -> None:
    faults.refuse("s3", "ListMultipartUploads", "SlowDown", status=503)

    with pytest.raises(Unavailable):
        S3Results(aws.s3, RESULTS_BUCKET).uploading(datetime.now(UTC))


@pytest.mark.parametrize("said", ["NoSuchUpload", "AccessDenied"])
def test_an_upload_that_cannot_be_aborted(aws: Cloud, faults: Faults, said: str) -> None:
    """It was completed meanwhile: all is well; S3 refuses: to be tried again."""
    aws.s3.create_multipart_upload(Bucket=RESULTS_BUCKET, Key="results/job-1/subset.nc")
    faults.refuse("s3", "AbortMultipartUpload", said, status=403)

    with nullcontext() if said == "NoSuchUpload" else pytest.raises(Unavailable):
        S3Results(aws.s3, RESULTS_BUCKET).discard("job-1")


def test_an_address_names_the_object_and_its_lifetime(rig: Rig) -> None:
    url = rig.results.url(delivery("job-1"), lifetime_s=900)

    assert urlsplit(url).scheme == "https"
    assert urlsplit(url).path.endswith("/results/job-1/subset.nc")
    assert "900" in urlsplit(url).query


def presigned(aws: Cloud, file_name: str = "subset.nc") -> str:
    results = S3Results(aws.s3, RESULTS_BUCKET)
    return results.url(delivery("job-1", file_name=file_name), lifetime_s=900)


def test_an_address_is_signed_for_its_region_and_asks_no_header(aws: Cloud) -> None:
    address = urlsplit(presigned(aws))
    query = parse_qs(address.query)

    assert address.netloc == "atoll-results.s3.eu-central-1.amazonaws.com"
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["900"]
    assert query["X-Amz-SignedHeaders"] == ["host"]
    assert query["response-content-type"] == ["application/x-netcdf"]
    assert query["response-content-disposition"] == ['attachment; filename="subset.nc"']


def test_a_manifest_has_an_address_of_its_own(aws: Cloud) -> None:
    store = delivery("job-1", file_name="a.zarr.zip")
    manifest = store.model_copy(update={"manifest_key": "results/job-1/a.zarr.json"}).manifest
    assert manifest is not None
    address = urlsplit(S3Results(aws.s3, RESULTS_BUCKET).url(manifest, lifetime_s=900))
    query = parse_qs(address.query)

    assert address.path == "/results/job-1/a.zarr.json"
    assert query["response-content-type"] == ["application/json"]
    assert query["response-content-disposition"] == ['attachment; filename="a.zarr.json"']


def test_a_file_name_cannot_leave_its_header(aws: Cloud) -> None:
    query = parse_qs(urlsplit(presigned(aws, 'a"; x=\r\né.nc')).query)

    assert query["response-content-disposition"] == ['attachment; filename="a___x____.nc"']


@pytest.mark.parametrize("document", [b"", b"{", b"{}", b'{"outcome": {"key": "a"}}', b"\xff"])
def test_a_report_that_is_none_is_an_error_of_the_data(aws: Cloud, document: bytes) -> None:
    aws.s3.put_object(Bucket=RESULTS_BUCKET, Key=report_key("job-1"), Body=document)

    with pytest.raises(DataError, match="report"):
        S3Results(aws.s3, RESULTS_BUCKET).report("job-1")


def note(aws: Cloud, file: int, *numbers: int, parts: int = 8) -> None:
    """What workers leave of a file that is begun."""
    upload = Upload(key="k", upload_id="u", part_bytes=1, file=file, parts=parts)
    notes = {upload_key("job-1", file): upload.model_dump_json().encode()}
    notes |= {part_key("job-1", file, number): b"{}" for number in numbers}
    notes[payload_key("job-1", file, 1)] = b"bytes"
    for key, content in notes.items():
        aws.s3.put_object(Bucket=RESULTS_BUCKET, Key=key, Body=content)


def test_the_parts_that_are_made_are_counted(aws: Cloud) -> None:
    results = S3Results(aws.s3, RESULTS_BUCKET)
    assert results.progress("job-1") is None
    note(aws, 1, parts=8)
    assert results.progress("job-1") == Progress(made=0, planned=8, files_begun=1)
    note(aws, 1, *range(1, 9))
    note(aws, 2, 1, 5, parts=1200)
    assert results.progress("job-1") == Progress(made=10, planned=1208, files_begun=2)
    note(aws, 2, *range(1, 1101), parts=1200)
    assert results.progress("job-1") == Progress(made=1108, planned=1208, files_begun=2)
    assert results.progress("job-10") is None


def test_a_damaged_note_of_an_upload_is_told(aws: Cloud) -> None:
    aws.s3.put_object(Bucket=RESULTS_BUCKET, Key=upload_key("job-1", 1), Body=b"{")
    with pytest.raises(DataError, match="upload"):
        S3Results(aws.s3, RESULTS_BUCKET).progress("job-1")
