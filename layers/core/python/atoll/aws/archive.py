"""The ledger's days as files in S3, where readers of data sets divided by keys expect them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from atoll.aws.faults import answering

if TYPE_CHECKING:
    from datetime import date

    from types_boto3_s3 import S3Client

PREFIX = "ledger/"


class S3Archive:
    """One file a unit and day; the same day again replaces it."""

    def __init__(self, s3: S3Client, bucket: str, unit: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._unit = unit

    def put(self, day: date, content: bytes) -> str:
        """Keep the file of a day.

        Returns:
            its key.

        Raises:
            Unavailable: the store did not answer.
        """
        key = f"{PREFIX}unit={self._unit}/day={day.isoformat()}/entries.parquet"
        with answering("archive"):
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key
