"""What a worker that publishes deliveries works with: fakes, a folder of datasets, a gate."""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.functions.environment import ENVIRONMENT

os.environ.update({name: ENVIRONMENT[name] for name in ENVIRONMENT if "AWS" not in name})

from atoll.bootstrap import deliver as process
from atoll.dialects.delivery import Documents
from atoll.model.delivery import DeliveryNote, Finding, Operation, Receipt
from atoll.model.product import Product
from atoll.ports.deliveries import DeliveryPorts
from atoll.publication.repository import Target
from tests.fakes import (
    FakeCatalogue,
    FakeDeliveries,
    FakeDeliveryQueue,
    FakeDeliveryWorkflow,
    FakeIncoming,
    FakeProducts,
)
from tests.publication.builders import Grid, plain, steps

__all__ = ["T0", "Unit", "process"]

T0 = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Unit:
    """What a worker works with; each run of it has an empty folder."""

    path: Path
    deliveries: Any = field(default_factory=FakeDeliveries)
    incoming: Any = field(default_factory=FakeIncoming)
    products: FakeProducts = field(default_factory=lambda: FakeProducts(kept={"d": plain()}))
    catalogue: Any = field(default_factory=FakeCatalogue)
    found: list[Finding] = field(default_factory=list)
    checked: list[list[str]] = field(default_factory=list)

    def operation(self, days: Sequence[float], action: Any = "put", seed: int = 0) -> Operation:
        """An operation with a file that was uploaded."""
        name = f"in/{action}-{seed}.nc"
        local = Grid(steps(len(days), seed), days).write(self.path / "made.nc")
        content = local.read_bytes()
        self.incoming.objects[f"incoming/met/delivery-{seed}/{name}"] = content
        digest = hashlib.sha256(content).hexdigest()
        return Operation(action=action, path=name, size_bytes=len(content), sha256=digest)

    def receive(self, *operations: Operation, seed: int = 0, **changes: Any) -> str:
        note = DeliveryNote(
            delivery_id=f"delivery-{seed}",
            producer="met",
            product="plain",
            dataset="d",
            operations=operations,
        )
        receipt = Receipt(note=note, digest="0" * 64, status="received", received_at=T0)
        self.deliveries.receive(receipt.model_copy(update=changes))
        return note.delivery_id

    def run(self, delivery_id: str) -> Receipt:
        folder = self.path / "folder"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        return process.Deliverer(
            ports=DeliveryPorts(
                self.products,
                self.deliveries,
                self.incoming,
                FakeDeliveryQueue(),
                FakeDeliveryWorkflow(),
                Documents(),
                "operators",
                lambda: T0,
            ),
            catalogue=self.catalogue,
            target=Target(f"file://{self.path / 'bucket'}"),
            folder=folder,
            check=self.check,
        ).deliver(delivery_id)

    def check(self, files: Sequence[Path], _product: Product) -> list[Finding]:
        assert all(file.is_file() for file in files)
        self.checked.append([file.name for file in files])
        return self.found

    def times(self) -> int:
        entry = self.catalogue.entry("d")
        size: int = self.catalogue.describe("d", entry.revision).axis_of("T").size
        return size
