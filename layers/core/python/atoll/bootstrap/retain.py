"""The process that ends old revisions: each dataset once a day, at an hour of its own."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict
from zlib import crc32

from atoll.aws.products import S3Products
from atoll.bootstrap.completion import make_clients, make_ledger, make_queue
from atoll.bootstrap.settings import Place, TableSettings, now
from atoll.errors import UnknownDataset
from atoll.ports import Ledger, Queue
from atoll.ports.deliveries import Products
from atoll.publication.repository import Target
from atoll.publication.retention import Freed, retain
from atoll.services.faults import noted
from atoll.services.revisions import kept_for, revisions_read

HOURS = 24
# No dataset is begun with when less is left.
ENOUGH_S = 300


class RetentionSettings(TableSettings):
    """Where datasets and jobs are, and how long results are kept."""

    data_bucket: str
    result_lifetime_s: int
    url_lifetime_s: int


class Retained(TypedDict):
    """What was done, to be logged.

    Attributes:
        datasets: that were looked at.
        postponed: for which there was no time; another day they come earlier.
        revisions: how many were ended.
        freed_bytes: of deleted objects.
    """

    datasets: list[str]
    postponed: list[str]
    revisions: int
    freed_bytes: int


@dataclass(frozen=True, slots=True)
class Retention:
    """Ends what is old.

    Attributes:
        products: whose datasets are looked at; one without data is passed over.
        target: the bucket of datasets.
        queue, ledger: who may still read what.
        keep: how long, see `kept_for`.
        now: the clock.
    """

    products: Products
    target: Target
    queue: Queue
    ledger: Ledger
    keep: timedelta
    now: Callable[[], datetime]

    def carry_out(self, left_s: Callable[[], float]) -> Retained:
        """Look at the datasets of this hour. Safe to repeat, and to kill.

        Args:
            left_s: seconds that are left to the process.

        Raises:
            ExceptionGroup: of all errors that were met; the other datasets were looked at.
            Unavailable: nobody knows which datasets there are, or what jobs read.
        """
        at = self.now()
        datasets = due(self.products.datasets(), at)
        read = revisions_read(self.queue, self.ledger) if datasets else {}
        faults: list[Exception] = []
        freed: dict[str, Freed | None] = {}
        for dataset in datasets:
            if left_s() < ENOUGH_S:
                break
            with noted(faults):
                freed[dataset] = self._retained(dataset, at, read.get(dataset, frozenset()))
        if faults:
            raise ExceptionGroup("left to the next day", faults)
        return _told(datasets, freed)

    def _retained(self, dataset: str, at: datetime, read: Collection[str]) -> Freed | None:
        try:
            return retain(self.target, dataset, self.keep, at, read)
        except UnknownDataset:  # nothing was delivered to it yet
            return None


def due(datasets: Sequence[str], at: datetime) -> list[str]:
    """Those whose hour it is; every day another one comes first.

    Args:
        datasets: ids of all.
        at: now, UTC.
    """
    ours = [one for one in datasets if crc32(one.encode()) % HOURS == at.hour]
    first = at.toordinal() % len(ours) if ours else 0
    return ours[first:] + ours[:first]


def _told(datasets: Sequence[str], freed: Mapping[str, Freed | None]) -> Retained:
    known = [one for one in freed.values() if one is not None]
    return Retained(
        datasets=list(freed),
        postponed=[one for one in datasets if one not in freed],
        revisions=sum(len(one.revisions) for one in known),
        freed_bytes=sum(one.size_bytes for one in known),
    )


def make_retention() -> Retention:
    """What ending revisions needs, from the environment."""
    settings, place, clients = RetentionSettings.read(), Place.read(), make_clients()
    return Retention(
        products=S3Products(clients.s3, settings.data_bucket),
        target=Target(f"s3://{settings.data_bucket}", place.s3_endpoint_url, place.region),
        queue=make_queue(clients, settings),
        ledger=make_ledger(clients, settings),
        keep=kept_for(settings.result_lifetime_s, settings.url_lifetime_s),
        now=now,
    )
