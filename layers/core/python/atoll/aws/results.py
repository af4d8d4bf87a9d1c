"""The results bucket: addresses, sizes, and reports of workers that cannot answer directly."""

from __future__ import annotations

import re
from contextlib import closing
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.aws.objects import fetch, unless_absent
from atoll.aws.uploads import abort_upload
from atoll.errors import DataError, ResultNotReady, TooLarge
from atoll.model.job import Report, report_key, result_key
from atoll.model.parts import Progress, Upload, notes_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import MultipartUploadTypeDef

    from atoll.model.job import Download, Outcome, Reason

# As `result_key` has it.
RESULTS = "results/"
# What is noted of parts: a file's upload, and a line for each part that is made.
UPLOAD = "upload.json"
NOTE = re.compile(r"/(upload|\d+)\.json$")
UNSAFE = re.compile(r"[^A-Za-z0-9._-]")


class S3Results:
    """The Results port."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def url(self, wanted: Download, lifetime_s: int) -> str:
        """A presigned address; nothing is asked of S3 for it; see `ports.Results`."""
        # It stands in a header: nothing of it may end the quotes or the line.
        file_name = UNSAFE.sub("_", wanted.file_name)
        return self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": wanted.key,
                "ResponseContentDisposition": f'attachment; filename="{file_name}"',
                "ResponseContentType": wanted.media_type,
            },
            ExpiresIn=lifetime_s,
        )

    def size(self, key: str) -> int | None:
        """Bytes of the object; see `ports.Results`."""
        return unless_absent(
            "results store",
            lambda: self._s3.head_object(Bucket=self._bucket, Key=key)["ContentLength"],
        )

    def read(self, key: str, limit_bytes: int) -> bytes:
        """The object itself; see `ports.Results`."""

        def ask() -> bytes:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
            with closing(found["Body"]) as body:
                if found["ContentLength"] > limit_bytes:
                    raise above_limit(key, found["ContentLength"], limit_bytes)
                return body.read()

        content = unless_absent("results store", ask)
        if content is None:
            raise gone(key)
        return content

    def report(self, job_id: str) -> tuple[Outcome, ...] | Reason | None:
        """What workers left behind; see `ports.Results`.

        Raises:
            DataError: something lies there that is not a report.
            Unavailable: S3 did not answer.
        """
        document = fetch("results store", self._s3, self._bucket, report_key(job_id))
        if document is None:
            return None
        try:
            report = Report.model_validate_json(document)
        except ValueError as error:
            raise DataError("The worker's report is damaged.", {"job_id": job_id}) from error
        if not report.outcomes and report.reason is None:
            raise DataError("The worker's report is empty.", {"job_id": job_id})
        return report.outcomes or report.reason

    def progress(self, job_id: str) -> Progress | None:
        """How many parts are made; see `ports.Results`.

        Files are made one behind the other, so only the last one's upload has to be read.
        """
        notes = [key for key in self._keys(notes_folder(job_id)) if NOTE.search(key)]
        begun = max((key for key in notes if key.endswith(UPLOAD)), default="")
        document = fetch("results store", self._s3, self._bucket, begun) if begun else None
        if document is None:
            return None
        try:
            planned = Upload.model_validate_json(document).parts
        except ValueError as error:
            raise DataError("The note of an upload is damaged.", {"job_id": job_id}) from error
        made = [key for key in notes if not key.endswith(UPLOAD)]
        of_files_before = sum(not key.startswith(begun.removesuffix(UPLOAD)) for key in made)
        return Progress(
            made=len(made), planned=of_files_before + planned, files_begun=len(notes) - len(made)
        )

    def discard(self, job_id: str) -> None:
        """Abort what is being uploaded; see `ports.Results`.

        S3 is asked, not the job's own notes: a worker may have been lost before it wrote any.
        """
        for upload in self._uploads(result_key(job_id, "")):
            with answering("results store"):
                abort_upload(self._s3, self._bucket, upload["Key"], upload["UploadId"])

    def remove(self, job_id: str) -> None:
        """Delete what is finished, too; see `ports.Results`.

        Uploads first: none of them is completed behind our back.
        """
        self.discard(job_id)
        for key in self._keys(result_key(job_id, "")):
            with answering("results store"):
                self._s3.delete_object(Bucket=self._bucket, Key=key)

    def uploading(self, before: datetime) -> list[str]:
        """Ids of jobs whose results are being uploaded; see `ports.Results`."""
        old = (one["Key"] for one in self._uploads(RESULTS) if one["Initiated"] < before)
        return sorted({key.split("/")[1] for key in old})

    def _keys(self, prefix: str) -> list[str]:
        """Keys of a job's objects; there are at most a few for each of its files and parts."""
        pages = self._s3.get_paginator("list_objects_v2")
        with answering("results store"):
            return [
                one["Key"]
                for page in pages.paginate(Bucket=self._bucket, Prefix=prefix)
                for one in page.get("Contents", [])
            ]

    def _uploads(self, prefix: str) -> Iterator[MultipartUploadTypeDef]:
        pages = self._s3.get_paginator("list_multipart_uploads")
        with answering("results store"):
            for page in pages.paginate(Bucket=self._bucket, Prefix=prefix):
                yield from page.get("Uploads", [])


def above_limit(key: str, size_bytes: int, limit_bytes: int) -> TooLarge:
    """The refusal to read an object whole."""
    return TooLarge(
        f"The result has {size_bytes} bytes; up to {limit_bytes} are read at once.",
        {"key": key, "size_bytes": size_bytes, "limit_bytes": limit_bytes},
    )


def gone(key: str) -> ResultNotReady:
    """There is no such object, or none any more."""
    return ResultNotReady("The result is not there any more; order it again.", {"key": key})
