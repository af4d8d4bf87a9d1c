"""A unit that takes deliveries, and those who deliver."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

from atoll.model.delivery import Receipt
from atoll.model.job import Account
from atoll.model.product import Product
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.deliveries import Step, advance, receive
from tests.dialects.delivery.builders import DATASET, DELIVERY_ID, T0, WINDS, text
from tests.services.crashes import Fragile, killed
from tests.world import World

MET = Account(account_id="met-id", profiles=("public", "met"))
OTHER = Account(account_id="other-id", profiles=("other",))
OPERATOR = Account(account_id="op-id", profiles=("operators",))
IMPURE = ("products", "deliveries", "incoming", "queue", "workflow")


def unit(product: Product = WINDS) -> World:
    """A unit with one dataset that producers `met` and `other` may deliver to."""
    world = World(time=T0)
    world.products.kept[DATASET] = product
    return world


def leave(world: World, delivery_id: str = DELIVERY_ID, **changed: Any) -> str:
    """Leave a note as a producer does; the answer is its key."""
    said = {"delivery_id": delivery_id, "producer": "met"} | changed
    key = f"incoming/{said['producer']}/{delivery_id}/delivery.json"
    world.incoming.objects[key] = text(**said)
    return key


def taken(world: World, delivery_id: str = DELIVERY_ID, **changed: Any) -> Receipt:
    """A delivery that was received."""
    receipt = receive(leave(world, delivery_id, **changed), world.delivery_ports)
    assert receipt is not None
    return receipt


def published(world: World, delivery_id: str, after: timedelta, **changed: Any) -> Receipt:
    """A delivery that was received now, and published a while after."""
    taken(world, delivery_id, **changed)
    at, step = world.time + after, None
    for status in ("checking", "ingesting", "verifying"):
        advance(delivery_id, Step(status), world.deliveries, at)
    step = Step("published", revision=f"R-{delivery_id}")
    return advance(delivery_id, step, world.deliveries, at)


def fragile(world: World, calls: int, happens: Callable[[], object] = killed) -> DeliveryPorts:
    """The world's ports, for a process that lives for so many calls, or then meets another."""
    ports, left = world.delivery_ports, [calls]
    assert {*IMPURE, "documents", "operators", "now"} == {one.name for one in fields(ports)}
    wrapped: dict[str, Any] = {
        name: Fragile(getattr(ports, name), left, happens) for name in IMPURE
    }
    return replace(ports, **wrapped)
