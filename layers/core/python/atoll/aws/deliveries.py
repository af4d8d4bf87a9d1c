"""Deliveries in a table: a row each, kept for ever, and a row for each dataset's turn."""

from __future__ import annotations

import lzma
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.aws.rows import timestamp
from atoll.errors import DataError, UnknownDelivery, shorten
from atoll.model.delivery import Receipt
from atoll.ports.deliveries import Unbegun

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from atoll.aws.rows import Item

STORE = "store of deliveries"
OF_DATASET = "by_dataset"
OF_MONTH = "by_month"
# Only turns, and what nobody has begun with, have the attribute: the index is as long as these.
IN_STAGE = "by_stage"
TURN = "turn"
RECEIVED = "received"
# DynamoDB's items have 400 KB at most, names and all. The note of 500 long paths has 400 KB
# itself, and two hundred findings name them again: hence packed, by a packer that sees so far.
MOST_BYTES = 390_000
PACKING = 2  # a dictionary of 2 MiB: more than a document, and little of a function's memory


class DynamoDeliveries:
    """The Deliveries port."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def receive(self, receipt: Receipt) -> Receipt:
        """Keep a new delivery, or return the one there is; see `ports.Deliveries`.

        Raises:
            DataError: it is too long to be kept.
            Unavailable: the table did not answer.
        """
        try:
            with answering(STORE):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=_item(receipt),
                    ConditionExpression="attribute_not_exists(delivery)",
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return self.receipt(receipt.note.delivery_id)
        return receipt

    def receipt(self, delivery_id: str) -> Receipt:
        """A delivery as it is now; see `ports.Deliveries`."""
        with answering(STORE):
            item = self._dynamodb.get_item(
                TableName=self._table, Key=_key(delivery_id), ConsistentRead=True
            ).get("Item")
        if item is None or "document" not in item:
            shown = shorten(delivery_id)
            raise UnknownDelivery(f"There is no delivery {shown}.", {"delivery": delivery_id})
        return _receipt(item)

    def advance(self, before: Receipt, after: Receipt) -> bool:
        """Replace a receipt; see `ports.Deliveries`.

        Raises:
            DataError: it is too long to be kept.
            Unavailable: the table did not answer.
        """
        try:
            with answering(STORE):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=_item(after),
                    ConditionExpression="fingerprint = :before",
                    ExpressionAttributeValues={":before": {"S": _fingerprint(before)}},
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def of_dataset(self, dataset: str, limit: int) -> list[Receipt]:
        """A dataset's newest deliveries; see `ports.Deliveries`."""
        return self._listed(OF_DATASET, "dataset", dataset, limit)

    def of_month(self, month: str) -> list[Receipt]:
        """All of a month; see `ports.Deliveries`."""
        return self._listed(OF_MONTH, "month", month)

    def _listed(self, index: str, name: str, value: str, limit: int | None = None) -> list[Receipt]:
        """Of an index, the newest first."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=index,
            KeyConditionExpression="#name = :value",
            ExpressionAttributeNames={"#name": name},
            ExpressionAttributeValues={":value": {"S": value}},
            ScanIndexForward=False,
            PaginationConfig={} if limit is None else {"MaxItems": limit},
        )
        with answering(STORE):
            return [_receipt(item) for page in pages for item in page["Items"]]

    def take_turn(self, dataset: str, delivery_id: str) -> bool:
        """Begin to change a dataset; see `ports.Deliveries`."""
        try:
            with answering(STORE):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        **_key(_turn(dataset)),
                        "holder": {"S": delivery_id},
                        "stage": {"S": TURN},
                    },
                    ConditionExpression="attribute_not_exists(delivery) OR holder = :me",
                    ExpressionAttributeValues={":me": {"S": delivery_id}},
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def end_turn(self, dataset: str, delivery_id: str) -> None:
        """Let the next one begin; see `ports.Deliveries`."""
        try:
            with answering(STORE):
                self._dynamodb.delete_item(
                    TableName=self._table,
                    Key=_key(_turn(dataset)),
                    ConditionExpression="holder = :me",
                    ExpressionAttributeValues={":me": {"S": delivery_id}},
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return  # nobody's, or another's

    def turns_taken(self) -> dict[str, str]:
        """Which delivery changes which dataset; see `ports.Deliveries`."""
        return {
            item["delivery"]["S"].removeprefix(_turn("")): item["holder"]["S"]
            for item in self._in_stage(TURN)
        }

    def unbegun(self) -> list[Unbegun]:
        """All that nobody has begun to check; see `ports.Deliveries`."""
        found = [
            Unbegun(
                delivery_id=item["delivery"]["S"],
                dataset=item["dataset"]["S"],
                received_at=datetime.fromisoformat(item["received_at"]["S"]),
            )
            for item in self._in_stage(RECEIVED)
        ]
        return sorted(found, key=lambda one: one.received_at)

    def _in_stage(self, stage: str) -> list[Item]:
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=IN_STAGE,
            KeyConditionExpression="stage = :stage",
            ExpressionAttributeValues={":stage": {"S": stage}},
        )
        with answering(STORE):
            return [item for page in pages for item in page["Items"]]


def _key(name: str) -> dict[str, AttributeValueTypeDef]:
    return {"delivery": {"S": name}}


def _turn(dataset: str) -> str:
    """No delivery's id: those have no such character."""
    return f"turn#{dataset}"


def _item(receipt: Receipt) -> Item:
    """The row of a delivery; what is not packed is there to be asked for.

    Raises:
        DataError: it would be too long.
    """
    note = receipt.note
    packed = lzma.compress(receipt.model_dump_json(exclude_defaults=True).encode(), preset=PACKING)
    if len(packed) > MOST_BYTES:
        raise DataError(
            f"Delivery {note.delivery_id} is too long to be kept: name fewer files, or shorter.",
            {"delivery_id": note.delivery_id, "packed_bytes": len(packed), "most": MOST_BYTES},
        )
    received_at = receipt.received_at.astimezone(UTC)
    return {
        **_key(note.delivery_id),
        "dataset": {"S": note.dataset},
        "month": {"S": received_at.strftime("%Y-%m")},
        "received_at": {"S": timestamp(received_at)},
        "status": {"S": receipt.status},
        "fingerprint": {"S": _fingerprint(receipt)},
        "document": {"B": packed},
        **({"stage": {"S": RECEIVED}} if receipt.status == RECEIVED else {}),
    }


def _receipt(item: Item) -> Receipt:
    return Receipt.model_validate_json(lzma.decompress(item["document"]["B"]))


def _fingerprint(receipt: Receipt) -> str:
    """By which a receipt is told from what became of it.

    Without what nobody said: a release that knows more fields reads what was kept before it.
    """
    return sha256(receipt.model_dump_json(exclude_defaults=True).encode()).hexdigest()
