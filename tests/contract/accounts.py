"""The accounts whose jobs a ledger keeps."""

from atoll.aws.accounts import DynamoAccounts
from atoll.aws.ledger import DynamoLedger
from atoll.ports import Accounts, Ledger
from tests.contract.tables import LEDGER_TABLES
from tests.fakes import FakeAccounts, FakeLedger


def accounts_of(ledger: Ledger) -> Accounts:
    """The port Accounts on the same state."""
    if isinstance(ledger, FakeLedger):
        return FakeAccounts(ledger)
    assert isinstance(ledger, DynamoLedger)
    return DynamoAccounts(ledger._dynamodb, LEDGER_TABLES.accounts)  # noqa: SLF001  the same client
