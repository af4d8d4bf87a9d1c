"""What the CAS door keeps for a while, in a table of central: one item for each thing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from atoll.aws.faults import answering

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from atoll.aws.rows import Item
    from atoll.model.ticket import Attempts, Kept
    from atoll.model.value import Value

STORE = "ticket store"


class DynamoTickets:
    """The Tickets port. Time to live deletes within days: what has expired is not believed."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, now: Callable[[], datetime]) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now

    def keep(self, key: str, kept: Kept, expires_at: datetime) -> None:
        """Keep something; see `ports.sign_in.Tickets`."""
        with answering(STORE):
            self._dynamodb.put_item(TableName=self._table, Item=_item(key, kept, expires_at))

    def find[K: Value](self, key: str, kind: type[K]) -> K | None:
        """What is there at this moment; see `ports.sign_in.Tickets`."""
        with answering(STORE):
            answer = self._dynamodb.get_item(
                TableName=self._table, Key=_key(key), ConsistentRead=True
            )
        return self._meaning(answer.get("Item"), kind)

    def take[K: Value](self, key: str, kind: type[K]) -> K | None:
        """Take something out; see `ports.sign_in.Tickets`."""
        try:
            with answering(STORE):
                answer = self._dynamodb.delete_item(
                    TableName=self._table,
                    Key=_key(key),
                    ConditionExpression="attribute_exists(ticket)",
                    ReturnValues="ALL_OLD",
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return None
        return self._meaning(answer.get("Attributes"), kind)

    def replace(self, key: str, seen: Attempts | None, new: Attempts, expires_at: datetime) -> bool:
        """Change what nobody has changed; see `ports.sign_in.Tickets`."""
        condition = "attribute_not_exists(ticket) OR expires_at <= :this"
        this: AttributeValueTypeDef = {"N": str(self._now().timestamp())}
        if seen is not None:
            condition, this = "document = :this", {"S": seen.model_dump_json()}
        try:
            with answering(STORE):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item=_item(key, new, expires_at),
                    ConditionExpression=condition,
                    ExpressionAttributeValues={":this": this},
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def forget(self, key: str) -> None:
        """Keep nothing there; see `ports.sign_in.Tickets`."""
        with answering(STORE):
            self._dynamodb.delete_item(TableName=self._table, Key=_key(key))

    def _meaning[K: Value](self, item: Item | None, kind: type[K]) -> K | None:
        if item is None or float(item["expires_at"]["N"]) <= self._now().timestamp():
            return None
        return kind.model_validate_json(item["document"]["S"])


def _key(key: str) -> dict[str, AttributeValueTypeDef]:
    return {"ticket": {"S": key}}


def _item(key: str, kept: Kept, expires_at: datetime) -> dict[str, AttributeValueTypeDef]:
    return {
        "ticket": {"S": key},
        "document": {"S": kept.model_dump_json()},
        # Time to live reads whole seconds alone.
        "expires_at": {"N": str(math.ceil(expires_at.timestamp()))},
    }
