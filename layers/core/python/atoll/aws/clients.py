"""Clients of AWS, with the patience of a function that somebody waits for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_stepfunctions import SFNClient

# API Gateway gives up after 30 s. Two attempts of 2 s + 10 s leave time for an answer that
# says what happened; whoever may wait longer tries the whole step again.
CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 10
ATTEMPTS = 2


class Clients:
    """Clients of one account and region; each is made when it is first asked for.

    They share one session, so that botocore reads its endpoint tables once.

    Attributes:
        region: e.g. `eu-central-1`.
        endpoint_url: of an emulator; None = AWS itself.
        s3_endpoint_url: of another S3 server; None = as `endpoint_url`.
    """

    def __init__(
        self, region: str, endpoint_url: str | None = None, s3_endpoint_url: str | None = None
    ) -> None:
        self.region = region
        self.endpoint_url = endpoint_url
        self.s3_endpoint_url = s3_endpoint_url or endpoint_url
        self._session = boto3.Session(region_name=region)

    @cached_property
    def dynamodb(self) -> DynamoDBClient:
        """DynamoDB."""
        client: DynamoDBClient = self._session.client(
            "dynamodb", endpoint_url=self.endpoint_url, config=_config()
        )
        return client

    @cached_property
    def s3(self) -> S3Client:
        """S3; addresses that it signs are good in any region, with any encryption."""
        # Host names like `bucket.127.0.0.1` mean nothing: other servers get the bucket as path.
        style: Literal["path", "virtual"] = "path" if self.s3_endpoint_url else "virtual"
        config = _config().merge(
            Config(
                signature_version="s3v4",
                s3={"addressing_style": style},
                # Checksum trailers are not understood by every S3 server, and a presigned
                # address must not demand a header of whoever follows it.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            )
        )
        client: S3Client = self._session.client(
            "s3", endpoint_url=self.s3_endpoint_url, config=config
        )
        return client

    @cached_property
    def stepfunctions(self) -> SFNClient:
        """Step Functions."""
        client: SFNClient = self._session.client(
            "stepfunctions", endpoint_url=self.endpoint_url, config=_config()
        )
        return client


def _config() -> Config:
    return Config(
        connect_timeout=CONNECT_TIMEOUT_S,
        read_timeout=READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        tcp_keepalive=True,
    )
