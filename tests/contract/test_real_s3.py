"""What moto does not check: signatures, headers of a presigned answer, conditional writes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from atoll.aws.clients import Clients
from atoll.aws.descriptions import Descriptions
from atoll.aws.results import S3Results
from atoll.errors import DataError, UnknownDataset
from atoll.model.job import Report, report_key
from tests.contract.builders import delivery, outcome
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


def test_uploads_are_found_and_discarded(real: Clients, server: S3Server) -> None:
    keys = [f"results/{job_id}/subset.nc" for job_id in ("job-3", "job-3", "job-31")]
    for key in keys:
        real.s3.create_multipart_upload(Bucket=server.bucket, Key=key)
    assert sorted(under_way(real.s3, server.bucket)) == keys

    results, later = S3Results(real.s3, server.bucket), datetime.now(UTC) + timedelta(minutes=1)
    assert results.uploading(later) == ["job-3", "job-31"]
    assert results.uploading(later - timedelta(hours=1)) == []
    results.discard("job-3")
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
