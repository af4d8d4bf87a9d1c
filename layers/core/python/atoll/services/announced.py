"""Whatever changes what the federation's catalogue says of a dataset is told to it at once.

That it cannot be told holds up nobody, whatever the reason: what was changed is changed. An
operator reads of it, and all is told again on a schedule.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from atoll.admission.entitlement import kept_for, shown_to
from atoll.model.coverage import Coverage
from atoll.model.policy import UNWRITTEN, Policy, PolicyVersion
from atoll.ports import Catalogue, DatasetEntry, Policies
from atoll.services.announcing import Announcer, announce_each

# A request has half a minute, a dataset takes some hundredths of a second.
MOST_AT_ONCE = 100

type Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class AnnouncedCatalogue:
    """A unit's catalogue; whatever is published in it, the federation's is told of.

    Attributes:
        kept: the unit's.
        announcer: of the unit.
        say: tells an operator that the federation's was not told, and why.
    """

    kept: Catalogue
    announcer: Announcer
    say: Say

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
        with _said(self.say, f"{coverage.dataset} is published"):
            self.announcer.announce(coverage.dataset)


@dataclass(frozen=True, slots=True)
class AnnouncedPolicies:
    """A unit's policies; whose datasets another one hides or shows, the federation's is told of.

    Attributes:
        kept: the unit's.
        announcer: of the unit.
        say: see `AnnouncedCatalogue`.
    """

    kept: Policies
    announcer: Announcer
    say: Say

    def current(self) -> PolicyVersion:
        """See `ports.Policies`."""
        return self.kept.current()

    def versions(self, limit: int) -> list[PolicyVersion]:
        """See `ports.Policies`."""
        return self.kept.versions(limit)

    def put(self, version: PolicyVersion) -> bool:
        """See `ports.Policies`; then tell of what it shows otherwise than the one before."""
        before = next(iter(self.kept.versions(1)), UNWRITTEN)
        if not self.kept.put(version):
            return False
        with _said(self.say, f"policy {version.number} is in force"):
            changed = self._changed(before.policy, version.policy)
            announce_each(changed[:MOST_AT_ONCE], self.announcer)
            if changed[MOST_AT_ONCE:]:
                self.say(f"{len(changed[MOST_AT_ONCE:])} datasets are told of on schedule")
        return True

    def _changed(self, before: Policy, after: Policy) -> list[str]:
        """Datasets of which the catalogue says something else now; what is to be hidden first."""
        changed = [
            entry
            for entry in self.announcer.catalogue.entries()
            if _seen(entry, before) != _seen(entry, after)
        ]
        changed.sort(key=lambda entry: _seen(entry, after)[0] is None)
        return [entry.dataset for entry in changed]


def _seen(entry: DatasetEntry, policy: Policy) -> tuple[tuple[str, ...] | None, bool]:
    """Who may know of a dataset, and whether everybody may have it."""
    said = (entry.dataset, entry.profiles, policy)
    return shown_to(*said), kept_for(*said) is None


@contextmanager
def _said(say: Say, done: str) -> Iterator[None]:
    """Go on without the federation's catalogue."""
    try:
        yield
    except Exception as fault:  # noqa: BLE001  what is done is no failure, whatever follows it
        say(f"{done}; on schedule, or by `atoll announce`, it is told of: {fault!r}")
