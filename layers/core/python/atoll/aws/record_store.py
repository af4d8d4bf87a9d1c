"""Central's records and the catalogue made of them: objects of one bucket.

`records/{unit}/{dataset}.json`, `catalogue/{version}.sqlite`, and `catalogue/current.json`, which
says which version is the present one.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError
from pydantic import ValidationError

from atoll.aws.faults import answering, code_of, unavailable
from atoll.aws.objects import unless_absent
from atoll.model.announcement import Telling
from atoll.model.value import Value
from atoll.ports.records import KeptRecords

if TYPE_CHECKING:
    from pathlib import Path

    from types_boto3_s3 import S3Client

STORE = "catalogue"
RECORDS, FILES = "records/", "catalogue/"
POINTER = f"{FILES}current.json"
READERS = 16  # connections at once
MOST_ATTEMPTS = 5
PIECE_BYTES = 2**20
# What S3 says where another was quicker.
CHANGED = frozenset({"PreconditionFailed", "NoSuchKey"})


class Pointer(Value):
    """Which version is the present one.

    Attributes:
        before: the one that it took the place of, for who is still fetching it.
    """

    version: str
    before: str | None = None


class _Found(NamedTuple):
    """An object, and what S3 tells this version of it by."""

    content: bytes
    tag: str


class S3RecordStore:
    """The RecordStore port."""

    def __init__(self, s3: S3Client, bucket: str) -> None:
        self._s3 = s3
        self._bucket = bucket

    def keep(self, telling: Telling) -> bool:
        """Keep a record in place of the one before; see `ports.RecordStore`."""
        record = telling.announcement.record
        key = f"{RECORDS}{record.publisher.name}/{record.identifier}.json"
        for _ in range(MOST_ATTEMPTS):
            there = self._find(key)
            kept = _read(there.content) if there else None
            if kept and telling.is_older_than(kept):
                return False
            if self._swap(key, telling, there):
                return True
        raise unavailable(STORE)

    def records(self) -> KeptRecords:
        """All records, sorted by their ids; see `ports.RecordStore`."""
        pages = self._s3.get_paginator("list_objects_v2")
        with answering(STORE):
            keys = [
                one["Key"]
                for page in pages.paginate(Bucket=self._bucket, Prefix=RECORDS)
                for one in page.get("Contents", [])
            ]
        with ThreadPoolExecutor(READERS) as readers:
            found = list(readers.map(self._find, keys))
        read = {key: _read(one.content) for key, one in zip(keys, found, strict=True) if one}
        told = [kept.announcement for kept in read.values() if kept]
        return KeptRecords(
            readable=sorted(told, key=lambda one: one.record.catalogue_id),
            unreadable=[key for key, kept in read.items() if kept is None],
        )

    def version(self) -> str | None:
        """The present version; see `ports.IndexSource`."""
        there = self._find(POINTER)
        return Pointer.model_validate_json(there.content).version if there else None

    def fetch(self, version: str, path: Path) -> None:
        """Write a version's file; see `ports.IndexSource`."""

        def ask() -> bool:
            answer = self._s3.get_object(Bucket=self._bucket, Key=_file(version))
            with path.open("wb") as target:
                for piece in answer["Body"].iter_chunks(PIECE_BYTES):
                    target.write(piece)
            return True

        if not unless_absent(STORE, ask):
            raise unavailable(STORE)

    def replace(self, before: str | None, version: str, path: Path) -> bool:
        """Make a file the catalogue; see `ports.RecordStore`."""
        there = self._find(POINTER)
        present = Pointer.model_validate_json(there.content) if there else None
        if (present and present.version) != before:
            return False
        with answering(STORE), path.open("rb") as content:
            self._s3.put_object(Bucket=self._bucket, Key=_file(version), Body=content)
        swapped = self._swap(POINTER, Pointer(version=version, before=before), there)
        if not swapped and not self._names(version):
            self._forget(version)
            return False
        if present and present.before:
            self._forget(present.before)
        return True

    def _names(self, version: str) -> bool:
        """Whether the pointer names a version: a swap whose answer was lost is refused again."""
        there = self._find(POINTER)
        present = Pointer.model_validate_json(there.content) if there else None
        return present is not None and version in {present.version, present.before}

    def _find(self, key: str) -> _Found | None:
        def ask() -> _Found:
            answer = self._s3.get_object(Bucket=self._bucket, Key=key)
            return _Found(answer["Body"].read(), answer["ETag"])

        return unless_absent(STORE, ask)

    def _swap(self, key: str, value: Value, there: _Found | None) -> bool:
        """Write an object if it is still what it was."""
        put = partial(
            self._s3.put_object,
            Bucket=self._bucket,
            Key=key,
            Body=value.model_dump_json().encode(),
            ContentType="application/json",
        )
        try:
            with answering(STORE):
                put(IfMatch=there.tag) if there else put(IfNoneMatch="*")
        except ClientError as error:
            if code_of(error) not in CHANGED:
                raise
            return False
        return True

    def _forget(self, version: str) -> None:
        with answering(STORE):
            self._s3.delete_object(Bucket=self._bucket, Key=_file(version))


def _file(version: str) -> str:
    return f"{FILES}{version}.sqlite"


def _read(content: bytes) -> Telling | None:
    """What is kept; None = it cannot be read, as what was written by another version of us."""
    try:
        return Telling.model_validate_json(content)
    except ValidationError:
        return None
