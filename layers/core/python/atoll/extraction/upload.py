"""The finished file into the results bucket: whole or not at all."""

from collections import deque
from collections.abc import Iterator
from itertools import chain

from obstore.store import LocalStore, ObjectStore

from atoll.extraction.object_source import store_faults
from atoll.extraction.references import References
from atoll.extraction.spool import Digest, drained
from atoll.model.job import MANIFEST_TYPE, manifest_beside
from atoll.model.parts import MOST_PARTS

ONE_PUT_BYTES = 8 * 2**20
PART_BYTES = 8 * 2**20
PARTS_AT_ONCE = 3


def upload(
    results: ObjectStore, key: str, blocks: Iterator[bytes], file_bytes: int, media_type: str
) -> Digest:
    """Upload a file, in one PUT or in parts; an object appears when all of it has arrived.

    Args:
        results: the bucket.
        key: of the object.
        blocks: the file's bytes, in order.
        file_bytes: their sum.
        media_type: of the object.

    Raises:
        RuntimeError: the blocks are not `file_bytes` long; there is no object then.
        Unavailable: the bucket did not answer.
    """
    return upload_stream(results, key, _whole(blocks, file_bytes), file_bytes, media_type)


def upload_stream(
    results: ObjectStore, key: str, blocks: Iterator[bytes], most_bytes: int, media_type: str
) -> Digest:
    """Upload a file whose size is not known before its end; else as `upload`.

    Args:
        results: the bucket.
        key: of the object.
        blocks: the file's bytes, in order.
        most_bytes: it is no larger.
        media_type: of the object.

    Raises:
        Unavailable: the bucket did not answer.
    """
    digest = Digest()
    flowing = digest.through(blocks)
    # A folder, which stands in for a bucket on one machine, has no media types.
    attributes = None if isinstance(results, LocalStore) else {"Content-Type": media_type}
    with store_faults("room for the result"):
        first = _first(flowing, ONE_PUT_BYTES)
        if digest.nbytes <= ONE_PUT_BYTES:
            results.put(key, b"".join(first), attributes=attributes, use_multipart=False)
        else:
            results.put(
                key,
                chain(drained(first), flowing),
                attributes=attributes,
                chunk_size=max(PART_BYTES, -(-most_bytes // MOST_PARTS)),
                max_concurrency=PARTS_AT_ONCE,
            )
    return digest


def upload_manifest(results: ObjectStore, key: str, references: References | None) -> str | None:
    """Leave a store's references beside where its object will appear.

    Args:
        results: the bucket.
        key: of the object.
        references: to its keys; None = it is no store, and nothing is left.

    Returns:
        the manifest's key.

    Raises:
        Unavailable: the bucket did not answer.
    """
    if references is None:
        return None
    beside, file_name = manifest_beside(key), key.rpartition("/")[2]
    blocks = references.blocks(file_name)
    upload(results, beside, blocks, references.nbytes(file_name), MANIFEST_TYPE)
    return beside


def _first(blocks: Iterator[bytes], nbytes: int) -> deque[bytes]:
    """Blocks of more than `nbytes` together; all, if they are not more."""
    found: deque[bytes] = deque()
    room = nbytes
    while room >= 0 and (block := next(blocks, None)) is not None:
        found.append(block)
        room -= len(block)
    return found


def _whole(blocks: Iterator[bytes], file_bytes: int) -> Iterator[bytes]:
    """The same blocks; the last is held back until all are known to be there."""
    held, nbytes = b"", 0
    for block in blocks:
        yield held
        held = block
        nbytes += len(block)
    if nbytes != file_bytes:
        raise RuntimeError(f"the file was laid out with {file_bytes} bytes and has {nbytes}")
    yield held
