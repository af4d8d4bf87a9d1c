"""Deliveries wait in a queue: in order by dataset, and each once."""

import json

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.delivery_queue import SqsDeliveryQueue
from atoll.errors import Unavailable
from tests.contract.cloud import Cloud, Faults
from tests.contract.deliveries import receipt


def send(aws: Cloud, *deliveries: str, dataset: str = "winds") -> None:
    queue = SqsDeliveryQueue(aws.sqs, aws.delivery_queue_url)
    for delivery_id in deliveries:
        queue.send(receipt(delivery_id, dataset=dataset))


def taken(aws: Cloud) -> list[str]:
    """Those that can be taken now, which leave the queue."""
    url = aws.delivery_queue_url
    answer = aws.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    for message in answer.get("Messages", []):
        aws.sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return [json.loads(message["Body"])["delivery_id"] for message in answer.get("Messages", [])]


def test_deliveries_of_a_dataset_wait_in_order(aws: Cloud) -> None:
    send(aws, "delivery-3", "delivery-1", "delivery-2")
    assert taken(aws) == ["delivery-3", "delivery-1", "delivery-2"]
    assert taken(aws) == []


def test_the_same_again_waits_once(aws: Cloud) -> None:
    send(aws, "delivery-1", "delivery-2", "delivery-1")
    assert taken(aws) == ["delivery-1", "delivery-2"]


def test_those_of_a_dataset_are_one_group(aws: Cloud) -> None:
    send(aws, "delivery-1", dataset="winds")
    send(aws, "delivery-2", dataset="w" * 200)
    answer = aws.sqs.receive_message(
        QueueUrl=aws.delivery_queue_url, MaxNumberOfMessages=10, AttributeNames=["MessageGroupId"]
    )
    groups = [message["Attributes"]["MessageGroupId"] for message in answer["Messages"]]
    assert groups[0] == "winds"
    assert len(groups[1]) == 64


@pytest.mark.parametrize("length", [8, 128])
def test_ids_may_have_any_length(aws: Cloud, length: int) -> None:
    send(aws, "d" * length)
    assert taken(aws) == ["d" * length]


def test_where_the_queue_does_not_answer_it_is_unavailable(aws: Cloud, faults: Faults) -> None:
    url = aws.delivery_queue_url
    faults.break_off("sqs", "SendMessage", ConnectTimeoutError(endpoint_url=url))
    with pytest.raises(Unavailable, match="queue of deliveries"):
        send(aws, "delivery-1")
