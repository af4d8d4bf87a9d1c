"""Settings of the unit's datasets, as its operators read and change them."""

from collections.abc import Callable
from contextlib import suppress

from atoll.admission.entitlement import demand_operator, demand_ordering
from atoll.errors import ConditionMissing, ProductChanged, UnknownDataset
from atoll.model.job import Account
from atoll.model.names import check_dataset_id
from atoll.model.product import Product
from atoll.planning.digest import tag_of
from atoll.ports.deliveries import DeliveryPorts, Products


def product_of_dataset(dataset: str, account: Account, ports: DeliveryPorts) -> Product:
    """A dataset's settings.

    Raises:
        NotEntitled: the account is no operator.
        UnknownDataset: it has none.
        Unavailable: the store did not answer.
    """
    demand_operator(account, ports.operators)
    return ports.products.product(dataset)


def datasets_with_settings(account: Account, ports: DeliveryPorts) -> list[str]:
    """Ids of all datasets with settings, sorted.

    Raises:
        NotEntitled, Unavailable: see `product_of_dataset`.
    """
    demand_operator(account, ports.operators)
    return ports.products.datasets()


def put_product(
    dataset: str,
    read: Callable[[], Product],
    tag: str | None,
    author: Account,
    ports: DeliveryPorts,
) -> Product:
    """Set a dataset's settings, in place of those that their author has seen.

    Args:
        dataset: its id; there need be no data of it yet.
        read: the settings as they are to be, or why they cannot be meant.
        tag: of those that were seen, see `tag_of`; None = there were none.
        author: who puts them.
        ports: everything impure.

    Raises:
        NotEntitled: the author is no operator, or the token is for reading only.
        InvalidParameter: no dataset may be called that, or they cannot be meant.
        ConditionMissing: there are settings, and no tag.
        ProductChanged: there are others than those that were seen.
        Unavailable: the store did not answer.
    """
    demand_operator(author, ports.operators)
    demand_ordering(author)
    check_dataset_id("dataset", dataset)
    product, before = read(), _now(dataset, ports.products)
    if before == product:  # put again: the first answer may have been lost
        return product
    if tag is None and before is not None:
        accepted = f'"{tag_of(before)}"'
        raise ConditionMissing(
            f"If-Match: {dataset} has settings; say by this header which are to be replaced.",
            {"parameter": "If-Match", "value": None, "accepted": accepted},
        )
    if tag != (before and tag_of(before)) or not ports.products.put(dataset, product, before):
        raise ProductChanged(
            f"If-Match: the settings of {dataset} are not those that were seen; read them, and "
            "put yours in their place.",
            {"parameter": "If-Match", "value": tag, "accepted": "the ETag of the present ones"},
        )
    return product


def _now(dataset: str, products: Products) -> Product | None:
    with suppress(UnknownDataset):
        return products.product(dataset)
    return None
