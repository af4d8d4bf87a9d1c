"""Objects in S3 that may not be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_s3 import S3Client

# Who may read objects but not list their bucket is told 403 where there is none. A function
# may not list: least privilege. So absent and forbidden are one here.
ABSENT = frozenset({"NoSuchKey", "NotFound", "404", "AccessDenied", "Forbidden", "403"})


def unless_absent[T](part: str, ask: Callable[[], T]) -> T | None:
    """What S3 answers; None where there is no such object.

    Args:
        part: see `answering`.
        ask: asks for one object.

    Raises:
        Unavailable: see `answering`.
    """
    try:
        with answering(part):
            return ask()
    except ClientError as error:
        if code_of(error) not in ABSENT:
            raise
        return None


def fetch(part: str, s3: S3Client, bucket: str, key: str) -> bytes | None:
    """An object's content; None where there is none.

    Raises:
        Unavailable: see `answering`.
    """

    def ask() -> bytes:
        return s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    return unless_absent(part, ask)
