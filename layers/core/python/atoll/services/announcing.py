"""The federation's catalogue is told of every dataset that a unit publishes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from atoll.admission.entitlement import kept_for, shown_to
from atoll.errors import Unavailable
from atoll.model.coverage import Coverage
from atoll.model.policy import Policy
from atoll.model.record import AccessPoint, Publisher
from atoll.ports import Catalogue, DatasetEntry
from atoll.ports.records import RecordEvents
from atoll.services.records import record_of


@dataclass(frozen=True, slots=True)
class Announcer:
    """Tells of a unit's datasets.

    Attributes:
        events: how.
        publisher: the unit.
        policy: in force.
        doors: where a dataset is to be had, at the unit's address.
    """

    events: RecordEvents
    publisher: Publisher
    policy: Callable[[], Policy]
    doors: Callable[[Coverage, str], tuple[AccessPoint, ...]]

    def announce(self, coverage: Coverage) -> None:
        """Tell of a dataset as it is.

        Args:
            coverage: with the profiles that its publication names.

        Raises:
            Unavailable: nobody could be told.
        """
        policy, published = self.policy(), coverage.profiles
        kept = kept_for(coverage.dataset, published, policy)
        shown = coverage.model_copy(update={"profiles": kept})
        record = record_of(shown, self.publisher, self.doors(shown, self.publisher.url))
        self.events.announce(record, shown_to(coverage.dataset, published, policy))


def announce_all(catalogue: Catalogue, announcer: Announcer) -> Sequence[str]:
    """Tell of all datasets of a unit.

    Returns:
        Their ids.

    Raises:
        Unavailable: somebody did not answer; those before were told of.
    """
    entries = catalogue.entries()
    for entry in entries:
        coverage = catalogue.describe(entry.dataset, entry.revision)
        announcer.announce(coverage.model_copy(update={"profiles": entry.profiles}))
    return [entry.dataset for entry in entries]


@dataclass(frozen=True, slots=True)
class AnnouncedCatalogue:
    """A unit's catalogue; whatever is published in it, the federation's is told of.

    That it cannot be told holds up nobody: an operator tells it again.

    Attributes:
        kept: the unit's.
        announcer: of the unit.
        say: tells an operator that the federation's was not told, and why.
    """

    kept: Catalogue
    announcer: Announcer
    say: Callable[[str], None]

    def entries(self) -> list[DatasetEntry]:
        """See `ports.Catalogue`."""
        return self.kept.entries()

    def entry(self, dataset: str) -> DatasetEntry:
        """See `ports.Catalogue`."""
        return self.kept.entry(dataset)

    def describe(self, dataset: str, revision: str) -> Coverage:
        """See `ports.Catalogue`."""
        return self.kept.describe(dataset, revision)

    def publish(self, coverage: Coverage) -> None:
        """See `ports.Catalogue`; then tell of it."""
        self.kept.publish(coverage)
        try:
            self.announcer.announce(coverage)
        except Unavailable as fault:
            self.say(f"{coverage.dataset} is published; `atoll announce` tells of it: {fault}")
