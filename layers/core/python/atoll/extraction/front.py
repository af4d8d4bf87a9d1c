"""The front of a result made in parts: its header, and the parts that were kept beside."""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from math import ceil

from obstore.store import ObjectStore

from atoll.errors import DataError, WorkerLost
from atoll.extraction.extract import Places
from atoll.extraction.object_source import store_faults
from atoll.model.parts import UPLOAD_NUMBER, PartMade, Upload, payload_key
from atoll.ports import Uploads

PIECE_BYTES = 8 * 2**20
PIECES_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Front:
    """What it is made of.

    Attributes:
        job_id, file: whose parts they are.
        header: of the file.
        kept: parts that were kept beside, in the order of the file.
        tail: of the file, where no part was uploaded that lies before it.
    """

    job_id: str
    file: int
    header: bytes
    kept: tuple[PartMade, ...]
    tail: bytes = b""

    @property
    def nbytes(self) -> int:
        """Size of all of it."""
        kept_bytes = sum(line.stored_bytes for line in self.kept)
        return len(self.header) + kept_bytes + len(self.tail)

    def blocks(self, results: ObjectStore) -> Iterator[bytes]:
        """Its bytes, in order."""
        yield self.header
        for line in self.kept:
            yield from _payload(results, payload_key(self.job_id, self.file, line.number), line)
        yield self.tail


def upload_front(front: Front, upload: Upload, places: Places, uploads: Uploads) -> dict[int, str]:
    """Upload it as the first parts, in pieces of nearly equal size.

    Returns:
        part number -> etag.

    Raises:
        DataError: a part that was kept is not what its line says.
        UploadGone: the job has ended meanwhile.
        Unavailable: the store did not answer.
        WorkerLost: a part that was kept is not there.
    """
    count = min(UPLOAD_NUMBER, max(1, front.nbytes // PIECE_BYTES))
    pieces = _regrouped(front.blocks(places.results), ceil(front.nbytes / count))
    etags: dict[int, str] = {}
    under_way: deque[tuple[int, Future[str]]] = deque()
    with ThreadPoolExecutor(PIECES_AT_ONCE, "front") as threads:
        for number, piece in enumerate(pieces, 1):
            under_way.append((number, threads.submit(uploads.put, upload, number, piece)))
            if len(under_way) >= PIECES_AT_ONCE:
                done, future = under_way.popleft()
                etags[done] = future.result()
    return etags | {number: future.result() for number, future in under_way}


def _payload(results: ObjectStore, key: str, line: PartMade) -> Iterator[bytes]:
    digest = sha256()
    with store_faults("a part that was kept"):
        try:
            for block in results.get(key).stream(PIECE_BYTES):
                held = bytes(block)
                digest.update(held)
                yield held
        except FileNotFoundError as error:
            raise WorkerLost(f"part {line.number} is not there any more") from error
    if digest.hexdigest() != line.sha256:
        raise DataError(f"part {line.number} is not what its worker made", {"part": line.number})


def _regrouped(blocks: Iterator[bytes], piece_bytes: int) -> Iterator[bytes]:
    """The same bytes in pieces of that size; the last is what is left."""
    held = BytesIO()
    for block in blocks:
        view = memoryview(block)
        while view:
            room = piece_bytes - held.tell()
            held.write(view[:room])
            view = view[room:]
            if held.tell() == piece_bytes:
                yield held.getvalue()
                held = BytesIO()
    if held.tell():
        yield held.getvalue()
