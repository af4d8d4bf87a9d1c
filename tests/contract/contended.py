"""DynamoDB as many use it at once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError
from types_boto3_dynamodb import DynamoDBClient

from atoll.errors import Unavailable


class Contended:
    """A client whose calls are atomic; of two transactions that meet, the second conflicts.

    That is what DynamoDB does. moto alone does neither.
    """

    def __init__(self, client: DynamoDBClient) -> None:
        self.conflicts = 0
        self._client = client
        self._writing = Lock()
        self._calling = Lock()

    def get_item(self, **request: Any) -> Any:
        with self._calling:
            return self._client.get_item(**request)

    def transact_write_items(self, **request: Any) -> Any:
        if not self._writing.acquire(blocking=False):
            self.conflicts += 1
            raise _conflict(len(request["TransactItems"]))
        try:
            with self._calling:
                return self._client.transact_write_items(**request)
        finally:
            self._writing.release()

    def get_paginator(self, operation: Any) -> "_Pages":
        return _Pages(self._client.get_paginator(operation), self._calling)


class _Pages:
    """A paginator that reads all at once, while nobody writes."""

    def __init__(self, paginator: Any, calling: Lock) -> None:
        self._paginator = paginator
        self._calling = calling

    def paginate(self, **request: Any) -> Iterator[Any]:
        with self._calling:
            pages = list(self._paginator.paginate(**request))
        return iter(pages)


def _conflict(items: int) -> ClientError:
    reasons = [{"Code": "None"}] * (items - 1) + [{"Code": "TransactionConflict"}]
    error = {"Code": "TransactionCanceledException", "Message": "as DynamoDB says it"}
    response: Any = {"Error": error, "CancellationReasons": reasons}
    return ClientError(response, "TransactWriteItems")


def at_once[Given, Made](work: Callable[[Given], Made], given: Iterable[Given]) -> list[Made]:
    """Do it for all in eight threads, and again where it was not answered."""

    def until_it_answers(one: Given) -> Made:
        for _ in range(50):
            try:
                return work(one)
            except Unavailable:
                continue
        raise AssertionError("never answered")

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(until_it_answers, given))
