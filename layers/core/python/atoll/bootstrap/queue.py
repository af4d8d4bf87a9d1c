"""The processes that keep the queue moving."""

from collections.abc import Callable

from atoll.aws.journal import DynamoJournal
from atoll.bootstrap.completion import make_clients, make_ends
from atoll.bootstrap.settings import TableSettings
from atoll.services.reaper import reap
from atoll.services.reservations import free_reservations

type Look = Callable[[], list[str]]


def make_looks() -> dict[str, Look]:
    """What the reaper is called for, by name: each does it, and says for which jobs."""
    ends, settings = make_ends(), TableSettings.read()
    journal = DynamoJournal(make_clients().dynamodb, settings.ledger_table)
    return {
        "jobs": lambda: reap(ends),
        "reservations": lambda: free_reservations(journal, ends),
    }
