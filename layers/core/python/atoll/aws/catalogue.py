"""The datasets of one dissemination unit: a line each in DynamoDB, descriptions in S3."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.errors import UnknownDataset, shorten
from atoll.model.names import is_dataset_id
from atoll.ports import DatasetEntry

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from atoll.aws.descriptions import Descriptions
    from atoll.aws.rows import Item
    from atoll.model.coverage import Coverage


class DynamoCatalogue:
    """The Catalogue port.

    Lines are read each time, strongly consistent: who may order, and what is `main`, may
    change at any moment. Descriptions never change.
    """

    def __init__(self, dynamodb: DynamoDBClient, table: str, descriptions: Descriptions) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._descriptions = descriptions

    def entries(self) -> list[DatasetEntry]:
        """All datasets, sorted by id; see `ports.Catalogue`."""
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table, ConsistentRead=True
        )
        with answering("catalogue"):
            entries = [_entry_of(item) for page in pages for item in page["Items"]]
        return sorted(entries, key=lambda entry: entry.dataset)

    def entry(self, dataset: str) -> DatasetEntry:
        """The line of one dataset, as it is now; see `ports.Catalogue`."""
        item: Item | None = None
        if is_dataset_id(dataset):
            with answering("catalogue"):
                item = self._dynamodb.get_item(
                    TableName=self._table, Key={"dataset": {"S": dataset}}, ConsistentRead=True
                ).get("Item")
        if item is None:
            shown = shorten(dataset)
            raise UnknownDataset(
                f"There is no dataset {shown}.", {"parameter": "dataset", "value": shown}
            )
        return _entry_of(item)

    def describe(self, dataset: str, revision: str) -> Coverage:
        """The description of one revision; see `ports.Catalogue`."""
        return self._descriptions.read(dataset, revision)

    def publish(self, coverage: Coverage) -> None:
        """Keep the description and make it `main`; see `ports.Catalogue`."""
        # In this order: a line never names a description that is not there.
        self._descriptions.write(coverage)
        older = self._dynamodb.exceptions.ConditionalCheckFailedException
        with suppress(older), answering("catalogue"):
            self._dynamodb.put_item(
                TableName=self._table,
                Item=_item_of(coverage),
                ConditionExpression="attribute_not_exists(dataset) OR updated_at <= :this",
                ExpressionAttributeValues={":this": {"S": coverage.updated_at}},
            )


def _item_of(coverage: Coverage) -> Item:
    item: dict[str, AttributeValueTypeDef] = {
        "dataset": {"S": coverage.dataset},
        "title": {"S": coverage.title},
        "revision": {"S": coverage.revision},
        "updated_at": {"S": coverage.updated_at},
        "product": {"S": coverage.product},
    }
    if coverage.profiles is not None:
        item["profiles"] = {"L": [{"S": profile} for profile in coverage.profiles]}
    return item


def _entry_of(item: Item) -> DatasetEntry:
    profiles = item.get("profiles")
    return DatasetEntry(
        dataset=item["dataset"]["S"],
        title=item["title"]["S"],
        revision=item["revision"]["S"],
        profiles=None if profiles is None else tuple(one["S"] for one in profiles["L"]),
        updated_at=item["updated_at"]["S"],
        product=item.get("product", {"S": ""})["S"],
    )
