"""AWS in this process: moto behind the project's own clients, empty for each test."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws

from atoll.aws.clients import Clients
from atoll.aws.rows import timestamp
from tests.contract.tables import create_tables

REGION: Literal["eu-central-1"] = "eu-central-1"
DATA_BUCKET = "atoll-data"
RESULTS_BUCKET = "atoll-results"
MACHINE = {
    "StartAt": "Extract",
    "States": {"Extract": {"Type": "Wait", "Seconds": 600, "End": True}},
}


@dataclass(frozen=True)
class Cloud:
    """An account with the unit's tables, buckets and state machine."""

    clients: Clients
    state_machine_arn: str

    def begin(self, job_id: str, now: datetime) -> None:
        """What the workflow's first state does in the table."""
        self.clients.dynamodb.update_item(
            TableName="Jobs",
            Key={"job_id": {"S": job_id}},
            UpdateExpression="SET #s = :running, started_at = if_not_exists(started_at, :now)",
            ConditionExpression="#s IN (:accepted, :running)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={
                ":accepted": {"S": "accepted"},
                ":running": {"S": "running"},
                ":now": {"S": timestamp(now)},
            },
        )


@contextmanager
def cloud(clients: Clients) -> Iterator[Cloud]:
    """An empty account, while the block lasts."""
    with mock_aws():
        create_tables(clients.dynamodb)
        for bucket in (DATA_BUCKET, RESULTS_BUCKET):
            clients.s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        machine = clients.stepfunctions.create_state_machine(
            name="extraction",
            definition=json.dumps(MACHINE),
            roleArn="arn:aws:iam::123456789012:role/extraction",
        )
        yield Cloud(clients, machine["stateMachineArn"])


def new_clients() -> Clients:
    """Clients that know moto's credentials; making them takes longer than most tests."""
    clients = Clients(REGION)
    with mock_aws():
        assert all([clients.dynamodb, clients.s3, clients.stepfunctions])
    return clients


def refuse(client: Any, operation: str, error: str, status: int = 400, **more: object) -> None:
    """Let every call of an operation answer with an error of AWS."""
    response = {
        "Error": {"Code": error, "Message": "as the test demands"},
        "ResponseMetadata": {"HTTPStatusCode": status},
        **more,
    }
    answer = (AWSResponse("", status, HTTPHeaders(), None), response)
    _before_call(client, operation, lambda **_: answer)


def break_off(client: Any, operation: str, fault: Exception) -> None:
    """Let every call of an operation end without an answer."""

    def fail(**_: object) -> None:
        raise fault

    _before_call(client, operation, fail)


def _before_call(client: Any, operation: str, handler: Callable[..., object]) -> None:
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register_first(f"before-call.{service}.{operation}", handler)
