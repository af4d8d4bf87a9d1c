"""An account's jobs in pages, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atoll.aws.cursor import read_cursor, write_cursor
from atoll.aws.faults import answering
from atoll.aws.rows import job_of
from atoll.ports import JobPage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from types_boto3_dynamodb import DynamoDBClient
    from types_boto3_dynamodb.type_defs import QueryInputTypeDef

    from atoll.aws.rows import Item
    from atoll.model.job import Job
    from atoll.ports import Wanted

JOBS_OF_ACCOUNT = "by_account"
# Of what is filtered, so many are read at once.
LEAST_PAGE = 100


def newest(dynamodb: DynamoDBClient, table: str, account_id: str, wanted: Wanted) -> JobPage:
    """Some of an account's jobs, newest first; see `ports.Ledger.jobs`.

    Raises:
        InvalidParameter: the cursor is not one that was given out.
        Unavailable: the table did not answer.
    """
    found: list[Job] = []
    # One more than asked for: whether there is a next page is then known, not guessed.
    for job in _all(dynamodb, table, account_id, wanted):
        if _is_wanted(job, wanted):
            found.append(job)
        if len(found) > wanted.limit:
            break
    jobs = tuple(found[: wanted.limit])
    following = write_cursor(jobs[-1]) if len(found) > wanted.limit else None
    return JobPage(jobs=jobs, cursor=following)


def _is_wanted(job: Job, wanted: Wanted) -> bool:
    return (
        (not wanted.status or job.status in wanted.status)
        and wanted.dataset in {"", job.plan.dataset}
        and wanted.label in {"", job.label}
    )


def _all(dynamodb: DynamoDBClient, table: str, account_id: str, wanted: Wanted) -> Iterator[Job]:
    """Jobs behind the cursor, read as they are asked for."""
    chooses = wanted.status or wanted.dataset or wanted.label
    query: QueryInputTypeDef = {
        "TableName": table,
        "IndexName": JOBS_OF_ACCOUNT,
        "KeyConditionExpression": "account_id = :account",
        "ExpressionAttributeValues": {":account": {"S": account_id}},
        "ScanIndexForward": False,
        "Limit": max(wanted.limit + 1, LEAST_PAGE) if chooses else wanted.limit + 1,
    }
    if wanted.cursor is not None:
        query["ExclusiveStartKey"] = _start_key(account_id, wanted.cursor)
    while True:
        with answering("ledger"):
            answer = dynamodb.query(**query)
        yield from map(job_of, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        query["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def _start_key(account_id: str, cursor: str) -> Item:
    last = read_cursor(cursor)
    return {
        "account_id": {"S": account_id},
        "created_at": {"S": last.created_at},
        "job_id": {"S": last.job_id},
    }
