"""Which files of a result are made: an outcome of each, kept when it has appeared."""

from collections.abc import Iterable

from obstore.store import ObjectStore

from atoll.errors import WorkerLost
from atoll.extraction.manifest import MAY_BE_ABSENT, numbers_in, read_document
from atoll.extraction.object_source import store_faults
from atoll.model.job import Outcome
from atoll.model.parts import file_key, files_folder


def files_made(results: ObjectStore, job_id: str) -> frozenset[int]:
    """Numbers of the files that are made, by one listing.

    Raises:
        Unavailable: the bucket did not answer.
    """
    return numbers_in(results, files_folder(job_id))


def read_file(results: ObjectStore, job_id: str, file: int) -> Outcome | None:
    """What the file became; None = it is not made.

    Raises:
        DataError: the document is damaged.
        Unavailable: the bucket did not answer.
    """
    return read_document(results, file_key(job_id, file), Outcome, MAY_BE_ABSENT)


def keep_file(results: ObjectStore, job_id: str, file: int, made: Outcome) -> None:
    """Say that a file is made. Last: nobody makes anything of it after this.

    Raises:
        Unavailable: the bucket did not answer.
    """
    with store_faults("room for a file's outcome"):
        results.put(file_key(job_id, file), made.model_dump_json().encode())


def read_files(results: ObjectStore, job_id: str, files: Iterable[int]) -> tuple[Outcome, ...]:
    """What these files became, in this order.

    Raises:
        DataError: a document is damaged.
        Unavailable: the bucket did not answer.
        WorkerLost: one is not there, though it was.
    """
    found: list[Outcome] = []
    for file in files:
        made = read_file(results, job_id, file)
        if made is None:
            raise WorkerLost(f"the outcome of file {file} is not there any more")
        found.append(made)
    return tuple(found)
