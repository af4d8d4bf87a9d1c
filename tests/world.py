"""A whole world of fakes in one value: what use cases and doors are tested in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property

from atoll.admission.decide import Limits
from atoll.dialects.delivery import Documents
from atoll.model.coverage import Coverage
from atoll.model.job import Account, Outcome, manifest_beside, result_key
from atoll.ports import Ports
from atoll.ports.deliveries import DeliveryPorts
from tests.fakes import (
    FakeAccounts,
    FakeCatalogue,
    FakeDeliveries,
    FakeDeliveryQueue,
    FakeDeliveryWorkflow,
    FakeIncoming,
    FakeJournal,
    FakeLedger,
    FakeNotifier,
    FakePolicies,
    FakeProducts,
    FakeResults,
    FakeSecrets,
    FakeWorkflow,
)
from tests.planning.builders import levitus_coverage, navy_coverage

T0 = datetime(2026, 11, 1, 12, tzinfo=UTC)
ANN = Account(account_id="ann-id", profiles=("public",))
NAV = Account(account_id="nav-id", profiles=("navy",))

LIMITS = Limits(
    small_bytes=4 * 2**20,
    medium_bytes=6 * 2**20,
    file_bytes=2**42,
    hard_limit_bytes=None,
    result_lifetime_s=86_400,
    url_lifetime_s=3_600,
)


def demo_coverages() -> tuple[Coverage, ...]:
    """The demo's two datasets: one public, one restricted to the profile `navy`."""
    return levitus_coverage(), navy_coverage(profiles=("navy",))


@dataclass
class World:
    """Fakes, a clock that stands until it is moved, ids that count."""

    catalogue: FakeCatalogue = field(default_factory=lambda: FakeCatalogue(*demo_coverages()))
    ledger: FakeLedger = field(default_factory=FakeLedger)
    policies: FakePolicies = field(default_factory=FakePolicies)
    workflow: FakeWorkflow = field(default_factory=FakeWorkflow)
    journal: FakeJournal = field(default_factory=FakeJournal)
    results: FakeResults = field(default_factory=FakeResults)
    notifier: FakeNotifier = field(default_factory=FakeNotifier)
    secrets: FakeSecrets = field(default_factory=FakeSecrets)
    products: FakeProducts = field(default_factory=FakeProducts)
    deliveries: FakeDeliveries = field(default_factory=FakeDeliveries)
    incoming: FakeIncoming = field(default_factory=FakeIncoming)
    delivery_queue: FakeDeliveryQueue = field(default_factory=FakeDeliveryQueue)
    delivery_workflow: FakeDeliveryWorkflow = field(default_factory=FakeDeliveryWorkflow)
    limits: Limits = LIMITS
    time: datetime = T0
    ids: int = 0

    def __post_init__(self) -> None:
        """What the ledger writes the journal reads."""
        self.ledger.entries = self.journal.entries

    @cached_property
    def accounts(self) -> FakeAccounts:
        return FakeAccounts(self.ledger)

    def now(self) -> datetime:
        return self.time

    def new_id(self) -> str:
        self.ids += 1
        return f"id-{self.ids:05d}"

    def later(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def make_result(
        self,
        job_id: str,
        content: bytes = b"CDF",
        *,
        name: str = "subset.nc",
        cells_with_data: int = 7,
    ) -> Outcome:
        """What an extractor does: an object in the results bucket, and its outcome.

        One named as a Zarr store has a manifest beside it.
        """
        key = result_key(job_id, name)
        self.results.objects[key] = content
        manifest = manifest_beside(key) if name.endswith(".zarr.zip") else None
        if manifest is not None:
            self.results.objects[manifest] = b"{}"
        return Outcome(
            key=key,
            output_bytes=len(content),
            sha256="0" * 64,
            cells_with_data=cells_with_data,
            manifest_key=manifest,
        )

    @property
    def ports(self) -> Ports:
        return Ports(
            self.catalogue,
            self.ledger,
            self.accounts,
            self.ledger,
            self.policies,
            self.journal,
            self.workflow,
            self.results,
            self.notifier,
            self.secrets,
            self.limits,
            self.now,
            self.new_id,
        )

    @property
    def delivery_ports(self) -> DeliveryPorts:
        return DeliveryPorts(
            products=self.products,
            deliveries=self.deliveries,
            incoming=self.incoming,
            queue=self.delivery_queue,
            workflow=self.delivery_workflow,
            documents=Documents(),
            operators=self.limits.operators,
            now=self.now,
        )

    def untouched(self) -> bool:
        """Whether nothing was reserved and nothing started."""
        return not (self.ledger.rows or self.ledger.entries or self.workflow.started)
