"""The results bucket in memory, and uploads into a store."""

from collections.abc import Buffer, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock

from obstore.store import ObjectStore

from atoll.errors import ResultNotReady, TooLarge, UploadGone
from atoll.model.job import Download, Outcome, Reason, result_key
from atoll.model.parts import LEAST_UPLOAD_BYTES, Progress, Upload
from tests.fakes.available import demand_up

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass
class FakeResults:
    """Objects and reports in memory.

    Attributes:
        objects: bytes by key.
        uploads: keys of uploads under way.
        began: when one of them was begun, if not long ago.
        reports: what workers left behind, by job id.
        parts: how far they are, by job id.
    """

    available: bool = True
    objects: dict[str, bytes] = field(default_factory=dict)
    uploads: list[str] = field(default_factory=list)
    began: dict[str, datetime] = field(default_factory=dict)
    reports: dict[str, tuple[Outcome, ...] | Reason] = field(default_factory=dict)
    parts: dict[str, Progress] = field(default_factory=dict)

    def url(self, wanted: Download, lifetime_s: int) -> str:
        demand_up("results", available=self.available)
        return f"https://results.test/{wanted.key}?lifetime_s={lifetime_s}"

    def size(self, key: str) -> int | None:
        demand_up("results", available=self.available)
        return len(self.objects[key]) if key in self.objects else None

    def read(self, key: str, limit_bytes: int) -> bytes:
        demand_up("results", available=self.available)
        if key not in self.objects:
            raise ResultNotReady("it is gone", {"key": key})
        if len(self.objects[key]) > limit_bytes:
            raise TooLarge("it is too large", {"limit_bytes": limit_bytes})
        return self.objects[key]

    def report(self, job_id: str) -> tuple[Outcome, ...] | Reason | None:
        demand_up("results", available=self.available)
        return self.reports.get(job_id)

    def progress(self, job_id: str) -> Progress | None:
        demand_up("results", available=self.available)
        return self.parts.get(job_id)

    def discard(self, job_id: str) -> None:
        demand_up("results", available=self.available)
        of_job = result_key(job_id, "")
        self.uploads = [key for key in self.uploads if not key.startswith(of_job)]

    def remove(self, job_id: str) -> None:
        self.discard(job_id)
        of_job = result_key(job_id, "")
        self.objects = {
            key: content for key, content in self.objects.items() if not key.startswith(of_job)
        }

    def uploading(self, before: datetime) -> list[str]:
        demand_up("results", available=self.available)
        old = [key for key in self.uploads if self.began.get(key, LONG_AGO) < before]
        return sorted({key.split("/")[1] for key in old})


@dataclass
class FakeUploads:
    """Multipart uploads whose objects appear in a store.

    Attributes:
        store: where they appear.
        parts: of uploads under way, by upload id: number -> content.
        keys: of all uploads ever begun, by upload id.
        least_bytes: of a part that is not the last.
    """

    store: ObjectStore
    available: bool = True
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    least_bytes: int = LEAST_UPLOAD_BYTES
    lock: Lock = field(default_factory=Lock)

    def begin(self, key: str, media_type: str) -> str:
        del media_type
        demand_up("results store", available=self.available)
        with self.lock:
            upload_id = f"upload-{len(self.keys) + 1}"
            self.keys[upload_id], self.parts[upload_id] = key, {}
        return upload_id

    def put(self, upload: Upload, number: int, content: Buffer) -> str:
        held = bytes(content)
        self._under_way(upload)[number] = held
        return sha256(held).hexdigest()

    def complete(self, upload: Upload, etags: Mapping[int, str]) -> None:
        parts = self._under_way(upload)
        for number, etag in etags.items():
            if number not in parts or sha256(parts[number]).hexdigest() != etag:
                raise RuntimeError(f"part {number} was not uploaded")
            if len(parts[number]) < self.least_bytes and number != max(etags):
                raise RuntimeError(f"part {number} has {len(parts[number])} bytes")
        self.store.put(upload.key, b"".join(parts[number] for number in sorted(etags)))
        del self.parts[upload.upload_id]

    def abort(self, upload: Upload) -> None:
        demand_up("results store", available=self.available)
        self.parts.pop(upload.upload_id, None)

    def _under_way(self, upload: Upload) -> dict[int, bytes]:
        demand_up("results store", available=self.available)
        if self.keys.get(upload.upload_id) != upload.key or upload.upload_id not in self.parts:
            raise UploadGone(f"the upload of {upload.key!r} has ended", {"key": upload.key})
        return self.parts[upload.upload_id]
