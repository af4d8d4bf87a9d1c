"""What the workers of one file tell each other: documents in its `parts_folder`, written once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from obstore.exceptions import AlreadyExistsError, PermissionDeniedError
from obstore.store import ObjectStore

from atoll.errors import DataError, WorkerLost
from atoll.extraction.object_source import store_faults
from atoll.model.parts import PartMade, Upload, part_key, parts_folder, payload_key, upload_key
from atoll.model.value import Value

# A line is a few hundred bytes: what takes time is the way there and back.
READERS = 32
# Who may list this folder alone is told 403 where there is no such object.
MAY_BE_ABSENT = (FileNotFoundError, PermissionDeniedError)
SHOWN = 5


def read_upload(results: ObjectStore, job_id: str, file: int) -> Upload | None:
    """The file's upload; None = there is none yet.

    Raises:
        DataError: the document is damaged.
        Unavailable: the bucket did not answer.
    """
    return read_document(results, upload_key(job_id, file), Upload, MAY_BE_ABSENT)


def keep_upload(results: ObjectStore, job_id: str, upload: Upload) -> bool:
    """Make it the file's upload, once and for all.

    Returns:
        False where there was one already.

    Raises:
        Unavailable: the bucket did not answer.
    """
    with store_faults("room for the upload's name"):
        try:
            key = upload_key(job_id, upload.file)
            results.put(key, upload.model_dump_json().encode(), mode="create")
        except AlreadyExistsError:
            return False
    return True


def read_part(results: ObjectStore, job_id: str, upload: Upload, number: int) -> PartMade | None:
    """The line of one part; None = it is not made, or for another upload.

    Raises:
        DataError: the document is damaged.
        Unavailable: the bucket did not answer.
    """
    key = part_key(job_id, upload.file, number)
    found = read_document(results, key, PartMade, MAY_BE_ABSENT)
    return found if found and found.upload_id == upload.upload_id else None


def keep_part(results: ObjectStore, job_id: str, file: int, made: PartMade) -> None:
    """Say that a part is made. Last: whoever reads this looks for the part.

    Raises:
        Unavailable: the bucket did not answer.
    """
    with store_faults("room for a part's line"):
        results.put(part_key(job_id, file, made.number), made.model_dump_json().encode())


def keep_payload(results: ObjectStore, job_id: str, file: int, number: int, content: bytes) -> None:
    """Keep a part's bytes beside.

    Raises:
        Unavailable: the bucket did not answer.
    """
    with store_faults("room for a part"):
        # One PUT: a worker that is killed leaves no upload behind that nobody knows of.
        results.put(payload_key(job_id, file, number), content, use_multipart=False)


def numbers_made(results: ObjectStore, job_id: str, file: int) -> frozenset[int]:
    """Numbers of a file's parts that have a line, by one listing.

    Raises:
        Unavailable: the bucket did not answer.
    """
    return numbers_in(results, parts_folder(job_id, file))


def read_parts(
    results: ObjectStore, job_id: str, upload: Upload, numbers: Iterable[int]
) -> tuple[PartMade, ...]:
    """The lines of these parts, in this order.

    Raises:
        DataError: a document is damaged.
        Unavailable: the bucket did not answer.
        WorkerLost: some are not made.
    """
    wanted = tuple(numbers)

    def line(number: int) -> PartMade | None:
        # The listing has named it: here a refusal is one.
        key = part_key(job_id, upload.file, number)
        return read_document(results, key, PartMade, (FileNotFoundError,))

    with ThreadPoolExecutor(READERS, "manifest") as readers:
        lines = [one for one in readers.map(line, wanted) if one is not None]
    made = {one.number for one in lines if one.upload_id == upload.upload_id}
    missing = [number for number in wanted if number not in made]
    if missing:
        shown = ", ".join(map(str, missing[:SHOWN])) + ("..." if len(missing) > SHOWN else "")
        raise WorkerLost(
            f"{len(missing)} of {len(wanted)} parts are not made: {shown}",
            {"job_id": job_id, "missing_parts": len(missing)},
        )
    return tuple(lines)


def numbers_in(results: ObjectStore, folder: str) -> frozenset[int]:
    """Numbers that documents of a folder are named by.

    Raises:
        Unavailable: the bucket did not answer.
    """
    with store_faults("the list of parts"):
        names = [
            one["path"].rpartition("/")[2] for page in results.list(f"{folder}/") for one in page
        ]
    stems = (name.removesuffix(".json") for name in names if name.endswith(".json"))
    return frozenset(int(stem) for stem in stems if stem.isdecimal())


def read_document[Document: Value](
    results: ObjectStore, key: str, kind: type[Document], absent: tuple[type[Exception], ...]
) -> Document | None:
    """A document; None = there is none.

    Args:
        results: the results bucket.
        key: of the document.
        kind: of the document.
        absent: what the store raises where there is none.

    Raises:
        DataError: it is damaged.
        Unavailable: the bucket did not answer.
    """
    with store_faults("a line about a part"):
        try:
            text = bytes(results.get(key).bytes())
        except absent:
            return None
    try:
        return kind.model_validate_json(text)
    except ValueError as error:
        raise DataError(f"the document {key!r} is damaged", {"key": key}) from error
