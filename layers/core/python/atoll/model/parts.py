"""A result made by many workers: one multipart upload a file, parts of it, and what each has left.

Part n of a result is number `UPLOAD_NUMBER + n` of the upload. The numbers below belong to
whoever assembles: the file's front (header, and parts that were kept beside). 10,000 is the
last that S3 knows; a tail goes there.
"""

from pydantic import Field

from atoll.model.value import Value

MOST_PARTS = 9_000
UPLOAD_NUMBER = 999
TAIL_NUMBER = 10_000
# Of a file, uncompressed: 4 TiB. A part of it then has 466 MiB.
MOST_FILE_BYTES = 4 * 2**40
# Of a result, made one behind the other by one execution. Of 25,000 events that Step Functions
# allows it, a file takes 30, and 10 for each container (40 at most): so some are left for retries.
MOST_FILES = 48
# S3 refuses a smaller part, the last one excepted.
LEAST_UPLOAD_BYTES = 5 * 2**20


class Upload(Value):
    """A multipart upload under way. The same for every worker and every retry of a file.

    Attributes:
        key: of the object that it will be.
        upload_id: S3's own.
        part_bytes: decoded size that parts are planned for; it decides on the split.
        file: number of the file of the job's result, from 1.
        parts: of that file; told to whoever asks how far it is.
    """

    key: str
    upload_id: str
    part_bytes: int
    file: int = 1
    parts: int = Field(default=1, ge=1)


class PartMade(Value):
    """What a worker leaves when a part has arrived: one line of the manifest.

    Attributes:
        number: of the part, from 1.
        upload_id: of the upload that it belongs to.
        etag: of the uploaded part; None = its bytes are kept beside, at `payload_key`.
        stored_bytes: of the part.
        sha256: of its bytes, hexadecimal.
        chunk_bytes: of each chunk, in the part's order.
        chunk_crc32: likewise; empty where the format does not need them.
        cells_with_data: of all data variables.
    """

    number: int
    upload_id: str
    etag: str | None
    stored_bytes: int
    sha256: str
    chunk_bytes: tuple[int, ...]
    chunk_crc32: tuple[int, ...] = ()
    cells_with_data: int


class Progress(Value):
    """How far a result is that many make; of a set, the files come one behind the other.

    Attributes:
        made: parts, of all files.
        planned: parts of the files that are begun; never 0.
        files_begun: how many these are.
    """

    made: int
    planned: int
    files_begun: int

    def total(self, files: int) -> int:
        """Parts of all files; those that are not begun count as the others."""
        return max(self.planned, self.planned * files // self.files_begun)

    def percent(self, files: int) -> int:
        """Of all parts; 100 is for a job that has ended."""
        return min(99, 100 * self.made // self.total(files))


def notes_folder(job_id: str) -> str:
    """Where all of a job's parts is noted; it ends with a slash."""
    return f"parts/{job_id}/"


def parts_folder(job_id: str, file: int) -> str:
    """Where all of one file's parts is noted."""
    return f"{notes_folder(job_id)}{file:04}"


def upload_key(job_id: str, file: int) -> str:
    """Where the file's `Upload` is kept."""
    return f"{parts_folder(job_id, file)}/upload.json"


def part_key(job_id: str, file: int, number: int) -> str:
    """Where a part's `PartMade` is kept."""
    return f"{parts_folder(job_id, file)}/{number:05}.json"


def payload_key(job_id: str, file: int, number: int) -> str:
    """Where the bytes of a part are kept that is too small for S3, or comes first."""
    return f"{parts_folder(job_id, file)}/{number:05}.bin"


def files_folder(job_id: str) -> str:
    """Where the outcomes of all files are kept: they live as long as results, parts do not."""
    return f"reports/{job_id}"


def file_key(job_id: str, file: int) -> str:
    """Where the outcome of a file is kept that is made."""
    return f"{files_folder(job_id)}/{file:04}.json"


class Begun(Value):
    """How a result that many make together does.

    Attributes:
        file: number of the first file that is not made; that of the last where all are.
        upload: of that file, the same in every round; None = all files are made.
        round: how many rounds of that file have been begun, this one included.
        parts: numbers of its missing ones, rising; empty = it can be assembled.
        runs: the same, shared out among containers; see `planning.shares`.
        parts_at_once: how many functions may make them at the same time.
    """

    file: int
    upload: Upload | None
    round: int
    parts: tuple[int, ...]
    runs: tuple[str, ...]
    parts_at_once: int
