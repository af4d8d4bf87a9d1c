"""What one delivery does to a dataset, its files on this machine, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from atoll.model.coverage import Coverage
from atoll.model.delivery import Action
from atoll.model.moment import Period
from atoll.model.product import Product

type Step = Literal["ingesting", "verifying"]


def _unheard(_step: Step) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Change:
    """One operation of a delivery.

    Attributes:
        action: as `model.delivery.Operation` has it.
        path: of the file of a `put` or `replace`.
        period: of a `delete`, both ends included; a date is the whole day.
    """

    action: Action
    path: Path | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One delivery.

    Attributes:
        dataset: id; see `model.names`.
        product: its settings.
        changes: in the order in which they are done.
        delivery_id: by which it is known to be done already; None = it has none, and where it
            changes nothing it leaves no trace.
        on_step: told before each step begins.
        reference_time, production_time: as `model.delivery.DeliveryNote` has them.
    """

    dataset: str
    product: Product
    changes: tuple[Change, ...]
    delivery_id: str | None = None
    on_step: Callable[[Step], None] = _unheard
    reference_time: str | None = None
    production_time: str | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Of all changes that have one, in order."""
        return tuple(change.path for change in self.changes if change.path is not None)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a delivery.

    Attributes:
        revision: that holds it first.
        coverage: of the dataset as it is now: of a delivery that was done before, another
            may have come after it.
    """

    revision: str
    coverage: Coverage
