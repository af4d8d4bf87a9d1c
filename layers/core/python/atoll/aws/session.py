"""boto3 itself, loaded with the first client, and the patience of a function that is waited for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_cognito_idp import CognitoIdentityProviderClient
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_events import EventBridgeClient
    from types_boto3_s3 import S3Client
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_sns import SNSClient
    from types_boto3_sqs import SQSClient
    from types_boto3_stepfunctions import SFNClient

# API Gateway gives up after 30 s. Two attempts of 2 s + 10 s leave time for an answer that
# says what happened; whoever may wait longer tries the whole step again.
CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 10
ATTEMPTS = 2


class Session:
    """Makes clients of one region. One session, so that endpoint tables are read once."""

    def __init__(self, region: str) -> None:
        self._session = boto3.Session(region_name=region)

    def cognito(self, endpoint_url: str | None) -> CognitoIdentityProviderClient:
        """A client of Cognito's user pools; None = AWS itself."""
        made: CognitoIdentityProviderClient = self._session.client(
            "cognito-idp", endpoint_url=endpoint_url, config=_config()
        )
        return made

    def dynamodb(self, endpoint_url: str | None) -> DynamoDBClient:
        """A client of DynamoDB; None = AWS itself."""
        made: DynamoDBClient = self._session.client(
            "dynamodb", endpoint_url=endpoint_url, config=_config()
        )
        return made

    def events(self, endpoint_url: str | None) -> EventBridgeClient:
        """A client of EventBridge; None = AWS itself."""
        made: EventBridgeClient = self._session.client(
            "events", endpoint_url=endpoint_url, config=_config()
        )
        return made

    def stepfunctions(self, endpoint_url: str | None) -> SFNClient:
        """A client of Step Functions; None = AWS itself."""
        made: SFNClient = self._session.client(
            "stepfunctions", endpoint_url=endpoint_url, config=_config()
        )
        return made

    def secretsmanager(self, endpoint_url: str | None) -> SecretsManagerClient:
        """A client of Secrets Manager; None = AWS itself."""
        made: SecretsManagerClient = self._session.client(
            "secretsmanager", endpoint_url=endpoint_url, config=_config()
        )
        return made

    def sns(self, endpoint_url: str | None) -> SNSClient:
        """A client of SNS; None = AWS itself."""
        made: SNSClient = self._session.client("sns", endpoint_url=endpoint_url, config=_config())
        return made

    def sqs(self, endpoint_url: str | None) -> SQSClient:
        """A client of SQS; None = AWS itself."""
        made: SQSClient = self._session.client("sqs", endpoint_url=endpoint_url, config=_config())
        return made

    def s3(self, endpoint_url: str | None) -> S3Client:
        """A client of S3; None = AWS itself."""
        made: S3Client = self._session.client(
            "s3", endpoint_url=endpoint_url, config=_s3_config(endpoint_url)
        )
        return made


def _config() -> Config:
    return Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        tcp_keepalive=True,
    )


def _s3_config(endpoint_url: str | None) -> Config:
    # Host names like `bucket.127.0.0.1` mean nothing: other servers get the bucket as path.
    style: Literal["path", "virtual"] = "path" if endpoint_url else "virtual"
    return _config().merge(
        Config(
            signature_version="s3v4",
            s3={"addressing_style": style},
            # Checksum trailers are not understood by every S3 server, and a presigned
            # address must not demand a header of whoever follows it.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
    )
