"""What an account has used, and what it has agreed to."""

from datetime import datetime
from typing import Protocol

from atoll.model.policy import PerTier
from atoll.model.value import Value


class Balance(Value):
    """Bytes of one account in one month.

    Attributes:
        reserved_bytes: of jobs under way.
        settled_bytes: delivered.
    """

    reserved_bytes: int = 0
    settled_bytes: int = 0


class Counts(Value):
    """Jobs of one account that have not ended.

    Attributes:
        waiting: for a slot.
        running: those that hold one.
    """

    waiting: PerTier = PerTier(small=0, medium=0, big=0)
    running: PerTier = PerTier(small=0, medium=0, big=0)


class Accounts(Protocol):
    """What is kept of accounts beside their jobs."""

    def balance(self, account_id: str, month: str) -> Balance:
        """What an account has reserved and settled in a month, `YYYY-MM`."""
        ...

    def counts(self, account_id: str) -> Counts:
        """How many jobs of an account wait and run."""
        ...

    def count_request(self, account_id: str, now: datetime, limit: int) -> bool:
        """Count one request of this minute.

        Returns:
            False where `limit` were counted already; then it is not counted.
        """
        ...

    def licences(self, account_id: str) -> dict[str, int]:
        """Licence -> the revision that the account has accepted last."""
        ...

    def accept_licence(self, account_id: str, licence: str, revision: int, now: datetime) -> None:
        """Record that the account accepts a revision of a licence. An older one changes nothing."""
        ...
