"""What botocore raises, in the words of `atoll.errors`. What is not known here stays as it is."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as NoConnection

from atoll.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

# Trying again is right: AWS's throttles by their many names, and limits that pass.
PASSING = frozenset(
    {
        "ConditionalRequestConflict",
        "ExecutionLimitExceeded",
        "LimitExceededException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


def code_of(error: ClientError) -> str:
    """AWS's name of the error; of an answer without a body, its HTTP status as text."""
    return error.response.get("Error", {}).get("Code", "")


@contextmanager
def answering(part: str) -> Iterator[None]:
    """Let faults that pass come out as `Unavailable`, and all others as they are.

    Args:
        part: what is asked, in a word that a user may see.

    Raises:
        Unavailable: there was no answer, or one that says to try again.
    """
    try:
        yield
    except (NoConnection, HTTPClientError, IncompleteReadError) as fault:
        raise unavailable(part) from fault
    except ClientError as fault:
        if not _passes(fault):
            raise
        raise unavailable(part) from fault


@contextmanager
def told_to_operator(part: str) -> Iterator[None]:
    """Let every fault come out as `Unavailable` in AWS's own words.

    They name accounts, tables and roles: for whoever works with credentials of their own.

    Args:
        part: what is asked.

    Raises:
        Unavailable: AWS refused, was not reached, or there are no credentials.
    """
    try:
        yield
    except (BotoCoreError, ClientError) as fault:
        said = " ".join(str(fault).split())
        raise Unavailable(f"The {part} cannot be used: {said}", {"part": part}) from fault


def unavailable(part: str) -> Unavailable:
    """The error that names the part and nothing of what is behind it."""
    return Unavailable(f"The {part} did not answer; try again in a moment.", {"part": part})


def _passes(fault: ClientError) -> bool:
    status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return code_of(fault) in PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR
