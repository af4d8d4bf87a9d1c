import os
from collections.abc import Iterator

import pytest

from tests.journeys.local import Local, running_place

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    yield from running_place(tmp_path_factory.mktemp("local"))
