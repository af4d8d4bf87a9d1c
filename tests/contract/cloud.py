"""AWS in this process: moto behind the project's own clients, empty for each test."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Literal, get_args

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto import mock_aws
from types_boto3_cognito_idp import CognitoIdentityProviderClient
from types_boto3_dynamodb import DynamoDBClient
from types_boto3_events import EventBridgeClient
from types_boto3_s3 import S3Client
from types_boto3_secretsmanager import SecretsManagerClient
from types_boto3_sns import SNSClient
from types_boto3_sqs import SQSClient
from types_boto3_stepfunctions import SFNClient

from atoll.aws.clients import Clients
from tests.contract.tables import create_tables

type Service = Literal[
    "cognito", "dynamodb", "events", "s3", "secretsmanager", "sns", "sqs", "stepfunctions"
]

REGION: Literal["eu-central-1"] = "eu-central-1"
DATA_BUCKET = "atoll-data"
RESULTS_BUCKET = "atoll-results"
INCOMING_BUCKET = "atoll-incoming"
CATALOGUE_BUCKET = "atoll-catalogue"
SECRET = "0123456789" * 6
MACHINE = {
    "StartAt": "Extract",
    "States": {"Extract": {"Type": "Wait", "Seconds": 600, "End": True}},
}


class Cloud:
    """An account with the unit's tables, buckets and state machine, made when first used."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        create_tables(self._clients.dynamodb)
        return self._clients.dynamodb

    @property
    def cognito(self) -> CognitoIdentityProviderClient:
        return self._clients.cognito

    @cached_property
    def s3(self) -> S3Client:
        for bucket in (DATA_BUCKET, RESULTS_BUCKET, INCOMING_BUCKET, CATALOGUE_BUCKET):
            self._clients.s3.create_bucket(
                Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        return self._clients.s3

    @cached_property
    def state_machine_arn(self) -> str:
        machine = self.stepfunctions.create_state_machine(
            name="extraction",
            definition=json.dumps(MACHINE),
            roleArn="arn:aws:iam::123456789012:role/extraction",
        )
        return machine["stateMachineArn"]

    @cached_property
    def secret_arn(self) -> str:
        return self._clients.secretsmanager.create_secret(Name="master", SecretString=SECRET)["ARN"]

    @property
    def secretsmanager(self) -> SecretsManagerClient:
        return self._clients.secretsmanager

    @cached_property
    def topic_arn(self) -> str:
        return self._clients.sns.create_topic(Name="jobs")["TopicArn"]

    @property
    def sns(self) -> SNSClient:
        return self._clients.sns

    @property
    def events(self) -> EventBridgeClient:
        return self._clients.events

    @cached_property
    def delivery_queue_url(self) -> str:
        made = self.sqs.create_queue(
            QueueName="deliveries.fifo", Attributes={"FifoQueue": "true", "VisibilityTimeout": "0"}
        )
        return made["QueueUrl"]

    @property
    def sqs(self) -> SQSClient:
        return self._clients.sqs

    @property
    def stepfunctions(self) -> SFNClient:
        return self._clients.stepfunctions

    def begin(self, job_id: str, now: datetime) -> None:
        """What the workflow's first state does in the table."""
        self.dynamodb.update_item(
            TableName="Jobs",
            Key={"job_id": {"S": job_id}},
            UpdateExpression="SET #s = :running, started_at = if_not_exists(started_at, :now)",
            ConditionExpression="#s IN (:accepted, :running)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={
                ":accepted": {"S": "accepted"},
                ":running": {"S": "running"},
                # As Step Functions writes the time at which a state was entered.
                ":now": {"S": now.strftime("%Y-%m-%dT%H:%M:%S.000Z")},
            },
        )


@contextmanager
def cloud(clients: Clients) -> Iterator[Cloud]:
    """An empty account, while the block lasts."""
    with mock_aws():
        yield Cloud(clients)


def new_clients() -> Clients:
    """Clients that know moto's credentials; making them takes longer than most tests."""
    clients = Clients(REGION)
    with mock_aws():
        assert all(getattr(clients, service).meta for service in get_args(Service.__value__))
    return clients


class Faults:
    """Calls of AWS that go wrong until the test is over."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._undo: list[Callable[[], None]] = []

    def refuse(self, service: Service, operation: str, error: str, status: int = 400) -> None:
        """Let every call of an operation answer with an error of AWS."""
        response = {
            "Error": {"Code": error, "Message": "as the test demands"},
            "ResponseMetadata": {"HTTPStatusCode": status},
        }
        answer = (AWSResponse("", status, HTTPHeaders(), None), response)
        self._before_call(service, operation, lambda **_: answer)

    def break_off(self, service: Service, operation: str, fault: Exception) -> None:
        """Let every call of an operation end without an answer."""

        def fail(**_: object) -> None:
            raise fault

        self._before_call(service, operation, fail)

    def end(self) -> None:
        """All is well again."""
        for undo in self._undo:
            undo()

    def _before_call(
        self, service: Service, operation: str, handler: Callable[..., object]
    ) -> None:
        meta = getattr(self._clients, service).meta
        event = f"before-call.{meta.service_model.service_id.hyphenize()}.{operation}"
        meta.events.register_first(event, handler)
        self._undo.append(lambda: meta.events.unregister(event, handler))
