"""What is uploaded is told to EventBridge: the S3 server of this machine tells nobody.

Which buckets want it, the emulator knows from their templates. After a restart all objects are
told again, as AWS too may tell of one more than once.
"""

import logging
import threading
import time

from botocore.exceptions import BotoCoreError, ClientError
from ministack.core.responses import request_scope
from ministack.services import s3

from stacks.local.cloud import Cloud
from stacks.local.place import ACCOUNT, Place

LOOK_INTERVAL_S = 0.5
REGION = "us-east-1"  # signatures need one; the S3 server has none
CREATED = "s3:ObjectCreated:Put"

type Upload = tuple[str, str, str]


class Uploads:
    """Looks what has been uploaded since it looked last."""

    def __init__(self, place: Place) -> None:
        self._s3 = Cloud(place, REGION).client("s3")
        self._told: set[Upload] = set()

    def look(self) -> None:
        """Tell of every object that is new, the oldest first."""
        for bucket in wanting_buckets():
            pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
            found = [each for page in pages for each in page.get("Contents", [])]
            for each in sorted(found, key=lambda one: one["LastModified"]):
                upload = (bucket, each["Key"], each["ETag"])
                if upload not in self._told:
                    self._told.add(upload)
                    tell(upload, each["Size"])


def wanting_buckets() -> list[str]:
    """Buckets whose objects are told to EventBridge."""
    with request_scope(ACCOUNT, REGION):
        kept = s3._bucket_notifications.items()  # noqa: SLF001 (the emulator has no public way)
        return [name for name, said in kept if "EventBridgeConfiguration" in said]


def tell(upload: Upload, size_bytes: int) -> None:
    """Let the emulator tell of an object as if it lay there."""
    bucket, key, etag = upload
    with request_scope(ACCOUNT, REGION):
        s3._fire_s3_event(bucket, key, CREATED, size=size_bytes, etag=etag)  # noqa: SLF001


def watch_uploads(place: Place) -> None:
    """Look from now on, in a thread."""
    uploads = Uploads(place)

    def loop() -> None:
        while True:
            time.sleep(LOOK_INTERVAL_S)
            try:
                uploads.look()
            except (BotoCoreError, ClientError):
                # A server that is coming up, or a bucket that is not made yet.
                logging.getLogger(__name__).info("the S3 server does not answer now")

    threading.Thread(target=loop, daemon=True, name="uploads").start()
