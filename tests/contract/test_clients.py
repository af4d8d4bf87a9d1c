"""Clients wait no longer than their callers can, and other servers get the bucket as path."""

from typing import get_args
from urllib.parse import urlsplit

import pytest

from atoll.aws.clients import Clients
from atoll.aws.results import S3Results
from tests.contract.builders import delivery
from tests.contract.cloud import REGION, RESULTS_BUCKET, Cloud, Service

API_GATEWAY_PATIENCE_S = 30


@pytest.mark.parametrize("service", get_args(Service.__value__))
def test_all_attempts_together_leave_time_for_an_answer(clients: Clients, service: str) -> None:
    config = getattr(clients, service).meta.config

    attempts = config.retries["total_max_attempts"]
    assert attempts == 2
    assert attempts * (config.connect_timeout + config.read_timeout) < API_GATEWAY_PATIENCE_S - 5


def test_another_server_is_asked_with_the_bucket_as_path(aws: Cloud) -> None:
    del aws  # its credentials sign the address; nothing is asked
    clients = Clients(REGION, endpoint_url="http://127.0.0.1:4566")

    url = S3Results(clients.s3, RESULTS_BUCKET).url(delivery("job-1"), 900)

    assert urlsplit(url).netloc == "127.0.0.1:4566"
    assert urlsplit(url).path == f"/{RESULTS_BUCKET}/results/job-1/subset.nc"


def test_s3_may_live_elsewhere_than_the_rest() -> None:
    clients = Clients(REGION, "http://127.0.0.1:4566", "http://127.0.0.1:8333")

    assert clients.s3.meta.endpoint_url == "http://127.0.0.1:8333"
    assert clients.dynamodb.meta.endpoint_url == "http://127.0.0.1:4566"
    assert clients.stepfunctions.meta.endpoint_url == "http://127.0.0.1:4566"


def test_without_an_endpoint_it_is_aws_itself(clients: Clients) -> None:
    assert clients.dynamodb.meta.endpoint_url == "https://dynamodb.eu-central-1.amazonaws.com"
    assert clients.s3.meta.endpoint_url == "https://s3.eu-central-1.amazonaws.com"


def test_a_client_is_made_when_it_is_first_used() -> None:
    clients = Clients(REGION, endpoint_url="no address")

    with pytest.raises(ValueError, match="no address"):
        clients.dynamodb.get_item(TableName="Jobs", Key={"job_id": {"S": "job-1"}})
