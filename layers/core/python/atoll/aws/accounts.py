"""What is kept of an account beside its jobs, in items of table `accounts`."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.aws.rows import timestamp
from atoll.aws.writes import QUEUE_ITEM
from atoll.model.policy import PerTier
from atoll.ports import Balance, Counts

if TYPE_CHECKING:
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from atoll.aws.rows import Item

LICENCE = "licence#"
# Those who have not signed in; they are counted together, and a key is never empty.
NOBODY = "#nobody"
MINUTE_LIFETIME = timedelta(minutes=10)


class DynamoAccounts:
    """The Accounts port."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def balance(self, account_id: str, month: str) -> Balance:
        """Reserved and settled bytes of a month, at this moment; see `ports.Accounts`."""
        item = self._item(account_id, f"month#{month}")
        return Balance(
            **{name: int(item[name]["N"]) for name in Balance.model_fields if name in item}
        )

    def counts(self, account_id: str) -> Counts:
        """Jobs that wait and run, at this moment; see `ports.Accounts`."""
        item = self._item(account_id, QUEUE_ITEM)
        return Counts(waiting=_per_tier(item, "waiting"), running=_per_tier(item, "running"))

    def count_request(self, account_id: str, now: datetime, limit: int) -> bool:
        """Count one request of this minute; see `ports.Accounts`."""
        minute = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")
        if limit <= 0:
            return False
        try:
            with answering("ledger"):
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(account_id, f"minute#{minute}"),
                    UpdateExpression="ADD requests :one SET expires_at = :expires_at",
                    ConditionExpression="attribute_not_exists(requests) OR requests < :limit",
                    ExpressionAttributeValues={
                        ":one": {"N": "1"},
                        ":limit": {"N": str(limit)},
                        ":expires_at": {"N": str(int((now + MINUTE_LIFETIME).timestamp()))},
                    },
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def licences(self, account_id: str) -> dict[str, int]:
        """Licence -> the revision that was accepted last; see `ports.Accounts`."""
        with answering("ledger"):
            items = self._dynamodb.query(
                TableName=self._table,
                KeyConditionExpression="account_id = :account AND begins_with(#item, :licence)",
                ExpressionAttributeNames={"#item": "item"},
                ExpressionAttributeValues={
                    ":account": {"S": account_id or NOBODY},
                    ":licence": {"S": LICENCE},
                },
                ConsistentRead=True,
            )["Items"]
        return {
            item["item"]["S"].removeprefix(LICENCE): int(item["revision"]["N"]) for item in items
        }

    def accept_licence(self, account_id: str, licence: str, revision: int, now: datetime) -> None:
        """Record an acceptance; see `ports.Accounts`."""
        try:
            with answering("ledger"):
                self._dynamodb.update_item(
                    TableName=self._table,
                    Key=_key(account_id, f"{LICENCE}{licence}"),
                    UpdateExpression="SET revision = :revision, accepted_at = :now",
                    ConditionExpression="attribute_not_exists(revision) OR revision < :revision",
                    ExpressionAttributeValues={
                        ":revision": {"N": str(revision)},
                        ":now": {"S": timestamp(now)},
                    },
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return  # this revision or a newer one is accepted already

    def _item(self, account_id: str, name: str) -> Item:
        with answering("ledger"):
            return self._dynamodb.get_item(
                TableName=self._table, Key=_key(account_id, name), ConsistentRead=True
            ).get("Item", {})


def _key(account_id: str, name: str) -> dict[str, AttributeValueTypeDef]:
    return {"account_id": {"S": account_id or NOBODY}, "item": {"S": name}}


def _per_tier(item: Item, state: str) -> PerTier:
    numbers = {tier: item.get(f"{state}_{tier}", {"N": "0"}) for tier in PerTier.model_fields}
    return PerTier(**{tier: int(number["N"]) for tier, number in numbers.items()})
