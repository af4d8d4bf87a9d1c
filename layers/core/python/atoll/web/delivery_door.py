"""What the routes of deliveries are given; a door that takes none has no such routes."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from atoll.ports.deliveries import DeliveryPorts
from atoll.services.timeliness import Board


@dataclass(frozen=True, slots=True)
class DeliveryDoor:
    """What they share.

    Attributes:
        ports: everything impure.
        board: how products keep their promises.
    """

    ports: DeliveryPorts
    board: Board


def delivery_door_of(request: Request) -> DeliveryDoor:
    """What they share."""
    door: DeliveryDoor = request.app.state.delivery_door
    return door


def delivery_ports_of(door: Annotated[DeliveryDoor, Depends(delivery_door_of)]) -> DeliveryPorts:
    """Their ports."""
    return door.ports


type DeliveryDoorHere = Annotated[DeliveryDoor, Depends(delivery_door_of)]
type DeliveriesHere = Annotated[DeliveryPorts, Depends(delivery_ports_of)]
