"""What the door tells its operators: Powertools logs, metrics and traces, behind one small role."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol

from atoll.errors import BrokerError

if TYPE_CHECKING:
    from atoll.services.submit import Order  # the sign-in's door takes no orders


class Telemetry(Protocol):
    """Where events of the door are told."""

    def correlate(self, correlation_id: str) -> None:
        """Put this id on everything that is told from now on, until the next one."""
        ...

    def refused(self, error: BrokerError) -> None:
        """A request that was refused: a fact, not a fault."""
        ...

    def ordered(self, job_id: str, tier: str, output_bytes: int) -> None:
        """An order that was accepted."""
        ...

    def failed(self, error: Exception) -> None:
        """A fault of ours."""
        ...


def tell_order(telemetry: Telemetry, order: Order) -> None:
    """Tell of an order that was accepted, once."""
    job = order.job
    if order.is_new:
        telemetry.ordered(job.job_id, job.tier, job.plan.output_bytes)


def tell(telemetry: Telemetry, error: BrokerError, status: int) -> None:
    """Tell of an error as what it is by the status that it is answered with: refusal or fault."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        telemetry.failed(error)
    else:
        telemetry.refused(error)
