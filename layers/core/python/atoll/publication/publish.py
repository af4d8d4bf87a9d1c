"""Publishes files: one delivery of all of them, and its description to the catalogue."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from atoll.errors import InvalidParameter, UnknownDataset
from atoll.model.coverage import Coverage
from atoll.model.names import check_dataset_id
from atoll.model.product import Product
from atoll.ports import Catalogue
from atoll.publication.ingest import ingest
from atoll.publication.repository import Target
from atoll.publication.work import Change, Work


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is published.

    Attributes:
        files: CF NetCDF, one or several along time, in any order.
        dataset: id; see `model.names`.
        product: its settings.
    """

    files: Sequence[Path]
    dataset: str
    product: Product


def publish(delivery: Delivery, target: Target, catalogue: Catalogue, now: datetime) -> Coverage:
    """Add a delivery to a dataset, wholly or not at all, and make it the catalogue's `main`.

    The same delivery again commits nothing and gives the same description to the catalogue.

    Args:
        delivery: what is published.
        target: the bucket of datasets.
        catalogue: learns of the description after the commit, and is asked before it: one that
            does not answer should be found out while nothing is written.
        now: the revision's time.

    Raises:
        InvalidParameter: a file, the dataset id or the target is not there or not one.
        DataError: a file cannot be published; `main` is untouched.
        Unavailable: the store or the catalogue failed, or another delivery came between;
            publish again.
    """
    check_dataset_id("--dataset", delivery.dataset)
    if not delivery.files:
        raise InvalidParameter("FILE", "", "at least one NetCDF file is needed")
    with suppress(UnknownDataset):
        catalogue.entry(delivery.dataset)
    changes = tuple(Change("put", path) for path in delivery.files)
    coverage = ingest(Work(delivery.dataset, delivery.product, changes), target, now).coverage
    catalogue.publish(coverage)
    return coverage
