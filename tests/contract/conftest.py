"""An account of its own for each test that asks for one."""

from collections.abc import Iterator

import pytest

from tests.contract.cloud import Cloud, cloud


@pytest.fixture
def aws() -> Iterator[Cloud]:
    with cloud() as one:
        yield one
