"""What is kept of accounts, in memory."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from atoll.ports import Balance, Counts
from tests.fakes.available import demand_up
from tests.fakes.ledger import FakeLedger


@dataclass
class FakeAccounts:
    """The port Accounts.

    Attributes:
        ledger: whose jobs and balances are looked at.
        requests: by (account id, minute).
        accepted: revision by (account id, licence).
    """

    ledger: FakeLedger
    available: bool = True
    requests: dict[tuple[str, str], int] = field(default_factory=dict)
    accepted: dict[tuple[str, str], int] = field(default_factory=dict)

    def balance(self, account_id: str, month: str) -> Balance:
        demand_up("ledger", available=self.available and self.ledger.available)
        return self.ledger.balances.get((account_id, month), Balance())

    def counts(self, account_id: str) -> Counts:
        demand_up("ledger", available=self.available and self.ledger.available)
        return self.ledger.count(account_id)

    def count_request(self, account_id: str, now: datetime, limit: int) -> bool:
        demand_up("ledger", available=self.available)
        key = (account_id, now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M"))
        counted = self.requests.get(key, 0)
        if counted >= limit:
            return False
        self.requests[key] = counted + 1
        return True

    def licences(self, account_id: str) -> dict[str, int]:
        demand_up("ledger", available=self.available)
        return {
            licence: revision
            for (whose, licence), revision in self.accepted.items()
            if whose == account_id
        }

    def accept_licence(self, account_id: str, licence: str, revision: int, now: datetime) -> None:
        del now
        demand_up("ledger", available=self.available)
        key = (account_id, licence)
        self.accepted[key] = max(revision, self.accepted.get(key, 0))
