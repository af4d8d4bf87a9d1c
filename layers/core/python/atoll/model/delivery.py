"""What a producer delivers, and what becomes of it."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from atoll.model.value import Value

type DataMode = Literal["NRT", "MY", "INTERIM", "FORECAST"]
type Action = Literal["put", "replace", "delete"]
type DeliveryStatus = Literal[
    "received", "checking", "rejected", "ingesting", "verifying", "published", "failed"
]

CLOSED: frozenset[DeliveryStatus] = frozenset({"rejected", "published", "failed"})
MOST_OPERATIONS = 500  # files of one delivery are open together; a process may often open 1024
LONGEST_NOTE_BYTES = 2**20
MOST_FINDINGS = 200  # that are told; who mends these finds the others
NOTE_NAME = "delivery.json"
DNT_NAME = "delivery.xml"
RESPONSE_NAME = "response.json"


class Operation(Value):
    """One thing to do with a dataset.

    Attributes:
        action: `put` adds times that the dataset does not have, `replace` gives other values to
            times that it has and adds those that it has not, `delete` takes times away.
        path: of the file below the delivery's folder; None = `delete` names times alone.
        size_bytes: of the file; None where the note does not tell it.
        sha256: of the file, hexadecimal.
        md5: of the file, hexadecimal, where the note is a historic one.
        time_start, time_end: first and last time, ISO 8601, both included; needed by a `delete`.
    """

    action: Action = "put"
    path: str | None = None
    size_bytes: int | None = Field(default=None, ge=0)
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    md5: str | None = Field(default=None, pattern=r"^[0-9a-f]{32}$")
    time_start: str | None = None
    time_end: str | None = None

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        times = self.time_start is not None and self.time_end is not None
        if self.action == "delete" and not times:
            raise ValueError("a delete needs time_start and time_end")
        if self.action != "delete" and (self.path is None or not (self.sha256 or self.md5)):
            raise ValueError(f"a {self.action} needs the path and the sha256 of a file")
        return self


class DeliveryNote(Value):
    """What a producer says of a delivery, all or nothing.

    Attributes:
        delivery_id: chosen by the producer: the same again is the same delivery.
        producer: a profile that the product lets deliver.
        product: that the dataset belongs to.
        dataset: id.
        data_mode: near real time, multi-year, interim, or forecast.
        production_time: when the data were made, ISO 8601.
        reference_time: of a forecast: when it starts from.
        operations: in the order in which they are done.
    """

    delivery_id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{7,127}$")
    producer: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    product: str
    dataset: str
    data_mode: DataMode = "NRT"
    production_time: str | None = None
    reference_time: str | None = None
    operations: tuple[Operation, ...] = Field(min_length=1, max_length=MOST_OPERATIONS)

    @property
    def folder(self) -> str:
        """Where its files lie in the bucket of deliveries, with a slash at its end."""
        return f"incoming/{self.producer}/{self.delivery_id}/"


class Finding(Value):
    """One thing that a check found.

    Attributes:
        check: `note`, `file`, `structure`, `values`, `cf`, or `acdd`; `unit` = what went wrong
            was not the producer's.
        severity: an `error` rejects the delivery; the others are told.
        file, variable, attribute: what it is about; empty = none of its kind.
        problem: what is wrong.
        accepted: what would pass.
    """

    check: Literal["note", "file", "structure", "values", "cf", "acdd", "unit"]
    severity: Literal["error", "warning", "advice"] = "error"
    file: str = ""
    variable: str = ""
    attribute: str = ""
    problem: str
    accepted: str = ""


class Receipt(Value):
    """A delivery as the unit knows it.

    Attributes:
        note: what was delivered.
        digest: SHA-256 of the note, by which another of the same id is told from it.
        status: where it stands.
        received_at, checked_at, ended_at: when; None = not yet.
        findings: of its checks, errors first.
        revision: of the dataset that holds it: where it is published, and where it failed when
            `main` had it already.
        product_tag: of the settings that it was checked with, see `planning.digest.tag_of`.
        target: when it should have been published, by the product's own promise.
    """

    note: DeliveryNote
    digest: str
    status: DeliveryStatus
    received_at: datetime
    checked_at: datetime | None = None
    ended_at: datetime | None = None
    findings: tuple[Finding, ...] = Field(default=(), max_length=MOST_FINDINGS)
    revision: str | None = None
    product_tag: str | None = None
    target: datetime | None = None

    @property
    def closed(self) -> bool:
        """Nothing more becomes of it."""
        return self.status in CLOSED
