"""A finished object, read back in order: several ranges under way, one of them hashed."""

from collections import deque
from collections.abc import Buffer
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256

from obstore.exceptions import PermissionDeniedError
from obstore.store import ObjectStore

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


def object_sha256(results: ObjectStore, key: str, nbytes: int) -> str:
    """SHA-256 of an object of that size, hexadecimal.

    Raises:
        Unavailable: the bucket did not answer.
    """
    digest = sha256()
    under_way: deque[Future[Buffer]] = deque()
    with store_faults("the result"), ThreadPoolExecutor(RANGES_AT_ONCE, "read-back") as threads:
        for start in range(0, nbytes, RANGE_BYTES):
            end = min(start + RANGE_BYTES, nbytes)
            under_way.append(threads.submit(results.get_range, key, start=start, end=end))
            if len(under_way) >= RANGES_AT_ONCE:
                digest.update(under_way.popleft().result())
        for future in under_way:
            digest.update(future.result())
    return digest.hexdigest()
