"""A delivery begins with its note, which is left in the bucket last."""

import re
from contextlib import suppress
from dataclasses import dataclass

from atoll.errors import BrokerError, InvalidParameter, InvalidRequest, Missing, UnknownDelivery
from atoll.model.delivery import (
    DNT_NAME,
    LONGEST_NOTE_BYTES,
    MOST_FINDINGS,
    NOTE_NAME,
    Finding,
    Receipt,
)
from atoll.planning.digest import digest_of
from atoll.planning.due import target_of
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.deliveries.entitlement import product_of
from atoll.services.deliveries.identity import demand_same, received

_KEY = re.compile(
    rf"(?P<folder>incoming/(?P<producer>[^/]+)/(?P<delivery_id>[^/]+)/)"
    rf"(?P<name>{re.escape(NOTE_NAME)}|{re.escape(DNT_NAME)})"
)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a note lies."""

    folder: str
    producer: str
    delivery_id: str
    name: str


def receive(key: str, ports: DeliveryPorts) -> Receipt | None:
    """Take up a note that was left. Safe to repeat.

    What cannot be taken up is told in the response beside it.

    Args:
        key: of the note in the bucket of deliveries.
        ports: everything impure.

    Returns:
        The delivery as it is now; None = there is none of this note.

    Raises:
        Unavailable: a part did not answer.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    place = _Place(**found.groupdict())
    try:
        receipt = _taken_up(place, ports)
    except (InvalidRequest, Missing) as fault:
        _refuse(place, fault, ports)
        return None
    if receipt.status == "received":  # nobody may have been told of it yet
        ports.queue.send(receipt)
    return receipt


def _taken_up(place: _Place, ports: DeliveryPorts) -> Receipt:
    text = ports.incoming.read_note(place.folder + place.name, LONGEST_NOTE_BYTES)
    note = ports.documents.read(place.name, text, place.delivery_id)
    for name, said, meant in (
        ("producer", note.producer, place.producer),
        ("delivery_id", note.delivery_id, place.delivery_id),
    ):
        if said != meant:
            raise InvalidParameter(name, said, f"it lies in the folder of {meant}")
    if (before := received(note, ports.deliveries)) is not None:
        return before
    product = product_of(note, (note.producer,), ports.products)
    now = ports.now()
    receipt = Receipt(
        note=note,
        digest=digest_of(note),
        status="received",
        received_at=now,
        target=target_of(product.timeliness, note, now),
    )
    return demand_same(ports.deliveries.receive(receipt), receipt.digest)


def _refuse(place: _Place, fault: BrokerError, ports: DeliveryPorts) -> None:
    """Tell why a note is not taken up, beside it."""
    finding = Finding(
        check="note",
        file=place.name,
        attribute=str(fault.facts.get("parameter", "")),
        problem=fault.detail,
        accepted=str(fault.facts.get("accepted", "")),
    )
    response = ports.documents.refusal(place.delivery_id, ports.now(), (finding,))
    with suppress(UnknownDelivery):
        before = ports.deliveries.receipt(place.delivery_id)
        if before.note.folder == place.folder:  # what was received here first goes on
            told = (finding, *before.findings)[:MOST_FINDINGS]
            response = ports.documents.response(before.model_copy(update={"findings": told}))
    ports.incoming.respond(place.folder, response)
