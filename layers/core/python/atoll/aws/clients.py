"""Clients of AWS, with the patience of a function that somebody waits for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_s3 import S3Client
    from types_boto3_stepfunctions import SFNClient

type Service = Literal["dynamodb", "s3", "stepfunctions"]

# API Gateway gives up after 30 s. Two attempts of 2 s + 10 s leave time for an answer that
# says what happened; whoever may wait longer tries the whole step again.
CONNECT_TIMEOUT_S = 2
READ_TIMEOUT_S = 10
ATTEMPTS = 2


class Clients:
    """Clients of one account and region; each is really made when it is first used.

    To make one costs 30 to 90 ms of CPU (botocore reads the service's whole model). A look at
    a job needs one client, an order three: a cold start pays for what its request needs. They
    share one session, so that botocore reads its endpoint tables once.

    Attributes:
        dynamodb: DynamoDB.
        s3: S3; addresses that it signs are good in any region, with any encryption.
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
        session = boto3.Session(region_name=region)
        s3_endpoint_url = s3_endpoint_url or endpoint_url

        def later(service: Service, endpoint_url: str | None, config: Config) -> _Later:
            return _Later(lambda: session.client(service, endpoint_url=endpoint_url, config=config))

        self.dynamodb = cast("DynamoDBClient", later("dynamodb", endpoint_url, _config()))
        self.stepfunctions = cast("SFNClient", later("stepfunctions", endpoint_url, _config()))
        self.s3 = cast("S3Client", later("s3", s3_endpoint_url, _s3_config(s3_endpoint_url)))


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
