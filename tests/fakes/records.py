"""The federation's records, in memory."""

from dataclasses import dataclass, field
from pathlib import Path

from atoll.errors import Unavailable
from atoll.model.announcement import Telling
from atoll.ports.records import KeptRecords
from tests.fakes.available import demand_up


@dataclass
class FakeRecordEvents:
    """The port RecordEvents.

    Attributes:
        told: in order.
    """

    available: bool = True
    told: list[Telling] = field(default_factory=list)

    def announce(self, telling: Telling) -> None:
        demand_up("catalogue", available=self.available)
        self.told.append(telling)


@dataclass
class FakeRecordStore:
    """The port RecordStore.

    Attributes:
        kept: by id; None = it cannot be read.
        files: version -> content.
        present: version.
    """

    available: bool = True
    kept: dict[str, Telling | None] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    present: str | None = None

    def keep(self, telling: Telling) -> bool:
        demand_up("catalogue", available=self.available)
        name = telling.announcement.record.catalogue_id
        there = self.kept.get(name)
        if there is not None and telling.is_older_than(there):
            return False
        self.kept[name] = telling
        return True

    def records(self) -> KeptRecords:
        demand_up("catalogue", available=self.available)
        told = sorted(self.kept.items())
        return KeptRecords(
            readable=[kept.announcement for _, kept in told if kept],
            unreadable=[name for name, kept in told if kept is None],
        )

    def version(self) -> str | None:
        demand_up("catalogue", available=self.available)
        return self.present

    def fetch(self, version: str, path: Path) -> None:
        demand_up("catalogue", available=self.available)
        if version not in self.files:
            raise Unavailable(f"There is no version {version} any more.")
        path.write_bytes(self.files[version])

    def replace(self, before: str | None, version: str, path: Path) -> bool:
        demand_up("catalogue", available=self.available)
        if self.present != before:
            return False
        self.files[version] = path.read_bytes()
        self.present = version
        return True
