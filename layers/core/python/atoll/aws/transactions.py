"""DynamoDB transactions: all of it or nothing, and tried again where two met on one item."""

from __future__ import annotations

import time
from secrets import SystemRandom
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import PASSING, answering, code_of, unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

# All pauses together are 1.4 s on average and 2.8 s at most.
ATTEMPTS = 9
FIRST_PAUSE_S = 0.02
LONGEST_PAUSE_S = 0.8

CONDITION_FAILED = "ConditionalCheckFailed"
FINE = "None"

_random = SystemRandom()


class Transactions:
    """Writes items together.

    Attributes:
        dynamodb: the client.
        pause: waits so many seconds; another one in tests.
    """

    def __init__(
        self, dynamodb: DynamoDBClient, pause: Callable[[float], None] = time.sleep
    ) -> None:
        self._dynamodb = dynamodb
        self._pause = pause

    def write(self, items: Sequence[TransactWriteItemTypeDef]) -> list[bool]:
        """Write all items, or none.

        Returns:
            For each item, whether its condition held. All true = everything was written;
            otherwise nothing was.

        Raises:
            Unavailable: others kept writing the same items, or DynamoDB did not answer.
        """
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(_pause_s(attempt))
            codes = self._attempt(items)
            # A conflict hides what the conditions would have said: ask again before believing.
            if not PASSING.intersection(codes):
                return [code == FINE for code in codes]
        raise unavailable("ledger")

    def _attempt(self, items: Sequence[TransactWriteItemTypeDef]) -> list[str]:
        try:
            with answering("ledger"):
                self._dynamodb.transact_write_items(TransactItems=items)
        except ClientError as error:
            codes = _codes(error)
            if not set(codes) <= PASSING | {FINE, CONDITION_FAILED}:
                raise
            return codes
        return [FINE] * len(items)


def _codes(error: ClientError) -> list[str]:
    """One code an item where the transaction was cancelled; otherwise the error's own."""
    if code_of(error) != "TransactionCanceledException":
        return [code_of(error)]
    reasons = error.response.get("CancellationReasons", [])
    return [str(reason.get("Code", FINE)) for reason in reasons]


def _pause_s(attempt: int) -> float:
    """Anything up to a bound that doubles: who met once must not meet again."""
    return _random.uniform(0, min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (attempt - 1)))
