"""The course of a delivery: which step may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from atoll.errors import JobAlreadyEnded, Unavailable
from atoll.model.delivery import CLOSED, MOST_FINDINGS, DeliveryStatus, Finding, Receipt
from atoll.ports.deliveries import Deliveries

NEXT: Mapping[DeliveryStatus, frozenset[DeliveryStatus]] = {
    "received": frozenset({"checking", "failed"}),
    "checking": frozenset({"rejected", "ingesting", "failed"}),
    # What does not fit the dataset is found out when it is merged: that is the producer's.
    "ingesting": frozenset({"verifying", "rejected", "failed"}),
    "verifying": frozenset({"published", "failed"}),
    "rejected": frozenset(),
    "published": frozenset(),
    "failed": frozenset(),
}
# A worker that was killed begins again; what was done stays done.
_WAY: tuple[DeliveryStatus, ...] = ("received", "checking", "ingesting", "verifying")
# Whoever loses against another sees that it was brought on, and it has ended after a few steps.
MOST_TRIES = 2 * len(NEXT)
_SEVERITIES = ("error", "warning", "advice")


@dataclass(frozen=True, slots=True)
class Step:
    """What becomes of a delivery next.

    Attributes:
        findings: all that are known now, in any order; None = as before.
        revision: of the dataset that holds it, where one does.
        product_tag: of the settings that it is checked with.
    """

    status: DeliveryStatus
    findings: tuple[Finding, ...] | None = None
    revision: str | None = None
    product_tag: str | None = None


def advance(delivery_id: str, step: Step, deliveries: Deliveries, now: datetime) -> Receipt:
    """Bring a delivery a step on. One that has come there, or further, is left as it is.

    Args:
        delivery_id: its id.
        step: the next one.
        deliveries: the port.
        now: aware.

    Returns:
        The delivery as it is now.

    Raises:
        JobAlreadyEnded: it has ended otherwise; nothing more may be done for it.
        ValueError: the step does not follow where it stands.
        UnknownDelivery: there is none.
        Unavailable: the store did not answer, or it is another delivery each time it is asked.
    """
    for _ in range(MOST_TRIES):
        before = deliveries.receipt(delivery_id)
        if _has_come_to(before.status, step.status):
            return before
        if before.closed:
            raise JobAlreadyEnded(
                f"Delivery {delivery_id} has ended: it is {before.status}.",
                {"delivery": delivery_id, "ended_as": before.status},
            )
        if step.status not in NEXT[before.status]:
            raise ValueError(f"{step.status} does not follow {before.status}")
        after = _after(before, step, now)
        if deliveries.advance(before, after):
            return after
    raise Unavailable(
        f"Delivery {delivery_id} cannot be brought on now.", {"delivery": delivery_id}
    )


def _has_come_to(status: DeliveryStatus, wanted: DeliveryStatus) -> bool:
    if status in _WAY and wanted in _WAY:
        return _WAY.index(wanted) <= _WAY.index(status)
    return status == wanted


def _after(before: Receipt, step: Step, now: datetime) -> Receipt:
    findings = before.findings if step.findings is None else step.findings
    ordered = sorted(findings, key=lambda one: _SEVERITIES.index(one.severity))
    return before.model_copy(
        update={
            "status": step.status,
            "findings": tuple(ordered[:MOST_FINDINGS]),
            "revision": step.revision or before.revision,
            "product_tag": step.product_tag or before.product_tag,
            "checked_at": now if before.status == "checking" else before.checked_at,
            "ended_at": now if step.status in CLOSED else None,
        }
    )
