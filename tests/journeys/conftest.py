from collections.abc import Iterator

import pytest

from tests.journeys.local import Local, running_place


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    yield from running_place(tmp_path_factory.mktemp("local"))
