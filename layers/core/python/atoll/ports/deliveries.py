"""What producers deliver: notes, files, and the settings of what they deliver to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from atoll.model.delivery import DeliveryNote, Finding, Operation, Receipt
from atoll.model.product import Product
from atoll.ports.workflow import ExecutionState


class Products(Protocol):
    """Settings of the unit's datasets, as their operators wrote them."""

    def product(self, dataset: str) -> Product:
        """The settings of one dataset.

        Raises:
            UnknownDataset: it has none.
            Unavailable: the store did not answer.
        """
        ...

    def datasets(self) -> list[str]:
        """Ids of all datasets with settings, sorted."""
        ...

    def put(self, dataset: str, product: Product, before: Product | None) -> bool:
        """Set a dataset's settings, whether or not there is data of it yet.

        Args:
            dataset: its id.
            product: as they are to be.
            before: as they were; None = there were none.

        Returns:
            False where they are not `before` any more; nothing was changed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Unbegun:
    """A delivery that was received, and that nobody has begun to check."""

    delivery_id: str
    dataset: str
    received_at: datetime


class Deliveries(Protocol):
    """Every delivery that a unit received, for ever."""

    def receive(self, receipt: Receipt) -> Receipt:
        """Keep a new delivery, or return the one of that id as it is.

        The caller compares the digests: another note of the same id changes nothing here.
        """
        ...

    def receipt(self, delivery_id: str) -> Receipt:
        """A delivery as it is now.

        Raises:
            UnknownDelivery: there is none.
            Unavailable: the store did not answer.
        """
        ...

    def advance(self, before: Receipt, after: Receipt) -> bool:
        """Replace a receipt by what became of it.

        Returns:
            False where it is not `before` any more; nothing was changed.
        """
        ...

    def of_dataset(self, dataset: str, limit: int) -> list[Receipt]:
        """A dataset's newest deliveries, by when they were received, the newest first."""
        ...

    def of_month(self, month: str) -> list[Receipt]:
        """All that were received in a month (`2026-11`, UTC)."""
        ...

    def take_turn(self, dataset: str, delivery_id: str) -> bool:
        """Begin to change a dataset: one delivery at a time. True also where it has begun.

        Returns:
            False where another delivery has the turn.
        """
        ...

    def end_turn(self, dataset: str, delivery_id: str) -> None:
        """Let the next one begin; nothing where the turn is another's."""
        ...

    def turns_taken(self) -> dict[str, str]:
        """Which delivery changes which dataset: their ids, by dataset.

        Of what began or ended just now it may not know yet.
        """
        ...

    def unbegun(self) -> list[Unbegun]:
        """All whose status is `received`, the oldest first; as current as `turns_taken`."""
        ...


class Incoming(Protocol):
    """The bucket that producers upload to."""

    def upload_url(self, note: DeliveryNote, operation: Operation, lifetime_s: int) -> str:
        """An address that one file, of that size and digest alone, may be put to."""
        ...

    def note_url(self, note: DeliveryNote, lifetime_s: int) -> str:
        """An address that the note may be put to, once."""
        ...

    def read_note(self, key: str, limit_bytes: int) -> bytes:
        """A note as it was uploaded.

        Raises:
            InvalidParameter: there is none, or it is longer than `limit_bytes`.
            Unavailable: the store did not answer.
        """
        ...

    def fetch(self, key: str, path: Path, limit_bytes: int) -> int:
        """Copy a file to this machine.

        Returns:
            Its size, bytes.

        Raises:
            DataError: there is none, or it is longer than `limit_bytes`.
            Unavailable: the store did not answer.
        """
        ...

    def respond(self, folder: str, response: bytes) -> None:
        """Put the answer beside a note; another time it takes the place of the first.

        Args:
            folder: the note's, see `DeliveryNote.folder`: what was left may be no note at all.
            response: JSON.
        """
        ...


class DeliveryQueue(Protocol):
    """Deliveries wait for their dataset's turn, in the order in which they were received."""

    def send(self, receipt: Receipt) -> None:
        """Let a delivery wait; the same again within minutes waits once."""
        ...


class DeliveryWorkflow(Protocol):
    """What carries deliveries out."""

    def start(self, delivery_id: str) -> None:
        """Start the delivery's execution. Once started, starting it again changes nothing.

        Raises:
            Unavailable: it could not be started; nothing runs.
        """
        ...

    def state(self, delivery_id: str) -> ExecutionState | None:
        """How the delivery's execution does; None = it was never started.

        Raises:
            Unavailable: nobody knows now.
        """
        ...


class DeliveryDocuments(Protocol):
    """In which words notes and responses are written. It asks nobody: it is no store."""

    def read(self, name: str, text: bytes, delivery_id: str) -> DeliveryNote:
        """A note, in the form that its file's name says.

        Raises:
            InvalidRequest: it is none.
        """
        ...

    def response(self, receipt: Receipt) -> bytes:
        """What became of a delivery."""
        ...

    def refusal(self, delivery_id: str, at: datetime, findings: Sequence[Finding]) -> bytes:
        """Why there is no delivery."""
        ...


@dataclass(frozen=True, slots=True)
class DeliveryPorts:
    """Everything impure that deliveries need.

    Attributes:
        operators: the operators' profile.
    """

    products: Products
    deliveries: Deliveries
    incoming: Incoming
    queue: DeliveryQueue
    workflow: DeliveryWorkflow
    documents: DeliveryDocuments
    operators: str
    now: Callable[[], datetime]
