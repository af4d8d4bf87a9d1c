"""What an account has used of what it may use."""

from dataclasses import dataclass

from atoll.admission.allowance import allowance_of
from atoll.model.job import Account
from atoll.model.policy import Allowance
from atoll.ports import Balance, Counts, Ports
from atoll.services.reports import Rows, report


@dataclass(frozen=True, slots=True)
class Usage:
    """A month of an account.

    Attributes:
        balance: bytes of the month.
        counts: jobs that wait and run now.
        allowance: by the policy now in force.
        datasets: orders of the month, by dataset.
    """

    balance: Balance
    counts: Counts
    allowance: Allowance
    datasets: Rows

    @property
    def left_bytes(self) -> int | None:
        """Bytes that may still be ordered in that month; None = there is no limit."""
        most = self.allowance.bytes_per_month
        if most is None:
            return None
        return max(0, most - self.balance.reserved_bytes - self.balance.settled_bytes)


def usage(account: Account, month: str, ports: Ports) -> Usage:
    """A month of the account's own.

    Args:
        account: who asks.
        month: `YYYY-MM`.
        ports: the impure parts.

    Raises:
        Unavailable: a store did not answer.
    """
    lines = ports.journal.of_account(account.account_id, month)
    return Usage(
        balance=ports.accounts.balance(account.account_id, month),
        counts=ports.accounts.counts(account.account_id),
        allowance=allowance_of(ports.policies.current().policy, account.profiles),
        datasets=report(lines, ("dataset",)),
    )
