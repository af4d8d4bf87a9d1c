"""Where results lie, and how many workers write one."""

from collections.abc import Buffer, Mapping
from datetime import datetime
from typing import Protocol

from atoll.model.job import Download, Outcome, Reason
from atoll.model.parts import Progress, Upload


class Results(Protocol):
    """Where results lie until they expire."""

    def url(self, wanted: Download, lifetime_s: int) -> str:
        """A new address that anyone may fetch the object from for `lifetime_s` seconds."""
        ...

    def size(self, key: str) -> int | None:
        """Bytes of the object; None = there is none."""
        ...

    def read(self, key: str, limit_bytes: int) -> bytes:
        """The object itself, for whoever answers with it.

        Args:
            key: of the object.
            limit_bytes: that the caller can hold.

        Raises:
            ResultNotReady: there is none, or none any more.
            TooLarge: it has more than `limit_bytes`; none of them was read.
            Unavailable: the store did not answer.
        """
        ...

    def report(self, job_id: str) -> tuple[Outcome, ...] | Reason | None:
        """What workers that cannot answer directly left behind; None = nothing."""
        ...

    def progress(self, job_id: str) -> Progress | None:
        """How many parts of the job's result workers have left behind; None = none is begun.

        Raises:
            DataError: what they say of themselves is damaged.
            Unavailable: the store did not answer.
        """
        ...

    def discard(self, job_id: str) -> None:
        """Abort every upload of the job's result that is under way; a finished result stays.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def remove(self, job_id: str) -> None:
        """Leave nothing of the job's result: abort its uploads and delete its finished files.

        Raises:
            Unavailable: the store did not answer; some may lie there still.
        """
        ...

    def uploading(self, before: datetime) -> list[str]:
        """Ids of jobs whose results are being uploaded since before a moment; each once.

        Raises:
            Unavailable: the store did not answer.
        """
        ...


class Uploads(Protocol):
    """Multipart uploads into the results bucket, by many workers."""

    def begin(self, key: str, media_type: str) -> str:
        """Begin one; nothing is to be seen at `key` before it is completed.

        Returns:
            its upload id.

        Raises:
            Unavailable: the store did not answer.
        """
        ...

    def put(self, upload: Upload, number: int, content: Buffer) -> str:
        """Upload one part; the same number again replaces it.

        Args:
            upload: begun before.
            number: 1 to 10,000; the object is its parts in this order.
            content: `LEAST_UPLOAD_BYTES` or more, but for the last part.

        Returns:
            the part's etag.

        Raises:
            UploadGone: it was completed or aborted.
            Unavailable: the store did not answer.
        """
        ...

    def complete(self, upload: Upload, etags: Mapping[int, str]) -> None:
        """Make the object appear, out of parts: number -> etag.

        Raises:
            UploadGone: it was completed or aborted before.
            Unavailable: the store did not answer.
        """
        ...

    def abort(self, upload: Upload) -> None:
        """Forget it and its parts. One that is gone already is left so.

        Raises:
            Unavailable: the store did not answer.
        """
        ...
