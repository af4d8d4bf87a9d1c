"""Which delivery an id stands for."""

from atoll.errors import DeliveryReused, UnknownDelivery
from atoll.model.delivery import DeliveryNote, Receipt
from atoll.planning.digest import digest_of
from atoll.ports.deliveries import Deliveries


def received(note: DeliveryNote, deliveries: Deliveries) -> Receipt | None:
    """The delivery of this very note; None = none of its id was received.

    Raises:
        DeliveryReused: the id stands for another note.
        Unavailable: the store did not answer.
    """
    try:
        return demand_same(deliveries.receipt(note.delivery_id), digest_of(note))
    except UnknownDelivery:
        return None


def demand_same(receipt: Receipt, digest: str) -> Receipt:
    """The receipt, if it is of the note with this digest.

    Raises:
        DeliveryReused: it is another's.
    """
    if receipt.digest != digest:
        raise DeliveryReused(
            "delivery_id: this id stands for another note; a delivery that differs needs an id of "
            "its own.",
            {
                "parameter": "delivery_id",
                "value": receipt.note.delivery_id,
                "accepted": "an id that was not used before",
            },
        )
    return receipt
