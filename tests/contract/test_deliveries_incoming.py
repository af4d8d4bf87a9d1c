"""The Incoming port: one suite for the fake and for S3; of signatures see test_real_s3."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
from botocore.response import StreamingBody

from atoll.aws.incoming import S3Incoming
from atoll.errors import DataError, InvalidParameter, Unavailable
from atoll.ports.deliveries import Incoming
from tests.contract.cloud import INCOMING_BUCKET, Cloud, Faults
from tests.contract.deliveries import note, operation
from tests.fakes import FakeIncoming

NOTE_KEY = "incoming/met/delivery-1/delivery.json"
FILE_KEY = "incoming/met/delivery-1/data/001.nc"


type Put = Callable[[str, bytes], object]


@dataclass
class Bucket:
    """The port, and how a producer puts something where it looks."""

    incoming: Incoming
    put: Put


@pytest.fixture(params=["fake", "aws"])
def bucket(request: pytest.FixtureRequest) -> Bucket:
    if request.param == "fake":
        fake = FakeIncoming()
        return Bucket(fake, fake.objects.__setitem__)
    return aws_bucket(request.getfixturevalue("aws"))


def aws_bucket(aws: Cloud) -> Bucket:
    def put(key: str, body: bytes) -> object:
        return aws.s3.put_object(Bucket=INCOMING_BUCKET, Key=key, Body=body)

    return Bucket(S3Incoming(aws.s3, INCOMING_BUCKET), put)


@pytest.fixture
def incoming(bucket: Bucket) -> Incoming:
    return bucket.incoming


@pytest.fixture
def put(bucket: Bucket) -> Put:
    return bucket.put


def test_a_note_is_read_as_it_was_uploaded(incoming: Incoming, put: Put) -> None:
    put(NOTE_KEY, b'{"schema": "dn/1"}')
    assert incoming.read_note(NOTE_KEY, 18) == b'{"schema": "dn/1"}'


def test_a_note_that_is_too_long_is_not_read(incoming: Incoming, put: Put) -> None:
    put(NOTE_KEY, b"x" * 19)
    with pytest.raises(InvalidParameter, match="18 bytes"):
        incoming.read_note(NOTE_KEY, 18)


def test_a_note_that_there_is_not(incoming: Incoming) -> None:
    with pytest.raises(InvalidParameter, match="is not accepted"):
        incoming.read_note(NOTE_KEY, 18)


@pytest.mark.parametrize("size_bytes", [0, 1, 9 * 2**20])
def test_a_file_is_copied_whole(
    incoming: Incoming, put: Put, tmp_path: Path, size_bytes: int
) -> None:
    content = bytes(range(256)) * (size_bytes // 256) + b"x" * (size_bytes % 256)
    put(FILE_KEY, content)
    assert incoming.fetch(FILE_KEY, tmp_path / "1.nc", size_bytes) == size_bytes
    assert (tmp_path / "1.nc").read_bytes() == content


def test_a_copy_replaces_what_a_killed_one_left(
    incoming: Incoming, put: Put, tmp_path: Path
) -> None:
    (tmp_path / "1.nc").write_bytes(b"half of it, and longer than the whole")
    put(FILE_KEY, b"whole")
    incoming.fetch(FILE_KEY, tmp_path / "1.nc", 100)
    assert (tmp_path / "1.nc").read_bytes() == b"whole"


def test_a_file_that_is_too_long_is_not_copied(
    incoming: Incoming, put: Put, tmp_path: Path
) -> None:
    put(FILE_KEY, b"x" * 101)
    with pytest.raises(DataError, match="100"):
        incoming.fetch(FILE_KEY, tmp_path / "1.nc", 100)
    assert not (tmp_path / "1.nc").exists()


def test_a_file_that_was_not_uploaded(incoming: Incoming, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"001\.nc"):
        incoming.fetch(FILE_KEY, tmp_path / "1.nc", 100)


def test_the_newest_answer_lies_beside_the_note(incoming: Incoming) -> None:
    key = "incoming/met/delivery-1/response.json"
    for response in (b'{"status": "checking"}', b'{"status": "rejected"}'):
        incoming.respond(note().folder, response)
        assert incoming.read_note(key, 100) == response


def test_an_address_is_of_one_object_and_dies(aws: Cloud) -> None:
    incoming = aws_bucket(aws).incoming
    for url, key in (
        (incoming.upload_url(note(), operation(), 60), FILE_KEY),
        (incoming.note_url(note(), 60), NOTE_KEY),
    ):
        assert urlsplit(url).path.endswith(key)
        assert parse_qs(urlsplit(url).query)["X-Amz-Expires"] == ["60"]


def signed(url: str) -> set[str]:
    return set(parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"][0].split(";"))


def test_what_is_known_of_a_file_is_signed(aws: Cloud) -> None:
    incoming = aws_bucket(aws).incoming
    always = {"host", "if-none-match"}
    known = {"content-length", "x-amz-checksum-sha256"}
    historic = operation(size_bytes=None, sha256=None, md5="0" * 32)
    assert signed(incoming.upload_url(note(), operation(), 60)) == always | known
    assert signed(incoming.upload_url(note(), historic, 60)) == always | {"content-md5"}
    assert signed(incoming.note_url(note(), 60)) == always


def test_what_breaks_off_in_the_middle_is_unavailable(
    aws: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = aws_bucket(aws)
    bucket.put(FILE_KEY, b"x" * 100)

    def broken(_body: StreamingBody, _size: int) -> None:
        raise ReadTimeoutError(endpoint_url="incoming")

    monkeypatch.setattr(StreamingBody, "iter_chunks", broken)
    with pytest.raises(Unavailable, match="deliveries"):
        bucket.incoming.fetch(FILE_KEY, tmp_path / "1.nc", 100)


ASKED: dict[str, tuple[str, Callable[[Incoming], object]]] = {
    "read_note": ("GetObject", lambda incoming: incoming.read_note(NOTE_KEY, 100)),
    "fetch": ("GetObject", lambda incoming: incoming.fetch(FILE_KEY, Path("unused"), 100)),
    "respond": ("PutObject", lambda incoming: incoming.respond(note().folder, b"{}")),
}


@pytest.mark.parametrize("asked", ASKED)
def test_where_the_store_does_not_answer_it_is_unavailable(
    aws: Cloud, faults: Faults, asked: str
) -> None:
    incoming, (operation_name, ask) = aws_bucket(aws).incoming, ASKED[asked]
    faults.break_off("s3", operation_name, ConnectTimeoutError(endpoint_url="incoming"))
    with pytest.raises(Unavailable, match="deliveries"):
        ask(incoming)
