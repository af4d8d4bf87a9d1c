"""A finished object, read back in order: several ranges under way, one of them hashed."""

from collections import deque
from collections.abc import Buffer, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from obstore.exceptions import PermissionDeniedError
from obstore.store import ObjectStore

from atoll.errors import Unavailable
from atoll.extraction.object_source import store_faults

RANGE_BYTES = 8 * 2**20
RANGES_AT_ONCE = 6


def object_bytes(results: ObjectStore, key: str) -> int | None:
    """Size of an object; None = there is none.

    Raises:
        Unavailable: the bucket did not answer.
    """
    with store_faults("the result's size"):
        try:
            return results.head(key)["size"]
        # Who may not list the bucket is told 403 where there is no such object.
        except (FileNotFoundError, PermissionDeniedError):
            return None


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of an object's bytes that are known by their digest.

    Attributes:
        nbytes: of it.
        sha256: of these bytes, hexadecimal.
    """

    nbytes: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> Self:
        """The segment that these bytes are."""
        return cls(len(content), sha256(content).hexdigest())


def object_sha256(results: ObjectStore, key: str, segments: Sequence[Segment]) -> str:
    """SHA-256 of an object, hexadecimal, of which every byte is found to be what was sent.

    Args:
        results: the bucket.
        key: of the object.
        segments: that it is made of, in order.

    Raises:
        Unavailable: the bucket did not answer, or with other bytes than it was given.
    """
    whole, check = sha256(), _Check(segments)
    for block in _blocks(results, key, sum(one.nbytes for one in segments)):
        whole.update(block)
        check.update(block)
    return whole.hexdigest()


class _Check:
    """Finds the segments' digests, one behind the other."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._waiting = deque(one for one in segments if one.nbytes)
        self._digest, self._found_bytes = sha256(), 0

    def update(self, block: Buffer) -> None:
        rest = memoryview(block)
        while rest:
            segment = self._waiting[0]
            taken = rest[: segment.nbytes - self._found_bytes]
            self._digest.update(taken)
            self._found_bytes += len(taken)
            rest = rest[len(taken) :]
            if self._found_bytes == segment.nbytes:
                self._end(self._waiting.popleft())

    def _end(self, segment: Segment) -> None:
        if self._digest.hexdigest() != segment.sha256:
            raise Unavailable("the result was read back with other bytes than were written")
        self._digest, self._found_bytes = sha256(), 0


def _blocks(results: ObjectStore, key: str, nbytes: int) -> Iterator[Buffer]:
    """An object's bytes in order, with several ranges under way."""
    under_way: deque[Future[Buffer]] = deque()
    with store_faults("the result"), ThreadPoolExecutor(RANGES_AT_ONCE, "read-back") as threads:
        for start in range(0, nbytes, RANGE_BYTES):
            end = min(start + RANGE_BYTES, nbytes)
            under_way.append(threads.submit(results.get_range, key, start=start, end=end))
            if len(under_way) >= RANGES_AT_ONCE:
                yield under_way.popleft().result()
        for future in under_way:
            yield future.result()
