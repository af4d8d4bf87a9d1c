"""Versions of a unit's policy, in a table in which nothing is ever changed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.model.policy import UNWRITTEN, PolicyVersion

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from types_boto3_dynamodb import DynamoDBClient

NAME = "policy"
FRESH_FOR = timedelta(seconds=10)


class DynamoPolicies:
    """The Policies port; what was read last is believed for ten seconds."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, now: Callable[[], datetime]) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now
        self._read: tuple[datetime, PolicyVersion] | None = None

    def current(self) -> PolicyVersion:
        """The version in force; see `ports.Policies`."""
        now = self._now()
        if self._read is None or now - self._read[0] > FRESH_FOR:
            newest = self.versions(1)
            self._read = (now, newest[0] if newest else UNWRITTEN)
        return self._read[1]

    def put(self, version: PolicyVersion) -> bool:
        """Put a version in force; see `ports.Policies`."""
        try:
            with answering("policy"):
                self._dynamodb.put_item(
                    TableName=self._table,
                    Item={
                        "name": {"S": NAME},
                        "version": {"S": f"{version.number:010}"},
                        # A line of text may stand for many defaults; an item has 400 KB at most.
                        "document": {"S": version.model_dump_json(exclude_defaults=True)},
                    },
                    ConditionExpression="attribute_not_exists(version)",
                )
        except self._dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        finally:
            self._read = None
        return True

    def versions(self, limit: int) -> list[PolicyVersion]:
        """The newest versions, the newest first; see `ports.Policies`."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            KeyConditionExpression="#name = :policy",
            ExpressionAttributeNames={"#name": "name"},
            ExpressionAttributeValues={":policy": {"S": NAME}},
            ScanIndexForward=False,
            ConsistentRead=True,
            PaginationConfig={"MaxItems": limit, "PageSize": limit},
        )
        with answering("policy"):
            items = [item for page in pages for item in page["Items"]]
        return [PolicyVersion.model_validate_json(item["document"]["S"]) for item in items]
