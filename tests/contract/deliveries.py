"""Deliveries to make tests of."""

from datetime import UTC, datetime, timedelta
from typing import Any

from atoll.model.delivery import DeliveryNote, Finding, Operation, Receipt

T0 = datetime(2026, 11, 23, 12, tzinfo=UTC)
DATASET = "winds-daily"


def operation(number: int = 1, **changes: Any) -> Operation:
    said = {"path": f"data/{number:03}.nc", "size_bytes": 1000, "sha256": f"{number:064x}"}
    return Operation(**said | changes)


def note(delivery_id: str = "delivery-1", dataset: str = DATASET, **changes: Any) -> DeliveryNote:
    said = {"producer": "met", "product": "WINDS", "operations": (operation(),)}
    return DeliveryNote(delivery_id=delivery_id, dataset=dataset, **said | changes)


def receipt(delivery_id: str = "delivery-1", minutes: float = 0, **changes: Any) -> Receipt:
    """A delivery that was received so many minutes after T0."""
    own = {name: changes.pop(name) for name in ("dataset", "operations") if name in changes}
    said = {"digest": "d" * 64, "status": "received"}
    received_at = T0 + timedelta(minutes=minutes)
    return Receipt(note=note(delivery_id, **own), received_at=received_at, **said | changes)


def findings(count: int, text: str = "not as promised") -> tuple[Finding, ...]:
    return tuple(
        Finding(check="cf", file=f"data/{number:03}.nc", variable="u", problem=text)
        for number in range(count)
    )
