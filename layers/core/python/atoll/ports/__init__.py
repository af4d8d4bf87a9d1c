"""Everything impure that a use case needs, as the role it plays. No technology is named here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from atoll.admission.decide import Limits
from atoll.ports.accounts import Accounts, Balance, Counts
from atoll.ports.catalogue import Catalogue, DatasetEntry
from atoll.ports.journal import Journal
from atoll.ports.ledger import NO_TERMS, Hindrance, JobPage, Ledger, Terms, Wanted
from atoll.ports.notices import Notifier, Secrets
from atoll.ports.policies import Policies
from atoll.ports.queue import Queue
from atoll.ports.results import Results, Uploads
from atoll.ports.workflow import ExecutionState, Workflow

__all__ = [
    "NO_TERMS",
    "Accounts",
    "Balance",
    "Catalogue",
    "Counts",
    "DatasetEntry",
    "Ends",
    "ExecutionState",
    "Hindrance",
    "JobPage",
    "Journal",
    "Ledger",
    "Notifier",
    "Policies",
    "Ports",
    "Queue",
    "Results",
    "Secrets",
    "Terms",
    "Uploads",
    "Wanted",
    "Workflow",
]


@dataclass(frozen=True, slots=True)
class Ends:
    """What ending jobs, and starting those that wait, needs: a part of Ports."""

    ledger: Ledger
    queue: Queue
    policies: Policies
    workflow: Workflow
    results: Results
    notifier: Notifier
    now: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Ports:
    """One record of everything impure: real in production, fakes with state in tests."""

    catalogue: Catalogue
    ledger: Ledger
    accounts: Accounts
    queue: Queue
    policies: Policies
    journal: Journal
    workflow: Workflow
    results: Results
    notifier: Notifier
    secrets: Secrets
    limits: Limits
    now: Callable[[], datetime]
    new_id: Callable[[], str]

    @property
    def ends(self) -> Ends:
        """What ending jobs needs."""
        return Ends(
            self.ledger,
            self.queue,
            self.policies,
            self.workflow,
            self.results,
            self.notifier,
            self.now,
        )
