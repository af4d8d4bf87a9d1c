"""Lines of the ledger in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from atoll.model.entry import Entry
from tests.fakes.available import demand_up


@dataclass
class FakeJournal:
    """Reads lines that a test has written, or that a ledger of fakes writes.

    Attributes:
        entries: in any order.
    """

    available: bool = True
    entries: list[Entry] = field(default_factory=list)

    def of_day(self, day: date) -> Iterator[Entry]:
        demand_up("ledger", available=self.available)
        lines = [entry for entry in self.entries if entry.day == day.isoformat()]
        yield from sorted(lines, key=lambda entry: (entry.at, entry.entry_id))

    def newest(self, day: date, limit: int) -> list[Entry]:
        return list(self.of_day(day))[: -limit - 1 : -1]

    def of_account(self, account_id: str, month: str) -> Iterator[Entry]:
        demand_up("ledger", available=self.available)
        lines = [one for one in self.entries if (one.account_id, one.month) == (account_id, month)]
        yield from sorted(lines, key=lambda entry: entry.entry_id)
