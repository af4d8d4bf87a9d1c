"""What moto does not check: signatures, headers of a presigned answer, conditional writes."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from atoll.aws.clients import Clients
from atoll.aws.descriptions import Descriptions
from atoll.aws.incoming import S3Incoming
from atoll.aws.products import S3Products
from atoll.aws.results import S3Results
from atoll.errors import DataError, UnknownDataset
from atoll.model.delivery import DeliveryNote
from atoll.model.job import Report, report_key
from tests.contract.builders import delivery, outcome
from tests.contract.deliveries import note, operation
from tests.contract.test_deliveries_products import BARE, WINDS
from tests.contract.test_results import under_way
from tests.extraction.seaweed import S3Server, seaweed
from tests.planning.builders import levitus_coverage

pytestmark = pytest.mark.slow

CONTENT = b"\x89HDF\r\n\x1a\n" * 1000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    with seaweed(tmp_path_factory.mktemp("seaweed")) as server:
        yield server


@pytest.fixture
def real(server: S3Server, monkeypatch: pytest.MonkeyPatch) -> Clients:
    """The project's own clients; credentials from where AWS puts a function's."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    return Clients(server.region, "http://127.0.0.1:1", server.endpoint_url)


def presigned(real: Clients, server: S3Server, lifetime_s: int = 60) -> str:
    wanted = delivery("job-1", file_name="levitus box.nc")
    real.s3.put_object(Bucket=server.bucket, Key=wanted.key, Body=CONTENT)
    return S3Results(real.s3, server.bucket).url(wanted, lifetime_s)


def test_anyone_may_fetch_a_presigned_result_under_its_name(
    real: Clients, server: S3Server
) -> None:
    with urlopen(presigned(real, server), timeout=10) as answer:  # noqa: S310 -- our own server
        assert answer.read() == CONTENT
        assert answer.headers["Content-Type"] == "application/x-netcdf"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="levitus_box.nc"'


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        ("results/job-1/", "results/job-2/"),
        ("X-Amz-Expires=60", "X-Amz-Expires=6000"),
        ("application%2Fx-netcdf", "text%2Fhtml"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
    ],
)
def test_an_address_that_was_changed_opens_nothing(
    real: Clients, server: S3Server, genuine: str, forged: str
) -> None:
    url = presigned(real, server)
    assert genuine in url

    with pytest.raises(HTTPError) as refused:
        urlopen(url.replace(genuine, forged), timeout=10)  # noqa: S310 -- our own server
    refused.value.close()
    assert refused.value.code == 403


def test_sizes_and_reports_are_read(real: Clients, server: S3Server) -> None:
    results = S3Results(real.s3, server.bucket)
    presigned(real, server)
    report = Report(outcomes=(outcome("job-1"),)).model_dump_json().encode()
    real.s3.put_object(Bucket=server.bucket, Key=report_key("job-1"), Body=report)

    assert results.size("results/job-1/subset.nc") == len(CONTENT)
    assert results.size("results/none/subset.nc") is None
    assert results.report("job-1") == (outcome("job-1"),)
    assert results.report("none") is None


def test_uploads_are_found_and_a_result_is_removed(real: Clients, server: S3Server) -> None:
    keys = [f"results/{job_id}/subset.nc" for job_id in ("job-3", "job-3", "job-31")]
    for key in keys:
        real.s3.create_multipart_upload(Bucket=server.bucket, Key=key)
    assert sorted(under_way(real.s3, server.bucket)) == keys

    results, later = S3Results(real.s3, server.bucket), datetime.now(UTC) + timedelta(minutes=1)
    assert results.uploading(later) == ["job-3", "job-31"]
    assert results.uploading(later - timedelta(hours=1)) == []
    real.s3.put_object(Bucket=server.bucket, Key="results/job-3/made.nc", Body=CONTENT)
    results.remove("job-3")
    assert results.size("results/job-3/made.nc") is None
    assert under_way(real.s3, server.bucket) == ["results/job-31/subset.nc"]


def test_a_description_is_written_once(real: Clients, server: S3Server) -> None:
    levitus = levitus_coverage()
    Descriptions(real.s3, server.bucket).write(levitus)
    later = levitus.model_copy(update={"updated_at": "2099-01-01T00:00:00Z"})
    Descriptions(real.s3, server.bucket).write(later)

    with pytest.raises(DataError):
        Descriptions(real.s3, server.bucket).write(levitus.model_copy(update={"title": "x"}))
    assert Descriptions(real.s3, server.bucket).read(levitus.dataset, levitus.revision) == levitus
    with pytest.raises(UnknownDataset):
        Descriptions(real.s3, server.bucket).read(levitus.dataset, "none")


class Offered(NamedTuple):
    """What a producer is given."""

    file_url: str
    note_url: str
    incoming: S3Incoming
    note: DeliveryNote


CHECKSUM = {"x-amz-checksum-sha256": b64encode(sha256(CONTENT).digest()).decode()}
ONCE = {"If-None-Match": "*"}


@pytest.fixture
def offered(real: Clients, request: pytest.FixtureRequest, server: S3Server) -> Offered:
    """A delivery of each test's own, and the addresses that its producer was given."""
    file = operation(size_bytes=len(CONTENT), sha256=sha256(CONTENT).hexdigest())
    own = note(f"delivery-{sha256(request.node.name.encode()).hexdigest()[:16]}")
    incoming = S3Incoming(real.s3, server.bucket)
    return Offered(incoming.upload_url(own, file, 60), incoming.note_url(own, 60), incoming, own)


def put(url: str, body: bytes, headers: dict[str, str]) -> int:
    """What S3 answers."""
    request = Request(url, body, headers, method="PUT")  # noqa: S310 -- our own server
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 -- our own server
            return int(answer.status)
    except HTTPError as refused:
        refused.close()
        return refused.code


def test_a_file_is_uploaded_once_as_it_was_said_to_be(offered: Offered, tmp_path: Path) -> None:
    assert put(offered.file_url, CONTENT, CHECKSUM | ONCE) == 200
    assert put(offered.file_url, CONTENT, CHECKSUM | ONCE) == 412
    key = f"{offered.note.folder}data/001.nc"
    assert offered.incoming.fetch(key, tmp_path / "1.nc", len(CONTENT)) == len(CONTENT)
    assert (tmp_path / "1.nc").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (CONTENT[:-1] + b"x", CHECKSUM | ONCE),  # of another digest
        (CONTENT[:-1], CHECKSUM | ONCE),  # of another length
        (CONTENT + b"x", CHECKSUM | ONCE),
        (CONTENT, CHECKSUM),  # in place of what is there
        (CONTENT, ONCE),  # without a digest
        (CONTENT, ONCE | {"x-amz-checksum-sha256": b64encode(bytes(32)).decode()}),
    ],
)
def test_no_other_file_is_taken(
    offered: Offered, body: bytes, headers: dict[str, str], tmp_path: Path
) -> None:
    assert put(offered.file_url, body, headers) in {400, 403}
    with pytest.raises(DataError):
        offered.incoming.fetch(f"{offered.note.folder}data/001.nc", tmp_path / "1.nc", 2**20)


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        ("data/001.nc", "data/002.nc"),
        ("incoming/met/", "incoming/other/"),
        ("Expires=60", "Expires=90"),
    ],
)
def test_no_other_place_is_opened(offered: Offered, genuine: str, forged: str) -> None:
    assert genuine in offered.file_url
    assert put(offered.file_url.replace(genuine, forged), CONTENT, CHECKSUM | ONCE) == 403


def test_a_note_is_left_once(offered: Offered) -> None:
    assert put(offered.note_url, b"first", {}) == 403
    assert put(offered.note_url, b"first", ONCE) == 200
    assert put(offered.note_url, b"other", ONCE) == 412
    assert offered.incoming.read_note(f"{offered.note.folder}delivery.json", 100) == b"first"


def test_settings_that_another_has_changed_are_not_replaced(
    real: Clients, server: S3Server
) -> None:
    products = S3Products(real.s3, server.bucket)
    assert products.put("winds", WINDS, None)
    assert not products.put("winds", BARE, None)
    assert not products.put("winds", WINDS, BARE)
    assert products.put("winds", BARE, WINDS)
    assert products.product("winds") == BARE
