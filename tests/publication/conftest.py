import pytest

from tests.publication.builders import Bench


@pytest.fixture
def bench(tmp_path):
    folder = tmp_path / "bucket"
    folder.mkdir()
    return Bench(folder)
