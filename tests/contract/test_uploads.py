"""The Uploads port: one suite for the fake, for moto and for a real S3 server."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from obstore.store import MemoryStore
from types_boto3_s3 import S3Client

from atoll.aws.clients import Clients
from atoll.aws.uploads import S3Uploads
from atoll.errors import Unavailable, UploadGone
from atoll.model.parts import LEAST_UPLOAD_BYTES, TAIL_NUMBER, Upload
from atoll.ports import Uploads
from tests.contract.cloud import RESULTS_BUCKET, Cloud, Faults
from tests.extraction.seaweed import S3Server, seaweed
from tests.fakes import FakeUploads

KEY = "results/job-1/subset.nc"
MEDIA_TYPE = "application/x-netcdf"
LARGE = bytes(range(256)) * (LEAST_UPLOAD_BYTES // 256)


@dataclass(frozen=True)
class Rig:
    """The port, and a look at what is in the bucket."""

    uploads: Uploads
    read: Callable[[str], bytes | None]
    under_way: Callable[[], list[str]]

    def begin(self) -> Upload:
        return Upload(key=KEY, upload_id=self.uploads.begin(KEY, MEDIA_TYPE), part_bytes=1)

    def complete(self, upload: Upload, parts: Mapping[int, bytes]) -> None:
        etags = {number: self.uploads.put(upload, number, parts[number]) for number in parts}
        self.uploads.complete(upload, etags)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as server:
        yield server


NOT_MOTO = ["fake", pytest.param("seaweed", marks=pytest.mark.slow)]


@pytest.fixture(params=["moto", *NOT_MOTO])
def rig(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    if request.param == "fake":
        yield fake_rig()
    elif request.param == "moto":
        yield s3_rig(request.getfixturevalue("aws").s3, RESULTS_BUCKET)
    else:
        server: S3Server = request.getfixturevalue("server")
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        client = Clients(server.region, "http://127.0.0.1:1", server.endpoint_url).s3
        made = s3_rig(client, server.bucket)
        yield made
        client.delete_object(Bucket=server.bucket, Key=KEY)
        for upload_id in made.under_way():
            client.abort_multipart_upload(Bucket=server.bucket, Key=KEY, UploadId=upload_id)


def fake_rig() -> Rig:
    store = MemoryStore()
    fake = FakeUploads(store)

    def read(key: str) -> bytes | None:
        try:
            return bytes(store.get(key).bytes())
        except FileNotFoundError:
            return None

    return Rig(fake, read, lambda: list(fake.parts))


def s3_rig(s3: S3Client, bucket: str) -> Rig:
    def read(key: str) -> bytes | None:
        try:
            return s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        except s3.exceptions.NoSuchKey:
            return None

    def under_way() -> list[str]:
        found = s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])
        return [one["UploadId"] for one in found]

    return Rig(S3Uploads(s3, bucket), read, under_way)


def test_an_object_is_its_parts_in_the_order_of_their_numbers(rig: Rig) -> None:
    upload = rig.begin()
    assert rig.under_way() == [upload.upload_id]
    parts = {1002: LARGE, TAIL_NUMBER: b"tail", 1: bytes(LEAST_UPLOAD_BYTES)}
    etags = {number: rig.uploads.put(upload, number, parts[number]) for number in parts}
    assert rig.read(KEY) is None

    rig.uploads.complete(upload, etags)

    assert rig.read(KEY) == bytes(LEAST_UPLOAD_BYTES) + LARGE + b"tail"
    assert rig.under_way() == []


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_any_buffer_is_a_part(rig: Rig, kind: Callable[[bytes], bytes]) -> None:
    upload = rig.begin()
    rig.complete(upload, {1: kind(b"abc")})
    assert rig.read(KEY) == b"abc"


def test_the_same_number_again_replaces_the_part(rig: Rig) -> None:
    upload = rig.begin()
    before = rig.uploads.put(upload, 7, b"before")
    after = rig.uploads.put(upload, 7, b"after")
    same = rig.uploads.put(upload, 7, b"after")
    assert before != after == same

    rig.uploads.complete(upload, {7: same})

    assert rig.read(KEY) == b"after"


def test_parts_that_are_not_named_are_left_out(rig: Rig) -> None:
    upload = rig.begin()
    rig.uploads.put(upload, 1, LARGE)
    etag = rig.uploads.put(upload, 2, b"kept")
    rig.uploads.complete(upload, {2: etag})
    assert rig.read(KEY) == b"kept"


def test_an_upload_that_was_aborted_leaves_nothing(rig: Rig) -> None:
    upload = rig.begin()
    rig.uploads.put(upload, 1, b"abc")

    rig.uploads.abort(upload)
    rig.uploads.abort(upload)

    assert rig.under_way() == []
    assert rig.read(KEY) is None


def test_an_upload_that_was_completed_stays_so(rig: Rig) -> None:
    upload = rig.begin()
    rig.complete(upload, {1: b"abc"})
    rig.uploads.abort(upload)
    assert rig.read(KEY) == b"abc"


@pytest.mark.parametrize("rig", NOT_MOTO, indirect=True)  # it fails where S3 refuses
def test_an_upload_that_was_aborted_takes_nothing(rig: Rig) -> None:
    upload = rig.begin()
    etag = rig.uploads.put(upload, 1, b"abc")
    rig.uploads.abort(upload)
    with pytest.raises(UploadGone):
        rig.uploads.put(upload, 2, b"abc")
    with pytest.raises(UploadGone):
        rig.uploads.complete(upload, {1: etag})


@pytest.mark.parametrize("rig", NOT_MOTO, indirect=True)
def test_an_upload_that_was_completed_takes_no_more_parts(rig: Rig) -> None:
    upload = rig.begin()
    etag = rig.uploads.put(upload, 1, b"abc")
    rig.uploads.complete(upload, {1: etag})
    with pytest.raises(UploadGone):
        rig.uploads.put(upload, 2, b"abc")
    with suppress(UploadGone):  # S3 may answer a second time as it did the first
        rig.uploads.complete(upload, {1: etag})
    assert rig.read(KEY) == b"abc"


def test_two_uploads_of_a_key_know_nothing_of_each_other(rig: Rig) -> None:
    first, second = rig.begin(), rig.begin()
    assert first.upload_id != second.upload_id
    rig.uploads.put(first, 1, b"first")
    rig.uploads.abort(first)
    rig.complete(second, {1: b"second"})
    assert rig.read(KEY) == b"second"


def test_the_fake_knows_what_s3_refuses() -> None:
    rig = fake_rig()
    upload = rig.begin()
    with pytest.raises(RuntimeError, match="part 1 has 3 bytes"):
        rig.complete(upload, {1: b"abc", 2: b"def"})
    with pytest.raises(RuntimeError, match="part 3 was not uploaded"):
        rig.uploads.complete(upload, {3: "etag"})


UPLOAD = Upload(key=KEY, upload_id="some", part_bytes=1)
CALLS: dict[str, Callable[[Uploads], object]] = {
    "CreateMultipartUpload": lambda uploads: uploads.begin(KEY, MEDIA_TYPE),
    "UploadPart": lambda uploads: uploads.put(UPLOAD, 1, b"abc"),
    "CompleteMultipartUpload": lambda uploads: uploads.complete(UPLOAD, {1: "etag"}),
    "AbortMultipartUpload": lambda uploads: uploads.abort(UPLOAD),
}


@pytest.mark.parametrize("operation", CALLS)
def test_a_store_that_does_not_answer_is_unavailable(
    aws: Cloud, faults: Faults, operation: str
) -> None:
    uploads = S3Uploads(aws.s3, RESULTS_BUCKET)
    for error, status in (("SlowDown", 503), ("AccessDenied", 403)):
        faults.refuse("s3", operation, error, status)
        with pytest.raises(Unavailable, match="results store"):
            CALLS[operation](uploads)
    faults.break_off("s3", operation, ReadTimeoutError(endpoint_url="http://127.0.0.1:1"))
    with pytest.raises(Unavailable, match="results store"):
        CALLS[operation](uploads)


@pytest.mark.parametrize("operation", CALLS)
def test_what_nobody_foresaw_stays_itself(aws: Cloud, faults: Faults, operation: str) -> None:
    faults.refuse("s3", operation, "InvalidPart")
    with pytest.raises(ClientError, match="InvalidPart"):
        CALLS[operation](S3Uploads(aws.s3, RESULTS_BUCKET))


def test_the_object_has_its_media_type(aws: Cloud) -> None:
    rig = s3_rig(aws.s3, RESULTS_BUCKET)
    rig.complete(rig.begin(), {1: b"abc"})
    head = aws.s3.head_object(Bucket=RESULTS_BUCKET, Key=KEY)
    assert head["ContentType"] == MEDIA_TYPE
