"""Clients of AWS, each made when it is first used."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient

    from atoll.aws.session import Session


class Clients:
    """Clients of one account and region.

    To load boto3 costs 200 ms of CPU, to make a client 30 to 90 ms (botocore reads the service's
    whole model). A look at a job needs one client, an order three, the refusal of a malformed
    request none: a cold start pays for what its request needs.

    Attributes:
        cognito: Cognito's user pools.
        dynamodb: DynamoDB.
        events: EventBridge.
        s3: S3; addresses that it signs are good in any region, with any encryption.
        secretsmanager: Secrets Manager.
        sns: Simple Notification Service.
        sqs: Simple Queue Service.
        stepfunctions: Step Functions.
    """

    def __init__(
        self, region: str, endpoint_url: str | None = None, s3_endpoint_url: str | None = None
    ) -> None:
        """Remember where the services are.

        Args:
            region: e.g. `eu-central-1`.
            endpoint_url: of an emulator; None = AWS itself.
            s3_endpoint_url: of another S3 server; None = as `endpoint_url`.
        """
        self._region = region
        s3_url = s3_endpoint_url or endpoint_url
        self.cognito = cast(
            "CognitoIdentityProviderClient", _Later(lambda: self._session.cognito(endpoint_url))
        )
        self.dynamodb = cast("DynamoDBClient", _Later(lambda: self._session.dynamodb(endpoint_url)))
        self.events = cast("EventBridgeClient", _Later(lambda: self._session.events(endpoint_url)))
        self.stepfunctions = cast(
            "SFNClient", _Later(lambda: self._session.stepfunctions(endpoint_url))
        )
        self.s3 = cast("S3Client", _Later(lambda: self._session.s3(s3_url)))
        self.secretsmanager = cast(
            "SecretsManagerClient", _Later(lambda: self._session.secretsmanager(endpoint_url))
        )
        self.sns = cast("SNSClient", _Later(lambda: self._session.sns(endpoint_url)))
        self.sqs = cast("SQSClient", _Later(lambda: self._session.sqs(endpoint_url)))

    @cached_property
    def _session(self) -> Session:
        from atoll.aws.session import Session  # noqa: PLC0415  loads boto3

        return Session(self._region)


class _Later:
    """Stands for a client until something is asked of it."""

    def __init__(self, make: Callable[[], object]) -> None:
        self._make = make

    @cached_property
    def _client(self) -> object:
        return self._make()

    def __getattr__(self, name: str) -> object:
        asked: object = getattr(self._client, name)
        return asked
