"""Where stored bytes come from: one role for every kind of store. No array is known here."""

from collections.abc import Buffer, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredRange:
    """Bytes of one stored object.

    Attributes:
        key: of the object, relative to the store.
        start: first byte; None with a length = counted from the object's end.
        length: number of bytes; None = to the end.
    """

    key: str
    start: int | None = None
    length: int | None = None


class ChunkSource(Protocol):
    """Gives stored bytes by the keys that a plan names; nothing is ever listed."""

    def fetch(self, ranges: Sequence[StoredRange]) -> list[Future[Buffer | None]]:
        """Begin to read all of them at once and return without waiting.

        Returns:
            in the order of `ranges`; None where there is no such object, which for Zarr
            means a chunk that was never written.

        Raises:
            Unavailable: (from the futures) the store did not answer.
            DataError: (from the futures) the store has no such array or revision.
        """
        ...


def read_all(source: ChunkSource, ranges: Sequence[StoredRange]) -> list[Buffer | None]:
    """Read and wait. Raises: as `ChunkSource.fetch`."""
    return [future.result() for future in source.fetch(ranges)]
