"""From a producer's upload to a customer's file: in order, once, and whatever is killed."""

import json
import os
import signal
import time
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import yaml
from botocore.exceptions import ClientError

from atoll.aws.deliveries import DynamoDeliveries
from atoll.errors import UnknownDelivery
from atoll.model.delivery import DeliveryStatus, Receipt
from stacks.local.endpoints import Endpoints
from stacks.local.orders import Customer
from stacks.local.producer import Document, Producer, note_of, put, with_file
from stacks.local.seed import DATA
from tests.journeys.local import BOX, PATIENCE_S, Local, eventually, kill
from tests.journeys.test_orders import SOURCE, assert_equal_to_source
from tests.publication.builders import Grid, steps

pytestmark = pytest.mark.slow

ATLAS, DAYS = "atlas-delivered", "days-delivered"
OF_ATLAS = {"producer": "pmel", "product": "levitus", "dataset": ATLAS}
OF_DAYS = {"producer": "pmel", "product": "days", "dataset": DAYS}
RUN_S = 0.15  # shorter than any step of a delivery


class Deliveries:
    """The unit levitus, as its operator, its producer and its customer see it."""

    def __init__(self, local: Local, folder: Path) -> None:
        endpoints = Endpoints.read(local.place)
        door, self.folder, self.local = endpoints.units["levitus"], folder, local
        self.operator = Customer(door, endpoints.token("ops"))
        self.producer = Producer(door, endpoints.token("pia"))
        self.customer = local.customer("ann")
        self.bucket = local.stacks["levitus"].outputs["IncomingBucket"]
        self._table = local.stacks["levitus"].outputs["DeliveriesTable"]

    def settings(self, dataset: str, product: Document) -> None:
        path = f"/admin/products/{dataset}"
        assert self.operator.ask("PUT", path, product).status == HTTPStatus.OK

    def days(self, delivery_id: str, *days: float) -> Document:
        """A note of new days, and its file beside it."""
        path = self.folder / f"{delivery_id}.nc"
        named = {"standard_name": "air_temperature"}
        Grid(steps(len(days), int(days[0])), days, attributes=named).write(path)
        return note_of(delivery_id, OF_DAYS, [with_file("put", path)])

    def receipt(self, delivery_id: str) -> Receipt | None:
        """As the table has it: quicker than the door."""
        with self.local.credentials(), suppress(UnknownDelivery):
            dynamodb = self.local.client("dynamodb")
            return DynamoDeliveries(dynamodb, self._table).receipt(delivery_id)
        return None

    def stored(self, key: str) -> bytes:
        found = self.local.client("s3").get_object(Bucket=self.bucket, Key=key)
        content: bytes = found["Body"].read()
        return content

    def response(self, note: Document) -> Document | None:
        """What lies beside a note; None = nothing yet."""
        with suppress(ClientError):
            found: Document = json.loads(self.stored(f"{folder_of(note)}response.json"))
            return found
        return None

    def revision(self, dataset: str) -> str:
        answer = self.customer.ask("GET", f"/datasets/{dataset}")
        return str(answer.json().get("revision", answer.status))

    def times(self, dataset: str) -> int:
        order = {"dataset": dataset}
        quoted = self.customer.ask("POST", "/quotes", {"inputs": order}).json()
        (size,) = [axis["count"] for axis in quoted["extent"]["axes"] if axis["name"] == "time"]
        return int(size)

    def catch(self, delivery_id: str, status: DeliveryStatus) -> int:
        """The process of a delivery's worker, halted where the delivery has that status."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for pid in self.local.worker_pids("publish_delivery"):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGSTOP)
                    receipt = self.receipt(delivery_id)
                    if receipt is not None and receipt.status == status:
                        return pid
                    os.kill(pid, signal.SIGCONT)
            time.sleep(RUN_S)
        raise AssertionError(f"{delivery_id} was not seen {status}")


def folder_of(note: Document) -> str:
    return f"incoming/{note['producer']}/{note['delivery_id']}/"


@pytest.fixture(scope="module")
def deliveries(local: Local, tmp_path_factory: pytest.TempPathFactory) -> Deliveries:
    found = Deliveries(local, tmp_path_factory.mktemp("producer"))
    said = yaml.safe_load((DATA / "levitus-climatology.yaml").read_text())
    found.settings(ATLAS, said)
    plain = {"id": "days", "title": "Days", "licence": "none", "producers": ["pmel"]}
    found.settings(DAYS, plain)
    deployed = local.stacks["levitus"]
    (waiting,) = [
        deployed.physical[logical]
        for logical in deployed.of_type("AWS::SQS::Queue")
        if "WaitingQueue" in logical
    ]
    # In AWS a delivery asks each minute whether it is its turn.
    often = {"VisibilityTimeout": "4"}
    local.client("sqs").set_queue_attributes(QueueUrl=waiting, Attributes=often)
    return found


def test_what_is_delivered_is_ordered_and_equals_the_source(
    deliveries: Deliveries, tmp_path: Path
) -> None:
    note = note_of("atlas-1994", OF_ATLAS, [with_file("put", SOURCE)])
    deliveries.producer.deliver(note, SOURCE.parent)
    ended = deliveries.producer.outcome("atlas-1994")
    assert ended["status"] == "published", ended
    assert ended["revision"] == deliveries.revision(ATLAS)
    eventually(lambda: deliveries.response(note) == ended)
    job_id = deliveries.customer.order({**BOX, "dataset": ATLAS}).json()["jobID"]
    assert deliveries.customer.wait(job_id)["status"] == "successful"
    deliveries.customer.download(job_id, tmp_path / "box.nc")
    assert_equal_to_source(tmp_path / "box.nc")


def test_the_same_note_again_is_the_same_delivery(deliveries: Deliveries) -> None:
    """Offered again, put again behind the door's back, and told again by the bucket."""
    note = deliveries.days("days-1st", 0, 1)
    offered = deliveries.producer.ask("POST", "/deliveries", note).json()
    deliveries.producer.deliver(note, deliveries.folder)
    key = f"{folder_of(note)}delivery.json"
    again = put(offered["note"]["url"], b"other", offered["note"]["headers"])
    assert again == HTTPStatus.PRECONDITION_FAILED
    spaced = json.dumps(note, indent=1).encode()
    deliveries.local.client("s3").put_object(Bucket=deliveries.bucket, Key=key, Body=spaced)
    ended = deliveries.producer.outcome("days-1st")
    assert ended["status"] == "published", ended
    said = deliveries.producer.ask("POST", "/deliveries", note)
    assert (said.status, said.json()["received"]) == (HTTPStatus.OK, True)
    assert deliveries.producer.outcome("days-1st") == ended
    machine = deliveries.local.stacks["levitus"].outputs["StateMachineArn"]
    executions = deliveries.local.client("stepfunctions").list_executions(
        stateMachineArn=machine.replace("-extraction", "-publication")
    )["executions"]
    assert [each["name"] for each in executions].count("days-1st") == 1


def test_a_rejected_delivery_is_told_why_and_changes_nothing(deliveries: Deliveries) -> None:
    before = deliveries.revision(DAYS)
    note = deliveries.days("days-broken", 5)
    whole = deliveries.folder / "days-broken.nc"
    whole.write_bytes(whole.read_bytes()[:-500])
    note = note_of("days-broken", OF_DAYS, [with_file("put", whole)])
    deliveries.producer.deliver(note, deliveries.folder)
    ended = deliveries.producer.outcome("days-broken")
    assert (ended["status"], ended["revision"]) == ("rejected", None)
    first = ended["findings"][0]
    assert (first["severity"], first["file"]) == ("error", "days-broken.nc")
    eventually(lambda: deliveries.response(note) == ended)
    assert deliveries.revision(DAYS) == before


def test_what_is_no_note_is_told_beside_it(deliveries: Deliveries) -> None:
    note = deliveries.days("days-unsaid", 6)
    offered = deliveries.producer.ask("POST", "/deliveries", note).json()
    put(offered["note"]["url"], b'{"schema": "dn/2"}', offered["note"]["headers"])
    eventually(lambda: deliveries.response(note) is not None)
    response = deliveries.response(note) or {}
    (finding,) = response["findings"]
    assert response["status"] == "rejected"
    assert (finding["check"], finding["attribute"]) == ("note", "schema")
    answer = deliveries.producer.ask("GET", "/deliveries/days-unsaid")
    assert answer.status == HTTPStatus.NOT_FOUND


def test_two_at_once_are_both_done_in_order(deliveries: Deliveries) -> None:
    before = deliveries.times(DAYS)
    notes = [deliveries.days(f"days-at-once-{day}", day) for day in (10, 11)]
    for note in notes:
        deliveries.producer.deliver(note, deliveries.folder)
    first, second = (deliveries.producer.outcome(note["delivery_id"]) for note in notes)
    assert [first["status"], second["status"]] == ["published", "published"]
    assert first["received_at"] <= second["received_at"]
    # The second looks at its files when the first has ended.
    assert first["ended_at"] <= second["checked_at"]
    assert deliveries.times(DAYS) == before + 2
    assert second["revision"] == deliveries.revision(DAYS)


def test_a_worker_that_is_killed_wherever_it_is_begins_again(
    deliveries: Deliveries, tmp_path: Path
) -> None:
    before = deliveries.times(DAYS)
    note = deliveries.days("days-killed", 20)
    deliveries.producer.deliver(note, deliveries.folder)
    statuses: tuple[DeliveryStatus, ...] = ("checking", "ingesting", "verifying")
    for status in statuses:
        kill(deliveries.catch("days-killed", status))
    ended = deliveries.producer.outcome("days-killed")
    assert ended["status"] == "published", ended
    assert deliveries.times(DAYS) == before + 1
    job_id = deliveries.customer.order({"dataset": DAYS}).json()["jobID"]
    assert deliveries.customer.wait(job_id)["status"] == "successful"
    deliveries.customer.download(job_id, tmp_path / "days.nc")
    newest = last_of(tmp_path / "days.nc")
    np.testing.assert_array_equal(newest, steps(1, 20)[0])


def last_of(path: Path) -> np.ndarray[Any, Any]:
    with netCDF4.Dataset(path) as file:
        return np.asarray(file["t2m"][-1])


def test_nobody_delivers_as_another(deliveries: Deliveries) -> None:
    note = deliveries.days("days-foreign", 7)
    answer = deliveries.producer.ask("POST", "/deliveries", {**note, "producer": "navy"})
    assert (answer.status, answer.json()["parameter"]) == (HTTPStatus.BAD_REQUEST, "producer")
    assert deliveries.customer.ask("POST", "/deliveries", note).status == HTTPStatus.NOT_FOUND
    offered = deliveries.producer.ask("POST", "/deliveries", note).json()["note"]
    elsewhere = offered["url"].replace("incoming/pmel/", "incoming/navy/")
    assert put(elsewhere, b"{}", offered["headers"]) == HTTPStatus.FORBIDDEN
