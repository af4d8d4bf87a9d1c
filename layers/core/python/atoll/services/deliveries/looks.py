"""Deliveries as their producers and operators see them."""

from contextlib import suppress

from atoll.errors import UnknownDelivery, shorten
from atoll.model.delivery import Receipt
from atoll.model.job import Account
from atoll.ports.deliveries import DeliveryPorts
from atoll.services.deliveries.entitlement import deliverable, may_see

MOST_LISTED = 100


def show(delivery_id: str, account: Account, ports: DeliveryPorts) -> Receipt:
    """A delivery, to its producer and to operators.

    Raises:
        UnknownDelivery: there is none, or the account may not know of it: in the same words.
        Unavailable: the store did not answer.
    """
    with suppress(UnknownDelivery):
        receipt = ports.deliveries.receipt(delivery_id)
        if may_see(receipt, account, ports):
            return receipt
    raise UnknownDelivery(
        f"delivery: there is no delivery {shorten(delivery_id)} of this account.",
        {"parameter": "delivery", "value": shorten(delivery_id)},
    )


def listing(dataset: str, limit: int, account: Account, ports: DeliveryPorts) -> list[Receipt]:
    """The newest deliveries to a dataset that the account may see, the newest first.

    Args:
        dataset: its id.
        limit: how many; of the dataset's newest hundred.
        account: who asks.
        ports: everything impure.

    Raises:
        UnknownDataset: there is none that the account may deliver to: in the same words.
        Unavailable: a part did not answer.
    """
    if ports.operators not in account.profiles:
        deliverable(dataset, account.profiles, ports.products)
    newest = ports.deliveries.of_dataset(dataset, MOST_LISTED)
    return [one for one in newest if may_see(one, account, ports)][:limit]
