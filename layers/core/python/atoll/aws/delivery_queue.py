"""Deliveries that wait, in a FIFO queue: those of one dataset are taken one after another."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from atoll.aws.faults import answering

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

    from atoll.model.delivery import Receipt

LONGEST_NAME = 128  # of groups and of what is sent once


class SqsDeliveryQueue:
    """The DeliveryQueue port."""

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, receipt: Receipt) -> None:
        """Let a delivery wait; see `ports.DeliveryQueue`."""
        note = receipt.note
        with answering("queue of deliveries"):
            self._sqs.send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps({"delivery_id": note.delivery_id}),
                MessageGroupId=_name(note.dataset),
                MessageDeduplicationId=_name(note.delivery_id),
            )


def _name(text: str) -> str:
    """The text; where it is too long, another that is as much its own."""
    return text if len(text) <= LONGEST_NAME else sha256(text.encode()).hexdigest()
