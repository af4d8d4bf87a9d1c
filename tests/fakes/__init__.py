"""Every port as a real class with state. Tests look at the state, never at the calls.

Each fake has `available`: set it to False and the port answers `Unavailable`, as a part of
AWS does that is down. The suites in tests/contract hold the fakes and the real adapters to
the same behaviour.
"""

from tests.fakes.accounts import FakeAccounts
from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.deliveries import (
    FakeDeliveries,
    FakeDeliveryQueue,
    FakeDeliveryWorkflow,
    FakeIncoming,
    FakeProducts,
)
from tests.fakes.journal import FakeJournal
from tests.fakes.ledger import FakeLedger
from tests.fakes.notices import FakeNotifier, FakeSecrets, FakeTopic, FakeWebhooks
from tests.fakes.policies import FakePolicies
from tests.fakes.records import FakeRecordEvents, FakeRecordStore
from tests.fakes.results import FakeResults, FakeUploads
from tests.fakes.workflow import FakeWorkflow

__all__ = [
    "FakeAccounts",
    "FakeCatalogue",
    "FakeDeliveries",
    "FakeDeliveryQueue",
    "FakeDeliveryWorkflow",
    "FakeIncoming",
    "FakeJournal",
    "FakeLedger",
    "FakeNotifier",
    "FakePolicies",
    "FakeProducts",
    "FakeRecordEvents",
    "FakeRecordStore",
    "FakeResults",
    "FakeSecrets",
    "FakeTopic",
    "FakeUploads",
    "FakeWebhooks",
    "FakeWorkflow",
]
