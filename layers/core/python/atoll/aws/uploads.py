"""Multipart uploads into the results bucket."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of, unavailable
from atoll.errors import UploadGone

if TYPE_CHECKING:
    from collections.abc import Buffer, Iterator, Mapping

    from types_boto3_s3 import S3Client

    from atoll.model.parts import Upload

PART = "results store"
GONE = "NoSuchUpload"
REFUSED = frozenset({"AccessDenied", "Forbidden", "403"})


class S3Uploads:
    """The Uploads port."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def begin(self, key: str, media_type: str) -> str:
        """Begin one; see `ports.Uploads`."""
        with _answering():
            made = self._s3.create_multipart_upload(
                Bucket=self._bucket, Key=key, ContentType=media_type
            )
        return made["UploadId"]

    def put(self, upload: Upload, number: int, content: Buffer) -> str:
        """Upload one part; see `ports.Uploads`."""
        body = content if isinstance(content, bytes) else bytes(content)
        with _asked_of(upload.key):
            made = self._s3.upload_part(
                Bucket=self._bucket,
                Key=upload.key,
                UploadId=upload.upload_id,
                PartNumber=number,
                Body=body,
            )
        return made["ETag"]

    def complete(self, upload: Upload, etags: Mapping[int, str]) -> None:
        """Make the object appear; see `ports.Uploads`."""
        with _asked_of(upload.key):
            self._s3.complete_multipart_upload(
                Bucket=self._bucket,
                Key=upload.key,
                UploadId=upload.upload_id,
                MultipartUpload={
                    "Parts": [
                        {"PartNumber": number, "ETag": etags[number]} for number in sorted(etags)
                    ]
                },
            )

    def abort(self, upload: Upload) -> None:
        """Forget it; see `ports.Uploads`."""
        abort_upload(self._s3, self._bucket, upload.key, upload.upload_id)


def abort_upload(s3: S3Client, bucket: str, key: str, upload_id: str) -> None:
    """Forget an upload and its parts; one that is gone already is left so.

    Raises:
        Unavailable: S3 did not answer, or refused.
    """
    with suppress(UploadGone), _asked_of(key):
        s3.abort_multipart_upload(Bucket=bucket, Key=key, UploadId=upload_id)


@contextmanager
def _asked_of(key: str) -> Iterator[None]:
    """Let `UploadGone` come out where S3 does not know the upload (any more)."""
    try:
        with _answering():
            yield
    except ClientError as error:
        if code_of(error) != GONE:
            raise
        raise UploadGone(f"The upload of {key!r} has ended.", {"key": key}) from error


@contextmanager
def _answering() -> Iterator[None]:
    """As `answering`; a bucket that refuses may take what it is given after its policy is mended.

    All that a job has made so far would be lost otherwise.
    """
    try:
        with answering(PART):
            yield
    except ClientError as error:
        if code_of(error) not in REFUSED:
            raise
        raise unavailable(PART) from error
