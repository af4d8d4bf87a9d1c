"""The federation's catalogue is told of the datasets of a unit, as they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from atoll.admission.entitlement import kept_for, shown_to
from atoll.errors import DataError, Unavailable
from atoll.model.announcement import Announcement, Telling
from atoll.model.coverage import Coverage
from atoll.model.policy import PolicyVersion
from atoll.model.record import AccessPoint, Publisher
from atoll.ports import Catalogue
from atoll.ports.records import RecordEvents
from atoll.services.faults import noted
from atoll.services.records import record_of


@dataclass(frozen=True, slots=True)
class Announcer:
    """Tells of a unit's datasets.

    Attributes:
        events: how.
        publisher: the unit.
        catalogue: of the unit.
        policy: the newest version: one that is some seconds old would be told as if it held.
        doors: where a dataset is to be had, at the unit's address.
        now: the clock.
    """

    events: RecordEvents
    publisher: Publisher
    catalogue: Catalogue
    policy: Callable[[], PolicyVersion]
    doors: Callable[[Coverage, str], tuple[AccessPoint, ...]]
    now: Callable[[], datetime]

    def announce(self, dataset: str) -> None:
        """Tell of a dataset as it is at this moment.

        Raises:
            UnknownDataset: there is none.
            DataError: what is kept of it, or the policy, cannot be read.
            Unavailable: nobody could be told, or a part did not answer.
        """
        # First of all: who reads later than another has read at least what that one has.
        told_at = self.now()
        entry = self.catalogue.entry(dataset)
        coverage, version = self.catalogue.describe(dataset, entry.revision), self.policy()
        kept = kept_for(dataset, entry.profiles, version.policy)
        shown = coverage.model_copy(update={"profiles": kept})
        announcement = Announcement(
            record=record_of(shown, self.publisher, self.doors(shown, self.publisher.url)),
            visible_to=shown_to(dataset, entry.profiles, version.policy),
        )
        self.events.announce(
            Telling(announcement=announcement, policy_version=version.number, told_at=told_at)
        )


def announce_all(announcer: Announcer) -> Sequence[str]:
    """Tell of all datasets of a unit.

    Returns:
        Their ids.

    Raises:
        DataError, Unavailable: see `announce_each`.
    """
    return announce_each([entry.dataset for entry in announcer.catalogue.entries()], announcer)


def announce_each(datasets: Iterable[str], announcer: Announcer) -> Sequence[str]:
    """Tell of these datasets.

    Returns:
        Their ids.

    Raises:
        DataError: of some nothing can be told; all others were told of.
        Unavailable: somebody did not answer; those before were told of.
    """
    told: list[str] = []
    faults: list[Exception] = []
    for dataset in datasets:
        with noted(faults):
            announcer.announce(dataset)
            told.append(dataset)
        if faults and isinstance(faults[-1], Unavailable):
            raise faults[-1]
    if faults:
        reasons = "; ".join(map(str, faults))
        raise DataError(f"{len(told)} datasets were told of, {len(faults)} were not: {reasons}")
    return told
