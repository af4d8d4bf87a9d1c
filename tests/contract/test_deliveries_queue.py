"""The DeliveryQueue port: one suite for the fake and for SQS."""

import json
from collections import defaultdict
from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.delivery_queue import SqsDeliveryQueue
from atoll.errors import Unavailable
from atoll.ports.deliveries import DeliveryQueue
from tests.contract.cloud import Cloud, Faults
from tests.contract.deliveries import receipt
from tests.fakes import FakeDeliveryQueue

type Rig = tuple[DeliveryQueue, Callable[[], dict[str, list[str]]]]


@pytest.fixture(params=["fake", "aws"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """The port, and the deliveries that wait, by their group."""
    if request.param == "fake":
        fake = FakeDeliveryQueue()
        return fake, lambda: fake.waiting
    aws = request.getfixturevalue("aws")
    return aws_queue(aws), lambda: waiting(aws)


def aws_queue(aws: Cloud) -> SqsDeliveryQueue:
    return SqsDeliveryQueue(aws.sqs, aws.delivery_queue_url)


def waiting(aws: Cloud) -> dict[str, list[str]]:
    """What can be taken now, and leaves the queue."""
    url, found = aws.delivery_queue_url, defaultdict[str, list[str]](list)
    answer = aws.sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
    )
    for message in answer.get("Messages", []):
        group = message["Attributes"]["MessageGroupId"]
        found[group].append(json.loads(message["Body"])["delivery_id"])
        aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return dict(found)


def test_deliveries_of_a_dataset_wait_in_order(rig: Rig) -> None:
    queue, found = rig
    for delivery_id in ("delivery-3", "delivery-1", "delivery-2"):
        queue.send(receipt(delivery_id, dataset="winds"))
    queue.send(receipt("delivery-4", dataset="waves"))
    assert found() == {
        "winds": ["delivery-3", "delivery-1", "delivery-2"],
        "waves": ["delivery-4"],
    }


def test_the_same_again_waits_once(rig: Rig) -> None:
    queue, found = rig
    for delivery_id in ("delivery-1", "delivery-2", "delivery-1"):
        queue.send(receipt(delivery_id, dataset="winds"))
    assert found() == {"winds": ["delivery-1", "delivery-2"]}


@pytest.mark.parametrize("length", [8, 128])
def test_ids_may_have_any_length(rig: Rig, length: int) -> None:
    queue, found = rig
    queue.send(receipt("d" * length, dataset="winds"))
    assert found() == {"winds": ["d" * length]}


def test_a_long_name_of_a_dataset_is_a_group_of_its_own(aws: Cloud) -> None:
    for number, dataset in enumerate(("w" * 200, "w" * 199, "w" * 200), 1):
        aws_queue(aws).send(receipt(f"delivery-{number}", dataset=dataset))
    assert sorted(waiting(aws).values()) == [["delivery-1", "delivery-3"], ["delivery-2"]]


def test_where_the_queue_does_not_answer_it_is_unavailable(aws: Cloud, faults: Faults) -> None:
    queue = aws_queue(aws)
    faults.break_off("sqs", "SendMessage", ConnectTimeoutError(endpoint_url="queue"))
    with pytest.raises(Unavailable, match="queue of deliveries"):
        queue.send(receipt())
