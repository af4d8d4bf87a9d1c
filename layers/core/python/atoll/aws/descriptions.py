"""Description documents in S3: written once, read for ever, kept in memory while there is room."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of
from atoll.aws.names import REVISION, is_name
from atoll.aws.objects import fetch
from atoll.errors import DataError, InvalidParameter, UnknownDataset, shorten
from atoll.model.coverage import Coverage, description_key
from atoll.model.names import is_dataset_id

if TYPE_CHECKING:
    from types_boto3_s3 import S3Client

KEPT_BYTES = 32 * 2**20


class Descriptions:
    """One document for each (dataset, revision).

    Attributes:
        s3: the client.
        bucket: the data bucket's name.
        kept_bytes: as JSON, of all documents kept in memory.
    """

    def __init__(self, s3: S3Client, bucket: str, kept_bytes: int = KEPT_BYTES) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._kept = _Kept(kept_bytes)

    def read(self, dataset: str, revision: str) -> Coverage:
        """The description of one revision.

        Raises:
            UnknownDataset: there is none.
            DataError: the document is not a description.
            Unavailable: S3 did not answer.
        """
        key = description_key(dataset, revision)
        coverage = self._kept.get(key)
        if coverage is not None:
            return coverage
        document = None
        if _can_exist(dataset, revision):
            document = fetch("catalogue", self._s3, self._bucket, key)
        if document is None:
            asked = f"{shorten(dataset)} at revision {shorten(revision)}"
            facts = {"parameter": "revision", "dataset": dataset, "value": shorten(revision)}
            raise UnknownDataset(f"There is no dataset {asked}.", facts)
        coverage = _parse(document, dataset, revision)
        self._kept.put(key, coverage, len(document))
        return coverage

    def write(self, coverage: Coverage) -> None:
        """Keep a description for ever; what is there already stays.

        Raises:
            InvalidParameter: dataset or revision are no names.
            DataError: the revision has another description; only `updated_at` may differ.
            Unavailable: S3 did not answer.
        """
        if not _can_exist(coverage.dataset, coverage.revision):
            named = f"{coverage.dataset}@{coverage.revision}"
            raise InvalidParameter("dataset", named, "letters, digits, `.`, `_` and `-`")
        if self._put(coverage):
            return
        kept = self.read(coverage.dataset, coverage.revision)
        if coverage.model_copy(update={"updated_at": kept.updated_at}) != kept:
            raise DataError(
                f"Revision {coverage.revision} of {coverage.dataset} has another description.",
                {"dataset": coverage.dataset, "revision": coverage.revision},
            )

    def _put(self, coverage: Coverage) -> bool:
        """Write the document; False where there is one."""
        try:
            with answering("catalogue"):
                self._s3.put_object(
                    Bucket=self._bucket,
                    Key=description_key(coverage.dataset, coverage.revision),
                    Body=coverage.model_dump_json().encode(),
                    ContentType="application/json",
                    IfNoneMatch="*",
                )
        except ClientError as error:
            if code_of(error) != "PreconditionFailed":
                raise
            return False
        return True


class _Kept:
    """Coverages by key; the one that was not asked for the longest goes first."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._coverages: OrderedDict[str, tuple[Coverage, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> Coverage | None:
        with self._lock:
            if key not in self._coverages:
                return None
            self._coverages.move_to_end(key)
            return self._coverages[key][0]

    def put(self, key: str, coverage: Coverage, document_bytes: int) -> None:
        with self._lock:
            if key not in self._coverages:
                self._coverages[key] = (coverage, document_bytes)
                self._bytes += document_bytes
            while self._bytes > self._most_bytes:
                _, (_, gone_bytes) = self._coverages.popitem(last=False)
                self._bytes -= gone_bytes


def _can_exist(dataset: str, revision: str) -> bool:
    # `main` is a pointer to a revision, not the name of one.
    return is_dataset_id(dataset) and is_name(revision, REVISION) and revision != "main"


def _parse(document: bytes, dataset: str, revision: str) -> Coverage:
    try:
        return Coverage.model_validate_json(document)
    except ValueError as error:
        facts = {"dataset": dataset, "revision": revision}
        raise DataError(f"The description of {dataset} at {revision} is damaged.", facts) from error
