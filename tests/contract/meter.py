"""What writes cost, partition by partition, as DynamoDB counts it; moto counts nothing."""

from collections import Counter
from collections.abc import Mapping
from math import ceil
from typing import Any

from types_boto3_dynamodb import DynamoDBClient

from tests.contract.rig import item_of
from tests.contract.tables import SHAPES

UNIT_BYTES = 1024
# A partition takes so many write units a second, whatever its table does.
LIMIT_WCU = 1000

type Item = Mapping[str, Any]


def size_bytes(item: Item) -> int:
    """Names and texts count by byte, numbers about half a byte a digit."""
    return sum(
        len(name) + (len(str(value)) // 2 + 2 if isinstance(value, int) else len(value.encode()))
        for name, value in item.items()
    )


def units(*versions: Item | None) -> int:
    """Of a write: the larger of the item before and after counts; 1 where there is neither."""
    return max(ceil(size_bytes(item or {}) / UNIT_BYTES) or 1 for item in versions)


class Metered:
    """A client that counts write units by partition: of tables, and of their indexes.

    A write of a transaction costs twice as much, also where only a condition is checked or
    nothing is written in the end; what an index copies costs once.

    Attributes:
        wcu: by (table or index, partition key).
    """

    def __init__(self, client: DynamoDBClient) -> None:
        self.wcu: Counter[tuple[str, str]] = Counter()
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def update_item(self, **request: Any) -> Any:
        return self._counted([request], 1, lambda: self._client.update_item(**request))

    def transact_write_items(self, **request: Any) -> Any:
        writes = [next(iter(one.values())) for one in request["TransactItems"]]
        return self._counted(writes, 2, lambda: self._client.transact_write_items(**request))

    def _counted(self, writes: list[Any], price: int, write: Any) -> Any:
        before = [_found(one) for one in writes]
        try:
            return write()
        finally:
            for one, old in zip(writes, before, strict=True):
                self._count(one, old, price)

    def _count(self, write: Any, old: Item | None, price: int) -> None:
        new, table = _found(write), write["TableName"]
        shape = SHAPES[table]
        partition = shape["KeySchema"][0]["AttributeName"]
        key = (write.get("Key") or write["Item"])[partition]["S"]
        self.wcu[table, key] += price * units(old, new)
        for index in shape.get("GlobalSecondaryIndexes", []):
            name = f"{table}/{index['IndexName']}"
            keys = [one["AttributeName"] for one in index["KeySchema"]]
            copies = [_projected(item, index, keys) for item in (old, new)]
            if copies[0] == copies[1]:
                continue
            for copy in copies:
                if copy is not None:
                    self.wcu[name, copy[keys[0]]] += units(copy)


def _found(write: Any) -> Item | None:
    return item_of(write["TableName"], write.get("Key") or write["Item"])


def _projected(item: Item | None, index: Any, keys: list[str]) -> Item | None:
    """What an index keeps of an item; None = nothing. Changed, it is taken out and put in."""
    if item is None or not all(key in item for key in keys):
        return None
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return item
    kept = {*keys, *projection["NonKeyAttributes"], "job_id"}
    return {name: value for name, value in item.items() if name in kept}
