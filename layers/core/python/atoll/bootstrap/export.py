"""The process that exports the ledger, a day at a time."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypedDict

from atoll.aws.archive import S3Archive
from atoll.aws.journal import DynamoJournal
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.settings import UnitSettings, now
from atoll.dialects.ledger import COLUMNS
from atoll.dialects.parquet import parquet_bytes
from atoll.errors import InvalidParameter
from atoll.model.entry import Entry
from atoll.ports import Journal


class Exported(TypedDict):
    """What was exported.

    Attributes:
        day: `YYYY-MM-DD`.
        key: of the file.
        entries: lines in it.
        file_bytes: its size.
    """

    day: str
    key: str
    entries: int
    file_bytes: int


class ExportSettings(UnitSettings):
    """From where, and to where."""

    ledger_table: str
    ledger_bucket: str


@dataclass(slots=True)
class Export:
    """Writes a day's lines as Parquet. A day that is over has the same file each time.

    Attributes:
        journal: whose lines.
        archive: where to.
        now: the clock.
    """

    journal: Journal
    archive: S3Archive
    now: Callable[[], datetime]

    def __call__(self, event: Mapping[str, object]) -> Exported:
        """Export the day that an event is about.

        Raises:
            InvalidParameter: it is about none, or about one that is not over.
            Unavailable: the ledger or the archive did not answer.
        """
        day, taken = day_of(event, self.now()), _Counted()
        content = parquet_bytes(COLUMNS, taken.of(self.journal.of_day(day)))
        key = self.archive.put(day, content)
        return {
            "day": day.isoformat(),
            "key": key,
            "entries": taken.count,
            "file_bytes": len(content),
        }


@dataclass(slots=True)
class _Counted:
    count: int = 0

    def of(self, lines: Iterator[Entry]) -> Iterator[Entry]:
        """The lines; how many they were is known afterwards."""
        for line in lines:
            self.count += 1
            yield line


def day_of(event: Mapping[str, object], moment: datetime) -> date:
    """The day that an event asks for, or the one before that of a schedule's event.

    Args:
        event: with `day`, or with `time` as EventBridge gives it: a late repetition is about
            the same day.
        moment: now.

    Raises:
        InvalidParameter: it has neither, or the day is not over in UTC.
    """
    name = "day" if "day" in event else "time"
    said = str(event.get(name))
    try:
        if name == "day":
            day = date.fromisoformat(said)
        else:
            day = datetime.fromisoformat(said).astimezone(UTC).date() - timedelta(days=1)
    except ValueError as fault:
        raise InvalidParameter(name, said, "a day is, e.g. 2026-11-30") from fault
    if day >= moment.astimezone(UTC).date():
        raise InvalidParameter(name, said, "a day that is over in UTC is")
    return day


def make_export() -> Export:
    """What exporting needs, from the environment."""
    settings, clients = ExportSettings.read(), make_clients()
    return Export(
        journal=DynamoJournal(clients.dynamodb, settings.ledger_table),
        archive=S3Archive(clients.s3, settings.ledger_bucket, settings.atoll_unit),
        now=now,
    )
