"""The process that publishes one delivery: it may be killed anywhere, and be begun again."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from atoll.aws.catalogue import DynamoCatalogue
from atoll.aws.descriptions import Descriptions
from atoll.bootstrap.announcing import announced
from atoll.bootstrap.completion import make_clients
from atoll.bootstrap.delivered_files import DeliveredFiles
from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.bootstrap.observability import logger
from atoll.bootstrap.patience import patiently, stop_when_asked
from atoll.bootstrap.settings import DelivererSettings, Place
from atoll.dialects.iso8601 import parse_datetime
from atoll.errors import (
    BrokerError,
    DataError,
    InvalidRequest,
    JobAlreadyEnded,
    Missing,
    Unavailable,
)
from atoll.model.delivery import DeliveryStatus, Finding, Operation, Receipt
from atoll.model.product import Product
from atoll.planning.digest import tag_of
from atoll.ports import Catalogue
from atoll.ports.deliveries import DeliveryPorts
from atoll.publication.gate import check
from atoll.publication.ingest import ingest, revision_of
from atoll.publication.repository import Target
from atoll.publication.work import Change, Outcome, Work
from atoll.services.deliveries import Step, advance

type Check = Callable[[Sequence[Path], Product], list[Finding]]


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Checks, ingests and publishes.

    Attributes:
        ports: of deliveries.
        catalogue: of the unit.
        target: the bucket of datasets.
        folder: of this delivery alone, empty, for its files.
        check: the gate.
    """

    ports: DeliveryPorts
    catalogue: Catalogue
    target: Target
    folder: Path
    check: Check = check

    def deliver(self, delivery_id: str) -> Receipt:
        """Bring a delivery to its end, from wherever it stands.

        Returns:
            The delivery as it ended.

        Raises:
            JobAlreadyEnded: it has ended meanwhile.
            Unavailable: a part did not answer; begin again.
        """
        receipt = patiently(lambda: self.ports.deliveries.receipt(delivery_id))
        if receipt.closed:
            return receipt
        dataset, held = receipt.note.dataset, self._held(receipt)
        try:
            product = patiently(lambda: self.ports.products.product(dataset))
        except (Missing, DataError) as fault:
            return self._failed(receipt, receipt.findings, fault, held)
        receipt = self._advance(receipt, Step("checking", product_tag=tag_of(product)))
        # What the dataset holds needs its files no more.
        findings = receipt.findings if held else self._findings(receipt, product)
        if held is None and any(one.severity == "error" for one in findings):
            ended: DeliveryStatus = "rejected" if receipt.status == "checking" else "failed"
            return self._advance(receipt, Step(ended, findings))
        return self._publish(receipt, product, findings, held)

    def _held(self, receipt: Receipt) -> str | None:
        """The revision that holds it already: of one that was begun before, and was lost."""
        if receipt.status != "verifying":
            return None
        note = receipt.note
        return patiently(lambda: revision_of(note.delivery_id, note.dataset, self.target))

    def _findings(self, receipt: Receipt, product: Product) -> tuple[Finding, ...]:
        """Of the files and what is in them; what was looked at before is not looked at again.

        Unless it was with other settings.
        """
        files = DeliveredFiles(self.ports.incoming, self.folder)
        wrong = files.bring(receipt.note)
        if wrong:
            return tuple(wrong)
        if receipt.status != "checking" and receipt.product_tag == tag_of(product):
            return receipt.findings
        paths = [path for one in receipt.note.operations if (path := files.path(one))]
        return tuple(self.check(paths, product)) if paths else ()

    def _publish(
        self, receipt: Receipt, product: Product, findings: tuple[Finding, ...], held: str | None
    ) -> Receipt:
        note = receipt.note
        work = Work(
            dataset=note.dataset,
            product=product,
            changes=tuple(map(self._change, note.operations)),
            delivery_id=note.delivery_id,
            reference_time=note.reference_time,
            production_time=note.production_time,
            on_step=lambda status: _ignored(self._advance(receipt, Step(status, findings))),
        )
        try:
            outcome: Outcome = patiently(lambda: ingest(work, self.target, self.ports.now()))
            held = outcome.revision
            patiently(lambda: self.catalogue.publish(outcome.coverage))
        except (InvalidRequest, DataError) as fault:
            return self._refused(receipt, findings, fault, held)
        return self._advance(receipt, Step("published", findings, held))

    def _change(self, operation: Operation) -> Change:
        path = DeliveredFiles(self.ports.incoming, self.folder).path(operation)
        if operation.action != "delete":
            return Change(operation.action, path)
        said = f"{operation.time_start}/{operation.time_end}"
        return Change("delete", None, parse_datetime(said, "time_start/time_end"))

    def _refused(
        self,
        receipt: Receipt,
        findings: tuple[Finding, ...],
        fault: InvalidRequest | DataError,
        held: str | None,
    ) -> Receipt:
        """What does not fit the dataset is the producer's; what is not read back is the unit's."""
        now = patiently(lambda: self.ports.deliveries.receipt(receipt.note.delivery_id))
        if now.status == "verifying":
            return self._failed(receipt, findings, fault, held)
        accepted = str(fault.facts.get("accepted", ""))
        one = Finding(check="structure", problem=fault.detail, accepted=accepted)
        return self._advance(receipt, Step("rejected", (one, *findings)))

    def _failed(
        self,
        receipt: Receipt,
        findings: tuple[Finding, ...],
        fault: BrokerError,
        held: str | None,
    ) -> Receipt:
        """What the unit could not do; whether the producer has anything to do is told with it."""
        problem, accepted = fault.detail, "the same, once the operators know"
        if held is not None:
            problem = f"The dataset holds it, and its description is not published: {problem}"
            accepted = "nothing: it is not to be delivered again"
        one = Finding(check="unit", problem=problem, accepted=accepted)
        return self._advance(receipt, Step("failed", (one, *findings), held))

    def _advance(self, receipt: Receipt, step: Step) -> Receipt:
        deliveries, delivery_id = self.ports.deliveries, receipt.note.delivery_id
        logger.info("advances", extra={"delivery_id": delivery_id, "status": step.status})
        return patiently(lambda: advance(delivery_id, step, deliveries, self.ports.now()))


def deliver() -> int:
    """Publish the delivery that the environment names.

    Returns:
        The exit status: 0 where it has ended, however it did; otherwise it is to be begun again.
    """
    stop_when_asked()
    settings = DelivererSettings.read()
    delivery_id = settings.atoll_delivery_id
    folder = Path(tempfile.gettempdir(), f"delivery-{delivery_id}")
    shutil.rmtree(folder, ignore_errors=True)  # of one that was killed
    folder.mkdir()
    try:
        receipt = _deliverer(settings, folder).deliver(delivery_id)
    except JobAlreadyEnded as fault:
        logger.warning("ended meanwhile", extra={"detail": fault.detail})
    except Unavailable:
        logger.exception("not now")
        return 1
    else:
        logger.info("ended", extra={"delivery_id": delivery_id, "status": receipt.status})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _deliverer(settings: DelivererSettings, folder: Path) -> Deliverer:
    place, clients = Place.read(), make_clients()
    descriptions = Descriptions(clients.s3, settings.data_bucket)
    catalogue = DynamoCatalogue(clients.dynamodb, settings.datasets_table, descriptions)
    return Deliverer(
        ports=make_delivery_ports(),
        catalogue=announced(catalogue, logger.warning),
        target=Target(f"s3://{settings.data_bucket}", place.s3_endpoint_url, place.region),
        folder=folder,
    )


def _ignored(_receipt: Receipt) -> None:
    """Whoever is told of a step wants no answer."""
