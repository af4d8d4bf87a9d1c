"""Clients of a local place, and what its deployed stacks say of themselves."""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from stacks.local.place import ACCOUNT, Place


@dataclass(frozen=True, slots=True)
class Cloud:
    """AWS as it is on this machine, in one region."""

    place: Place
    region: str

    def client(self, service: str, *, emulated: bool = False) -> Any:  # noqa: ANN401 (boto3's clients have no static type)
        """A client of the service; S3 is the S3 server unless the emulator's is wanted."""
        real_s3 = service == "s3" and not emulated
        return boto3.Session().client(
            service,
            region_name=self.region,
            endpoint_url=self.place.s3_endpoint if real_s3 else self.place.endpoint,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=self.place.secret(),
            config=Config(
                retries={"total_max_attempts": 3},
                s3={"addressing_style": "path"},
                signature_version="s3v4" if real_s3 else None,
                request_checksum_calculation="when_required",
            ),
        )

    def make_bucket(self, name: str, *, emulated: bool = False) -> None:
        """Make a bucket unless it is there."""
        s3 = self.client("s3", emulated=emulated)
        try:
            s3.head_bucket(Bucket=name)
        except ClientError:
            where = {"LocationConstraint": self.region}
            s3.create_bucket(Bucket=name, CreateBucketConfiguration=where)


@dataclass(frozen=True, slots=True)
class DeployedStack:
    """A stack as it stands.

    Attributes:
        outputs: of its template.
        told: its parameters.
        physical: logical id -> name or id of the resource.
        types: logical id -> resource type.
        properties: logical id -> properties in the template, references unresolved.
    """

    name: str
    cloud: Cloud
    outputs: dict[str, str]
    told: dict[str, str]
    physical: dict[str, str]
    types: dict[str, str]
    properties: dict[str, dict[str, Any]]

    def of_type(self, resource_type: str) -> list[str]:
        """Logical ids of the resources of that type."""
        return [logical for logical, kind in self.types.items() if kind == resource_type]

    def the(self, resource_type: str) -> str:
        """Physical name of the only resource of that type."""
        (logical,) = self.of_type(resource_type)
        return self.physical[logical]

    @property
    def api_url(self) -> str:
        """Base URL of its HTTP API; the host name in output ApiUrl means nothing here."""
        api = self.the("AWS::ApiGatewayV2::Api")
        return f"{self.cloud.place.doors}{api}/$default"
