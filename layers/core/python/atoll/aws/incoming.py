"""The bucket that producers upload to: each file once, as the note says it is, or not at all."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing
from typing import TYPE_CHECKING

from atoll.aws.faults import answering
from atoll.aws.objects import unless_absent
from atoll.errors import DataError, InvalidParameter
from atoll.model.delivery import NOTE_NAME, RESPONSE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from types_boto3_s3 import S3Client
    from types_boto3_s3.type_defs import GetObjectOutputTypeDef

    from atoll.model.delivery import DeliveryNote, Operation

STORE = "store of deliveries"
STRETCH_BYTES = 8 * 2**20  # so much of a file is in memory


class S3Incoming:
    """The Incoming port."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def upload_url(self, note: DeliveryNote, operation: Operation, lifetime_s: int) -> str:
        """An address for one file; see `ports.Incoming`.

        Whoever follows it says `If-None-Match: *` and the digest, as signed: S3 compares both.
        """
        said: dict[str, str | int] = {"Key": f"{note.folder}{operation.path}"}
        if operation.size_bytes is not None:
            said["ContentLength"] = operation.size_bytes
        if operation.sha256 is not None:
            said["ChecksumSHA256"] = _base64(operation.sha256)
        elif operation.md5 is not None:
            said["ContentMD5"] = _base64(operation.md5)
        return self._put_url(said, lifetime_s)

    def note_url(self, note: DeliveryNote, lifetime_s: int) -> str:
        """An address for the note; see `ports.Incoming`."""
        return self._put_url({"Key": f"{note.folder}{NOTE_NAME}"}, lifetime_s)

    def _put_url(self, said: dict[str, str | int], lifetime_s: int) -> str:
        return self._s3.generate_presigned_url(
            "put_object",
            Params={"Bucket": self._bucket, "IfNoneMatch": "*", **said},
            ExpiresIn=lifetime_s,
        )

    def read_note(self, key: str, limit_bytes: int) -> bytes:
        """A note as it was uploaded; see `ports.Incoming`."""

        def ask() -> bytes:
            found = self._s3.get_object(Bucket=self._bucket, Key=key)
            with closing(found["Body"]) as body:
                if found["ContentLength"] > limit_bytes:
                    said = f"{found['ContentLength']} bytes"
                    raise InvalidParameter(key, said, f"a note of {limit_bytes} bytes at most is")
                return body.read()

        content = unless_absent(STORE, ask)
        if content is None:
            raise InvalidParameter(key, "no object", "a note that was uploaded is")
        return content

    def fetch(self, key: str, path: Path, limit_bytes: int) -> int:
        """Copy a file to this machine; see `ports.Incoming`."""
        found = unless_absent(STORE, lambda: self._s3.get_object(Bucket=self._bucket, Key=key))
        if found is None:
            raise DataError(f"{key} was not uploaded.", {"key": key})
        with closing(found["Body"]):
            size_bytes = found["ContentLength"]
            if size_bytes > limit_bytes:
                raise DataError(
                    f"{key} has {size_bytes} bytes, more than the {limit_bytes} that it may have.",
                    {"key": key, "size_bytes": size_bytes, "limit_bytes": limit_bytes},
                )
            _copy(found, path)
        return size_bytes

    def respond(self, folder: str, response: bytes) -> None:
        """Put the answer beside the note; see `ports.Incoming`."""
        with answering(STORE):
            self._s3.put_object(
                Bucket=self._bucket,
                Key=f"{folder}{RESPONSE_NAME}",
                Body=response,
                ContentType="application/json",
            )


def _copy(found: GetObjectOutputTypeDef, path: Path) -> None:
    with answering(STORE), path.open("wb") as target:
        for stretch in found["Body"].iter_chunks(STRETCH_BYTES):
            target.write(stretch)


def _base64(hexadecimal: str) -> str:
    return b64encode(bytes.fromhex(hexadecimal)).decode("ascii")
