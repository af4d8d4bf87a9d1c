"""The federation's records: how units tell of them, and how central keeps and indexes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from atoll.model.announcement import Announcement, Telling


class RecordEvents(Protocol):
    """How a unit tells the federation's catalogue."""

    def announce(self, telling: Telling) -> None:
        """Tell of a dataset's record, whether or not it was told before.

        Raises:
            Unavailable: the bus did not take it.
        """
        ...


class IndexSource(Protocol):
    """Where the catalogue's file is to be had."""

    def version(self) -> str | None:
        """The present version; None = there is none yet.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def fetch(self, version: str, path: Path) -> None:
        """Write a version's file.

        Raises:
            Unavailable: the store did not answer, or has this version no more.
        """
        ...


@dataclass(frozen=True, slots=True)
class KeptRecords:
    """What is kept.

    Attributes:
        readable: sorted by the ids of their records.
        unreadable: names of what cannot be read; a newer telling takes the place of each.
    """

    readable: Sequence[Announcement]
    unreadable: Sequence[str] = ()


class RecordStore(IndexSource, Protocol):
    """Central's records, and the index made of them."""

    def keep(self, telling: Telling) -> bool:
        """Keep a record in place of an older one of its dataset, or of one that is unreadable.

        Returns:
            False where a newer one is there; nothing was changed.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def records(self) -> KeptRecords:
        """Everything that was kept before this began.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def replace(self, before: str | None, version: str, path: Path) -> bool:
        """Make a file the catalogue.

        Args:
            before: the version that it takes the place of; None = there is none.
            version: of the file, which no other has.
            path: of the file.

        Returns:
            False where another is the present version by now; nothing was changed.

        Raises:
            Unavailable: the store did not answer; it may have been replaced.
        """
        ...
