"""What producers deliver, in memory."""

from dataclasses import dataclass, field
from pathlib import Path

from atoll.errors import DataError, InvalidParameter, UnknownDataset, UnknownDelivery
from atoll.model.delivery import NOTE_NAME, RESPONSE_NAME, DeliveryNote, Operation, Receipt
from atoll.model.names import check_dataset_id
from atoll.model.product import Product
from atoll.ports import ExecutionState
from atoll.ports.deliveries import Unbegun
from tests.fakes.available import demand_up


@dataclass
class FakeProducts:
    """The port Products.

    Attributes:
        kept: by dataset.
    """

    available: bool = True
    kept: dict[str, Product] = field(default_factory=dict)

    def product(self, dataset: str) -> Product:
        demand_up("products", available=self.available)
        if dataset not in self.kept:
            raise UnknownDataset(f"{dataset!r} has no settings", {"dataset": dataset})
        return self.kept[dataset]

    def datasets(self) -> list[str]:
        demand_up("products", available=self.available)
        return sorted(self.kept)

    def put(self, dataset: str, product: Product, before: Product | None) -> bool:
        demand_up("products", available=self.available)
        check_dataset_id("dataset", dataset)
        if self.kept.get(dataset) != before:
            return False
        self.kept[dataset] = product
        return True


@dataclass
class FakeDeliveries:
    """The port Deliveries.

    Attributes:
        receipts: by delivery id.
        turns: dataset -> the delivery that changes it.
    """

    available: bool = True
    receipts: dict[str, Receipt] = field(default_factory=dict)
    turns: dict[str, str] = field(default_factory=dict)

    def receive(self, receipt: Receipt) -> Receipt:
        demand_up("deliveries", available=self.available)
        return self.receipts.setdefault(receipt.note.delivery_id, receipt)

    def receipt(self, delivery_id: str) -> Receipt:
        demand_up("deliveries", available=self.available)
        if delivery_id not in self.receipts:
            raise UnknownDelivery(f"there is no {delivery_id!r}", {"delivery": delivery_id})
        return self.receipts[delivery_id]

    def advance(self, before: Receipt, after: Receipt) -> bool:
        demand_up("deliveries", available=self.available)
        if self.receipts.get(before.note.delivery_id) != before:
            return False
        self.receipts[before.note.delivery_id] = after
        return True

    def of_dataset(self, dataset: str, limit: int) -> list[Receipt]:
        demand_up("deliveries", available=self.available)
        found = [one for one in self.receipts.values() if one.note.dataset == dataset]
        return sorted(found, key=lambda one: one.received_at, reverse=True)[:limit]

    def of_month(self, month: str) -> list[Receipt]:
        demand_up("deliveries", available=self.available)
        return [one for one in self.receipts.values() if f"{one.received_at:%Y-%m}" == month]

    def take_turn(self, dataset: str, delivery_id: str) -> bool:
        demand_up("deliveries", available=self.available)
        return self.turns.setdefault(dataset, delivery_id) == delivery_id

    def end_turn(self, dataset: str, delivery_id: str) -> None:
        demand_up("deliveries", available=self.available)
        if self.turns.get(dataset) == delivery_id:
            del self.turns[dataset]

    def turns_taken(self) -> dict[str, str]:
        demand_up("deliveries", available=self.available)
        return dict(self.turns)

    def unbegun(self) -> list[Unbegun]:
        demand_up("deliveries", available=self.available)
        found = [
            Unbegun(one.note.delivery_id, one.note.dataset, one.received_at)
            for one in self.receipts.values()
            if one.status == "received"
        ]
        return sorted(found, key=lambda one: one.received_at)


@dataclass
class FakeIncoming:
    """The port Incoming.

    Attributes:
        objects: bytes by key.
    """

    available: bool = True
    objects: dict[str, bytes] = field(default_factory=dict)

    def upload_url(self, note: DeliveryNote, operation: Operation, lifetime_s: int) -> str:
        demand_up("incoming", available=self.available)
        bound = f"sha256={operation.sha256}&size_bytes={operation.size_bytes}"
        return f"https://incoming.test/{note.folder}{operation.path}?{bound}&{lifetime_s=}"

    def note_url(self, note: DeliveryNote, lifetime_s: int) -> str:
        demand_up("incoming", available=self.available)
        return f"https://incoming.test/{note.folder}{NOTE_NAME}?{lifetime_s=}"

    def read_note(self, key: str, limit_bytes: int) -> bytes:
        demand_up("incoming", available=self.available)
        if len(self.objects.get(key, bytes(limit_bytes + 1))) > limit_bytes:
            raise InvalidParameter("note", key, f"a note of up to {limit_bytes} bytes is")
        return self.objects[key]

    def fetch(self, key: str, path: Path, limit_bytes: int) -> int:
        demand_up("incoming", available=self.available)
        if key not in self.objects or len(self.objects[key]) > limit_bytes:
            raise DataError(f"{key} is not there, or longer than {limit_bytes} bytes")
        return path.write_bytes(self.objects[key])

    def respond(self, folder: str, response: bytes) -> None:
        demand_up("incoming", available=self.available)
        self.objects[folder + RESPONSE_NAME] = response


@dataclass
class FakeDeliveryQueue:
    """The port DeliveryQueue.

    Attributes:
        waiting: dataset -> ids of deliveries, the first to begin first.
    """

    available: bool = True
    waiting: dict[str, list[str]] = field(default_factory=dict)

    def send(self, receipt: Receipt) -> None:
        demand_up("delivery queue", available=self.available)
        group = self.waiting.setdefault(receipt.note.dataset, [])
        if receipt.note.delivery_id not in group:
            group.append(receipt.note.delivery_id)


@dataclass
class FakeDeliveryWorkflow:
    """The port DeliveryWorkflow.

    Attributes:
        started: ids of deliveries, each once.
        ended: ids of those whose execution came to its end.
    """

    available: bool = True
    started: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)

    def start(self, delivery_id: str) -> None:
        demand_up("delivery workflow", available=self.available)
        if delivery_id not in self.started:
            self.started.append(delivery_id)

    def state(self, delivery_id: str) -> ExecutionState | None:
        demand_up("delivery workflow", available=self.available)
        if delivery_id not in self.started:
            return None
        return "ended" if delivery_id in self.ended else "running"
