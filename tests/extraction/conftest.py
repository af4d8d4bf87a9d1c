"""One S3 server for all tests of extraction."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.extraction.seaweed import S3Server, seaweed
from tests.extraction.stores import Shelf


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    folder = tmp_path_factory.mktemp("seaweed")
    with seaweed(folder) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield server


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Where the datasets of one test lie."""
    return Shelf("zarr", tmp_path / "stores")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the results of one test go."""
    made = tmp_path / "results"
    made.mkdir()
    return made
