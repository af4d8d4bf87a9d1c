"""What became of a delivery: the document dr/1, beside the note and at the door."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from atoll.model.delivery import DeliveryStatus, Finding, Receipt


class ResponseDocument(BaseModel):
    """A delivery, and how it stands."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True)

    schema_: Literal["dr/1"] = Field(default="dr/1", alias="schema")
    delivery_id: str
    dataset: str | None = Field(description="null = the note could not be understood.")
    status: DeliveryStatus
    received_at: str = Field(description="ISO 8601, UTC.")
    checked_at: str | None
    ended_at: str | None = Field(description="null = it has not ended.")
    target: str | None = Field(description="When it was due; null = nothing is promised.")
    revision: str | None = Field(description="Of the dataset that holds it.")
    findings: list[Finding] = Field(description="Errors first.")


def response_of(receipt: Receipt) -> ResponseDocument:
    """What became of a delivery."""
    return ResponseDocument(
        delivery_id=receipt.note.delivery_id,
        dataset=receipt.note.dataset,
        status=receipt.status,
        received_at=_text(receipt.received_at),
        checked_at=_text_or_none(receipt.checked_at),
        ended_at=_text_or_none(receipt.ended_at),
        target=_text_or_none(receipt.target),
        revision=receipt.revision,
        findings=list(receipt.findings),
    )


def refusal_of(delivery_id: str, at: datetime, findings: Sequence[Finding]) -> ResponseDocument:
    """Why there is no delivery."""
    return ResponseDocument(
        delivery_id=delivery_id,
        dataset=None,
        status="rejected",
        received_at=_text(at),
        checked_at=_text(at),
        ended_at=_text(at),
        target=None,
        revision=None,
        findings=list(findings),
    )


def render_receipt(receipt: Receipt) -> dict[str, object]:
    """The document, as plain values."""
    return response_of(receipt).model_dump(mode="json")


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else _text(moment)
