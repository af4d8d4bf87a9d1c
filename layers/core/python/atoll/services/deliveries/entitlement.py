"""Who may deliver to what, and who may know of it."""

from collections.abc import Collection
from contextlib import suppress

from atoll.errors import InvalidParameter, UnknownDataset, shorten
from atoll.model.delivery import DeliveryNote, Receipt
from atoll.model.job import Account
from atoll.model.product import Product
from atoll.ports.deliveries import DeliveryPorts, Products


def product_of(note: DeliveryNote, profiles: Collection[str], products: Products) -> Product:
    """What a note delivers to.

    Args:
        note: as it was written.
        profiles: that one of the product's producers is to be among.
        products: the port.

    Raises:
        UnknownDataset: see `deliverable`.
        InvalidParameter: the dataset is another product's.
        Unavailable: the store did not answer.
    """
    product = deliverable(note.dataset, profiles, products)
    if note.product != product.id:
        raise InvalidParameter("product", note.product, f"{note.dataset} is of {product.id}")
    return product


def deliverable(dataset: str, profiles: Collection[str], products: Products) -> Product:
    """The settings of a dataset that one of the profiles may deliver to.

    Raises:
        UnknownDataset: there is none, or it may not: in the same words.
        Unavailable: the store did not answer.
    """
    with suppress(UnknownDataset):
        product = products.product(dataset)
        if not set(product.producers).isdisjoint(profiles):
            return product
    raise UnknownDataset(
        f"dataset: there is no dataset {shorten(dataset)} that this producer may deliver to; the "
        "unit's operators set who may.",
        {"parameter": "dataset", "value": shorten(dataset)},
    )


def may_see(receipt: Receipt, account: Account, ports: DeliveryPorts) -> bool:
    """Whether an account may know of a delivery: its producer's, and operators'."""
    return not {ports.operators, receipt.note.producer}.isdisjoint(account.profiles)
