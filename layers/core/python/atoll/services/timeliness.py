"""How a unit keeps what its products promise: from receipts alone, by the present promise."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Self

from atoll.admission.entitlement import rights
from atoll.model.delivery import Receipt
from atoll.model.job import Account
from atoll.model.product import Product
from atoll.planning.due import Cycle, Promise, target_of
from atoll.ports import Ports
from atoll.ports.deliveries import Deliveries, DeliveryPorts

BELIEVED_FOR = timedelta(seconds=60)
NEWEST = 100  # deliveries of one dataset: more are not made within the newest cycle
MOST = 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of some cycles.

    Attributes:
        due: how many there were.
        in_time, late: how many were published by their target time, and after it; the others are
            missing.
        delays_s: from target to publication of each that was published, seconds; negative where
            it came before.
    """

    due: int = 0
    in_time: int = 0
    late: int = 0
    delays_s: tuple[float, ...] = ()

    def __add__(self, other: Self) -> Self:
        return type(self)(
            self.due + other.due,
            self.in_time + other.in_time,
            self.late + other.late,
            self.delays_s + other.delays_s,
        )

    @property
    def missing(self) -> int:
        """Cycles of which nothing was published."""
        return self.due - self.in_time - self.late

    @property
    def timeliness(self) -> float | None:
        """The share that was in time, 0..1; None = none was due."""
        return self.in_time / self.due if self.due else None

    @property
    def median_delay_s(self) -> float | None:
        """None = none was published."""
        return median(self.delays_s) if self.delays_s else None

    @property
    def worst_delay_s(self) -> float | None:
        """None = none was published."""
        return max(self.delays_s, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a dataset did in a month."""

    dataset: str
    product: Product
    tally: Tally


@dataclass(frozen=True, slots=True)
class Overdue:
    """A delivery that should be there.

    Attributes:
        product: id of the dataset's.
        due: when it should have been published.
    """

    dataset: str
    product: str
    due: datetime


class Board:
    """How datasets did, looked up once a minute in a process."""

    def __init__(self, ports: DeliveryPorts) -> None:
        self._ports = ports
        self._known: dict[str, tuple[datetime, list[Standing]]] = {}

    def standings(self, month: str) -> list[Standing]:
        """Of all datasets with a promise, by id.

        Args:
            month: in which deliveries were due, `YYYY-MM`, UTC.

        Raises:
            Unavailable: a store did not answer.
        """
        now = self._ports.now()
        self._known = {
            key: kept for key, kept in self._known.items() if now - kept[0] <= BELIEVED_FOR
        }
        if month not in self._known:
            self._known[month] = (now, standings(month, self._ports))
        return self._known[month][1]


def visible(rows: Iterable[Standing], account: Account, ports: Ports) -> list[Standing]:
    """Those of datasets that an account may know of; operators know of all.

    Raises:
        Unavailable: a part did not answer.
    """
    if ports.limits.operators in account.profiles:
        return list(rows)
    policy = ports.policies.current().policy
    published = {entry.dataset: entry.profiles for entry in ports.catalogue.entries()}
    return [
        row
        for row in rows
        # Of what is not published yet, the settings tell whom it will be for.
        if rights(account, row.dataset, published.get(row.dataset, row.product.profiles), policy)
    ]


def standings(month: str, ports: DeliveryPorts) -> list[Standing]:
    """How all datasets with a promise did in a month; see `Board.standings`.

    Cycles count from a dataset's first delivery on, and once their target time is over. What came
    later than in the month after is missing.
    """
    first = datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    end = min(_month_after(first), ports.now())
    promised = {
        dataset: (product, list(promise.due_within(first, end)))
        for dataset, product, promise in _promised(ports)
    }
    starts = [cycles[0].start for _, cycles in promised.values() if cycles]
    until = min(_month_after(_month_after(first)), ports.now())
    # The month before tells of most datasets that they have begun.
    since = min([first - timedelta(days=1), *starts])
    received = list(_received(since, until, ports.deliveries)) if starts else []
    rows = []
    for dataset, (product, cycles) in promised.items():
        own = _targets([one for one in received if one.note.dataset == dataset], product)
        begun = _begun(dataset, product, own, first, ports.deliveries)
        tally = _tally([one for one in cycles if begun and begun <= one.due], own)
        rows.append(Standing(dataset, product, tally))
    return rows


def overdue(now: datetime, ports: DeliveryPorts) -> list[Overdue]:
    """Datasets whose newest cycle that is due was not published, by id.

    Args:
        now: aware.
        ports: everything impure.

    Raises:
        Unavailable: a store did not answer.
    """
    found = []
    for dataset, product, promise in _promised(ports):
        due = promise.last_due(now).due
        newest = _targets(ports.deliveries.of_dataset(dataset, NEWEST), product)
        begun = min((target for target, _ in newest), default=None)
        if begun is not None and begun <= due and due not in _published(newest):
            found.append(Overdue(dataset, product.id, due))
    return found


def _promised(ports: DeliveryPorts) -> Iterator[tuple[str, Product, Promise]]:
    for dataset in ports.products.datasets():
        product = ports.products.product(dataset)
        if product.timeliness is not None:
            yield dataset, product, Promise.of(product.timeliness)


def _received(first: datetime, until: datetime, deliveries: Deliveries) -> Iterator[Receipt]:
    """What was received in the months from one moment to another."""
    while first < until:
        yield from deliveries.of_month(f"{first:%Y-%m}")
        first = _month_after(first)


def _targets(receipts: Iterable[Receipt], product: Product) -> list[tuple[datetime, Receipt]]:
    """Receipts by when they were due, where anything is promised of them."""
    found = ((target_of(product.timeliness, one.note, one.received_at), one) for one in receipts)
    return [(target, one) for target, one in found if target is not None]


def _begun(
    dataset: str,
    product: Product,
    known: list[tuple[datetime, Receipt]],
    first: datetime,
    deliveries: Deliveries,
) -> datetime | None:
    """When the first of a dataset's deliveries was due, or one before `first`; None = none."""
    if not any(target < first for target, _ in known):
        known = [*known, *_targets(deliveries.of_dataset(dataset, MOST), product)]
    return min((target for target, _ in known), default=None)


def _published(receipts: Iterable[tuple[datetime, Receipt]]) -> dict[datetime, datetime]:
    """When each cycle was published first, by when it was due."""
    found: dict[datetime, datetime] = {}
    for due, one in receipts:
        if one.status == "published" and one.ended_at is not None:
            found[due] = min(one.ended_at, found.get(due, one.ended_at))
    return found


def _tally(cycles: list[Cycle], receipts: Iterable[tuple[datetime, Receipt]]) -> Tally:
    published = _published(receipts)
    delays_s = tuple(
        (published[cycle.due] - cycle.due).total_seconds()
        for cycle in cycles
        if cycle.due in published
    )
    in_time = sum(delay_s <= 0 for delay_s in delays_s)
    return Tally(len(cycles), in_time, len(delays_s) - in_time, delays_s)


def _month_after(moment: datetime) -> datetime:
    """The first moment of the month after a moment's."""
    return (moment.replace(day=1) + timedelta(days=32)).replace(
        day=1, hour=0, minute=0, second=0, microsecond=0
    )
