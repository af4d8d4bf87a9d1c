"""Deliveries that were lost on their way go on: every few minutes, safe to repeat at any moment."""

from datetime import timedelta

from atoll.ports.deliveries import DeliveryPorts, Unbegun
from atoll.services.deliveries.turns import close
from atoll.services.faults import noted

# What was received is in the queue within minutes, or its message was lost.
SENT_AFTER = timedelta(hours=1)
MOST_SENT = 100  # in one look, the oldest first
LOST = "The execution ended, and had not closed the delivery."


def watch(ports: DeliveryPorts) -> list[str]:
    """Look after turns that nobody ends, and deliveries that nobody begins with.

    What cannot be looked after now keeps nobody from looking after the others.

    Args:
        ports: everything impure.

    Returns:
        Ids of the deliveries that were closed, started, or sent to the queue again.

    Raises:
        ExceptionGroup: of all errors that were met; the next look begins anew.
    """
    faults: list[Exception] = []
    touched: list[str] = []
    with noted(faults):
        # Read before the turns: one that begins in between is seen to have the turn.
        unbegun = ports.deliveries.unbegun()
        turns = ports.deliveries.turns_taken()
        for delivery_id in turns.values():
            with noted(faults):
                if _look_after_turn(delivery_id, ports):
                    touched.append(delivery_id)
        for lost in _lost(unbegun, turns, ports)[:MOST_SENT]:
            with noted(faults):
                if _send(lost, ports):
                    touched.append(lost.delivery_id)
    if faults:
        raise ExceptionGroup("left to the next look", faults)
    return touched


def _look_after_turn(delivery_id: str, ports: DeliveryPorts) -> bool:
    """End the turn of what has ended; start what has the turn, and no execution.

    Returns:
        Whether there was anything to do.
    """
    state = ports.workflow.state(delivery_id)
    if state == "running":  # it closes its delivery itself
        return False
    # Read after the execution: what that has closed is seen to be closed.
    if state is None and not ports.deliveries.receipt(delivery_id).closed:
        ports.workflow.start(delivery_id)
    else:
        close(delivery_id, LOST, ports)
    return True


def _lost(unbegun: list[Unbegun], turns: dict[str, str], ports: DeliveryPorts) -> list[Unbegun]:
    """Those that wait for nobody: while another changes their dataset they are right to wait."""
    before = ports.now() - SENT_AFTER
    return [one for one in unbegun if one.received_at <= before and one.dataset not in turns]


def _send(lost: Unbegun, ports: DeliveryPorts) -> bool:
    """Send it to the queue, where nobody has begun with it since it was listed."""
    receipt = ports.deliveries.receipt(lost.delivery_id)
    if receipt.status != "received":
        return False
    ports.queue.send(receipt)
    return True
