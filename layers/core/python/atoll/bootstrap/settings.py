"""The environment, read once and checked. Nothing else reads it."""

import os
import secrets
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from atoll.admission.decide import Limits
from atoll.errors import InvalidParameter

type Step = Literal["whole", "parts", "assemble"]


class Place(BaseModel):
    """Which AWS, or emulator of it, a process talks to. Credentials: AWS's own variables.

    Attributes:
        s3_endpoint_url, endpoint_url: None = AWS itself.
    """

    model_config = ConfigDict(frozen=True)

    region: str = "us-east-1"
    endpoint_url: str | None = None
    s3_endpoint_url: str | None = None

    @classmethod
    def read(cls) -> Self:
        """The place, from the variables that AWS's own tools read."""
        environment = os.environ
        endpoint = environment.get("AWS_ENDPOINT_URL") or None
        return cls(
            region=environment.get("AWS_REGION")
            or environment.get("AWS_DEFAULT_REGION")
            or "us-east-1",
            endpoint_url=endpoint,
            s3_endpoint_url=environment.get("AWS_ENDPOINT_URL_S3") or endpoint,
        )


class Settings(BaseModel):
    """A function's own variables, by their names in upper case.

    Attributes:
        small_bytes, medium_bytes, file_bytes, hard_limit_bytes, result_lifetime_s,
        url_lifetime_s: see Limits.
    """

    model_config = ConfigDict(frozen=True)

    @classmethod
    def read(cls, said: Mapping[str, str] | None = None) -> Self:
        """The settings.

        Args:
            said: settings that were said otherwise, by name; they win.

        Raises:
            InvalidParameter: a variable is missing or malformed; it is named.
        """
        set_here = {name: os.environ.get(name.upper()) for name in cls.model_fields}
        given = {name: value for name, value in set_here.items() if value}
        try:
            return cls.model_validate(given | dict(said or {}))
        except ValidationError as fault:
            first = fault.errors()[0]
            name = str(first["loc"][0])
            accepted = f"{first['msg'].lower()}: set it in the environment"
            raise InvalidParameter(name.upper(), given.get(name), accepted) from fault


class UnitSettings(Settings):
    """Whose process this is."""

    atoll_unit: str


class TableSettings(Settings):
    """Where jobs and their bytes are kept."""

    jobs_table: str
    accounts_table: str
    ledger_table: str
    slots_table: str
    shares_table: str
    policies_table: str
    results_bucket: str


class QueueSettings(TableSettings):
    """What starts jobs besides."""

    state_machine_arn: str


class DoorSettings(QueueSettings):
    """What a unit's doors need."""

    datasets_table: str
    data_bucket: str
    issuer: str
    jwks_url: str = ""
    client_ids: str = Field(description="separated by commas")
    small_bytes: int = Field(ge=0)
    medium_bytes: int = Field(ge=0)
    file_bytes: int = Field(gt=0)
    hard_limit_bytes: int | None = None
    result_lifetime_s: int = Field(gt=0)
    url_lifetime_s: int = Field(gt=0)
    operators: str = "operators"
    ledger_hosts: bool = False

    def limits(self) -> Limits:
        """The operator's limits."""
        return Limits(
            small_bytes=self.small_bytes,
            medium_bytes=self.medium_bytes,
            file_bytes=self.file_bytes,
            hard_limit_bytes=self.hard_limit_bytes,
            result_lifetime_s=self.result_lifetime_s,
            url_lifetime_s=self.url_lifetime_s,
            operators=self.operators,
            keeps_hosts=self.ledger_hosts,
        )


class ExtractionSettings(Settings):
    """What an extractor needs: two buckets."""

    data_bucket: str
    results_bucket: str


class PartsSettings(ExtractionSettings):
    """How a result is cut into parts, and how many make them at the same time."""

    part_bytes: int = Field(gt=0)
    parts_at_once: int = Field(gt=0)
    workers: int = Field(gt=0)


class WorkerSettings(TableSettings):
    """What the Fargate worker needs besides.

    Attributes:
        atoll_step: what of the job it does.
        atoll_file: of steps `parts` and `assemble`: number of the result's file.
        atoll_parts: of step `parts`: its share, see `planning.shares`.
    """

    atoll_job_id: str
    atoll_correlation_id: str
    atoll_step: Step
    atoll_file: int = Field(default=1, ge=1)
    atoll_parts: str = Field(default="", pattern=r"^(\d+-\d+)?$")


class PublicationSettings(Settings):
    """Where datasets are published to."""

    data_bucket: str
    datasets_table: str


class DeliverySettings(Settings):
    """Where deliveries come in, and what carries them out."""

    data_bucket: str
    incoming_bucket: str
    deliveries_table: str
    delivery_queue_url: str
    publication_machine_arn: str
    operators: str = "operators"


class DelivererSettings(DeliverySettings):
    """What the worker needs besides, which publishes one delivery."""

    datasets_table: str
    atoll_delivery_id: str


def now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def new_id() -> str:
    """An id that sorts by time: UUID version 7 (RFC 9562, section 5.7)."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 0x7 << 76
    return str(UUID(int=number & ~(0x3 << 62) | 0x2 << 62))
