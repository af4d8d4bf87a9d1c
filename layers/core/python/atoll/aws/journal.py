"""The ledger's lines, by day and by account."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from atoll.aws.entries import DAYS, entry_of
from atoll.aws.faults import answering
from atoll.aws.shards import shard_names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef

    from atoll.model.entry import Entry


class DynamoJournal:
    """The Journal port. Pages are fetched as they are needed."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def of_day(self, day: date) -> Iterator[Entry]:
        """All lines of one day, in order of time; see `ports.Journal`."""
        return heapq.merge(
            *map(self._of_shard, shard_names(day.isoformat())),
            key=_in_time,
        )

    def newest(self, day: date, limit: int) -> list[Entry]:
        """The last lines of a day; see `ports.Journal`."""
        lines: list[Entry] = []
        for shard in shard_names(day.isoformat()):
            query: QueryInputTypeDef = {
                **self._day_query(shard),
                "ScanIndexForward": False,
                "Limit": limit,
            }
            with answering("ledger"):
                answer = self._dynamodb.query(**query)
            lines += map(entry_of, answer["Items"])
        return sorted(lines, key=_in_time, reverse=True)[:limit]

    def of_account(self, account_id: str, month: str) -> Iterator[Entry]:
        """An account's lines of a month, by order; see `ports.Journal`."""
        return self._query(
            {
                "TableName": self._table,
                "KeyConditionExpression": "account_id = :account AND begins_with(entry_id, :month)",
                "ExpressionAttributeValues": {
                    ":account": {"S": account_id},
                    ":month": {"S": f"{month}#"},
                },
            }
        )

    def _of_shard(self, shard: str) -> Iterator[Entry]:
        return self._query(self._day_query(shard))

    def _day_query(self, shard: str) -> QueryInputTypeDef:
        return {
            "TableName": self._table,
            "IndexName": DAYS,
            "KeyConditionExpression": "#day = :day",
            "ExpressionAttributeNames": {"#day": "day"},
            "ExpressionAttributeValues": {":day": {"S": shard}},
        }

    def _query(self, query: QueryInputTypeDef) -> Iterator[Entry]:
        while True:
            with answering("ledger"):
                answer = self._dynamodb.query(**query)
            yield from map(entry_of, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            query = {**query, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _in_time(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.entry_id
