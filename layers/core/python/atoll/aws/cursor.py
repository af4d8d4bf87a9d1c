"""Where a list of jobs goes on: opaque to the user, checked when it comes back."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pydantic import Field

from atoll.aws.names import JOB_ID
from atoll.aws.rows import timestamp
from atoll.errors import InvalidParameter
from atoll.model.value import Value

if TYPE_CHECKING:
    from atoll.model.job import Job


class Cursor(Value):
    """The last job of a page. The account is not in it: it is always the caller's own.

    Attributes:
        created_at: as `rows.timestamp` writes it, and nothing else.
    """

    created_at: str = Field(
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00$"
    )
    job_id: str = Field(pattern=JOB_ID.pattern)


def write_cursor(job: Job) -> str:
    """The cursor behind a job."""
    cursor = Cursor(created_at=timestamp(job.created_at), job_id=job.job_id)
    return base64.urlsafe_b64encode(cursor.model_dump_json().encode()).decode()


def read_cursor(cursor: str) -> Cursor:
    """The cursor that was given out.

    Raises:
        InvalidParameter: it was not.
    """
    try:
        return Cursor.model_validate_json(base64.urlsafe_b64decode(cursor))
    except ValueError as error:  # of base64, of UTF-8 and of pydantic alike
        accepted = "take the one that the page before ends with, unchanged"
        raise InvalidParameter("cursor", cursor, accepted) from error
