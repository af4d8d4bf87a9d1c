"""One delivery at a time changes a dataset: how its turn begins and ends."""

from contextlib import suppress

from atoll.errors import JobAlreadyEnded, Unavailable
from atoll.model.delivery import Finding, Receipt
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.deliveries.course import Step, advance


def start(delivery_id: str, ports: DeliveryPorts) -> None:
    """Begin with a delivery, if it is its turn. Safe to repeat.

    Raises:
        UnknownDelivery: there is none.
        Unavailable: it is another's turn, or a part did not answer; it is to be tried again.
    """
    dataset = ports.deliveries.receipt(delivery_id).note.dataset
    is_on = ports.deliveries.take_turn(dataset, delivery_id)
    # Looked at after the turn was taken: one that ended before it would keep it for ever.
    if ports.deliveries.receipt(delivery_id).closed:
        ports.deliveries.end_turn(dataset, delivery_id)
    elif is_on:
        ports.workflow.start(delivery_id)
    else:
        raise Unavailable(
            f"Another delivery changes {dataset}; this one waits for its turn.",
            {"dataset": dataset, "delivery": delivery_id},
        )


def close(delivery_id: str, cause: str, ports: DeliveryPorts) -> Receipt:
    """End a delivery whose execution has ended, let the next begin, and respond. Safe to repeat.

    Args:
        delivery_id: its id.
        cause: what the execution met; empty = nothing. It is not shown: it may name keys.
        ports: everything impure.

    Returns:
        The delivery as it ended.

    Raises:
        UnknownDelivery: there is none.
        Unavailable: a part did not answer.
    """
    receipt = ports.deliveries.receipt(delivery_id)
    if not receipt.closed:
        failed = Step("failed", (*receipt.findings, _what_happened(receipt, cause)))
        with suppress(JobAlreadyEnded):  # by the worker, meanwhile
            advance(delivery_id, failed, ports.deliveries, ports.now())
        receipt = ports.deliveries.receipt(delivery_id)
    try:  # before the turn ends: by that whoever looks after deliveries knows that it was done
        ports.incoming.respond(receipt.note.folder, ports.documents.response(receipt))
    finally:  # a response that cannot be left holds nobody up
        ports.deliveries.end_turn(receipt.note.dataset, delivery_id)
    return receipt


def _what_happened(receipt: Receipt, cause: str) -> Finding:
    why = "ended without a result"
    if "OutOfMemory" in cause:
        why = "had not enough memory for it"
    elif cause:
        why = "was lost, or met an unforeseen error"
    happened = f"The worker {why} while the delivery was {receipt.status}"
    found = "the unit's operators find more in its log."
    if receipt.status == "verifying":  # the dataset is moved in this step: before the end, or not
        return Finding(
            check="unit",
            problem=f"{happened}: the dataset may hold it; {found}",
            accepted="nothing, where the operators tell that the dataset holds it; otherwise the "
            "same files, delivered under another id",
        )
    return Finding(
        check="unit",
        problem=f"{happened}; {found}",
        accepted="the same files, delivered under another id",
    )
