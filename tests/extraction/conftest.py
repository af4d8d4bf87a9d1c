"""One S3 server for all tests of extraction."""

from collections.abc import Iterator

import pytest

from tests.extraction.seaweed import S3Server, seaweed


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("seaweed")
    with seaweed(folder) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server
