"""The ledger's lines, read."""

from collections.abc import Iterator
from datetime import date
from typing import Protocol

from atoll.model.entry import Entry


class Journal(Protocol):
    """What was written into the ledger. One line of just now may still be missing."""

    def of_day(self, day: date) -> Iterator[Entry]:
        """All lines of one day (UTC), in order of time; read while they are taken.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def newest(self, day: date, limit: int) -> list[Entry]:
        """The last lines of a day (UTC), the newest first.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def of_account(self, account_id: str, month: str) -> Iterator[Entry]:
        """An account's lines whose bytes count in a month, `YYYY-MM`; by order, oldest first.

        Raises:
            Unavailable: the store did not answer.
        """
        ...
