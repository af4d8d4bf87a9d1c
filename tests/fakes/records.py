"""The federation's records, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from atoll.errors import Unavailable
from atoll.model.announcement import Announcement, KeptRecord
from atoll.model.record import Record
from tests.fakes.available import demand_up


@dataclass
class FakeRecordEvents:
    """The port RecordEvents.

    Attributes:
        told: in order.
    """

    available: bool = True
    told: list[Announcement] = field(default_factory=list)

    def announce(self, record: Record, visible_to: tuple[str, ...] | None) -> None:
        demand_up("catalogue", available=self.available)
        self.told.append(Announcement(record=record, visible_to=visible_to))


@dataclass
class FakeRecordStore:
    """The port RecordStore.

    Attributes:
        kept: by id.
        files: version -> content.
        present: version.
    """

    available: bool = True
    kept: dict[str, KeptRecord] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    present: str | None = None

    def keep(self, kept: KeptRecord) -> bool:
        demand_up("catalogue", available=self.available)
        name = kept.announcement.record.catalogue_id
        there = self.kept.get(name)
        if there is not None and there.announced_at > kept.announced_at:
            return False
        self.kept[name] = kept
        return True

    def records(self) -> Sequence[Announcement]:
        demand_up("catalogue", available=self.available)
        return [self.kept[name].announcement for name in sorted(self.kept)]

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
