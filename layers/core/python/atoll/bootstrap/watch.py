"""The process that looks after deliveries, and at what is late."""

from collections.abc import Callable
from dataclasses import dataclass

from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.deliveries import watch
from atoll.services.timeliness import overdue


@dataclass(frozen=True, slots=True)
class Look:
    """What the process is called for.

    Attributes:
        find: does it; the answer is what was found, each by its id.
        of: what the ids are of, in the log.
        metric: how many there are.
    """

    find: Callable[[], list[str]]
    of: str
    metric: str


def make_looks() -> dict[str, Look]:
    """All looks by name, from the environment."""
    return looks_of(make_delivery_ports())


def looks_of(ports: DeliveryPorts) -> dict[str, Look]:
    """All looks by name."""

    def late() -> list[str]:
        return [one.dataset for one in overdue(ports.now(), ports)]

    return {
        "deliveries": Look(lambda: watch(ports), "delivery_ids", "MendedDeliveries"),
        "timeliness": Look(late, "datasets", "LateDeliveries"),
    }
