"""An account of its own for each test that asks for one."""

from collections.abc import Iterator

import pytest

from atoll.aws.clients import Clients
from tests.contract.cloud import Cloud, Faults, cloud, new_clients


@pytest.fixture(scope="session")
def clients() -> Clients:
    return new_clients()


@pytest.fixture
def aws(clients: Clients) -> Iterator[Cloud]:
    """An empty account behind clients that all tests share."""
    with cloud(clients) as account:
        yield account


@pytest.fixture
def faults(clients: Clients) -> Iterator[Faults]:
    """What lets calls go wrong."""
    faults = Faults(clients)
    yield faults
    faults.end()
