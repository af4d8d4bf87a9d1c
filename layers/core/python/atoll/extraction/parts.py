"""One part of a result: read, encoded, and uploaded or kept beside; then a line says so.

Whatever is done twice gives the same bytes at the same place: a worker may be killed at any
moment, and two may make the same part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO

from obstore.store import ObjectStore

from atoll.errors import InvalidParameter, Unavailable
from atoll.extraction.documents import file_name
from atoll.extraction.extract import Places, crew_of, demand_described
from atoll.extraction.manifest import (
    keep_part,
    keep_payload,
    keep_upload,
    numbers_made,
    read_part,
    read_upload,
)
from atoll.extraction.prepare import Preparation
from atoll.extraction.registry import file_format
from atoll.extraction.stream import Encoded, Stream, encoded
from atoll.model.coverage import Coverage
from atoll.model.job import Work, result_key
from atoll.model.parts import UPLOAD_NUMBER, PartMade, Upload
from atoll.model.request import MEDIA_TYPES
from atoll.planning.cut import Box
from atoll.planning.files import file_plan
from atoll.planning.parts import Part, split
from atoll.ports import Uploads

# The order of a part's chunks follows from it. So it is no setting: whoever makes a part and
# whoever assembles must mean the same.
PART_SLAB_BYTES = 4 * 2**20


def begin(  # noqa: PLR0913  each comes from elsewhere
    work: Work,
    coverage: Coverage,
    part_bytes: int,
    results: ObjectStore,
    uploads: Uploads,
    *,
    file: int = 1,
) -> Upload:
    """The upload of a file of the result, begun where it is not. Two at once agree on one.

    Args:
        work: of the job, with the plan of all files.
        coverage: of the plan's revision.
        part_bytes: of a part, decoded; what is kept already counts more.
        results: the results bucket.
        uploads: into it.
        file: its number.

    Raises:
        DataError: the description is of another revision, or the upload's name is damaged.
        Unavailable: the bucket did not answer.
    """
    demand_described(work.plan, coverage)
    kept = read_upload(results, work.job_id, file)
    if kept is not None:
        return kept
    key = result_key(work.job_id, file_name(work.plan, file, work.files))
    planned = split(file_plan(work.plan, coverage, work.files, file), coverage, part_bytes)
    upload_id = uploads.begin(key, MEDIA_TYPES[work.plan.format])
    own = Upload(key=key, upload_id=upload_id, part_bytes=part_bytes, file=file, parts=len(planned))
    if keep_upload(results, work.job_id, own):
        return own
    # It may be our own still: a PUT that is tried again finds what it has written.
    theirs = read_upload(results, work.job_id, file)
    if theirs != own:
        uploads.abort(own)
    if theirs is None:
        raise Unavailable("the upload's name was there a moment ago, and is not")
    return theirs


def missing(
    job_id: str, parts: Sequence[Part], results: ObjectStore, *, file: int = 1
) -> list[int]:
    """Numbers of a file's parts that are not made yet, rising.

    Raises:
        Unavailable: the bucket did not answer.
    """
    made = numbers_made(results, job_id, file)
    return [part.number for part in parts if part.number not in made]


def make_part(  # noqa: PLR0913, PLR0917  each comes from elsewhere
    work: Work, coverage: Coverage, upload: Upload, number: int, places: Places, uploads: Uploads
) -> PartMade:
    """Make one part, unless it is made. Memory: the part as stored, and what `places` says.

    Args:
        work: of the job, with the plan of the file.
        coverage: of the plan's revision.
        upload: of the file.
        number: of the part.
        places: where it is read and written.
        uploads: into the results bucket.

    Raises:
        DataError: the data are not what the description says.
        FormatUnfit: the format cannot hold them.
        InvalidParameter: there is no such part.
        UploadGone: the job has ended meanwhile.
        Unavailable: a store did not answer.
    """
    demand_described(work.plan, coverage)
    done = read_part(places.results, work.job_id, upload, number)
    if done is not None:
        return done
    payload = _payload(work, coverage, part_of(work, coverage, upload, number), places)
    content = payload.content.getvalue()
    may_wait = file_format(work.plan.format).any_order and len(content) < places.least_upload_bytes
    if number == 1 or may_wait:
        keep_payload(places.results, work.job_id, upload.file, number, content)
        etag = None
    else:
        etag = uploads.put(upload, UPLOAD_NUMBER + number, content)
    made = PartMade(
        number=number,
        upload_id=upload.upload_id,
        etag=etag,
        stored_bytes=len(content),
        sha256=sha256(content).hexdigest(),
        chunk_bytes=tuple(payload.chunk_bytes),
        chunk_crc32=tuple(payload.chunk_crc32) if any(payload.chunk_crc32) else (),
        cells_with_data=payload.cells_with_data,
    )
    keep_part(places.results, work.job_id, upload.file, made)
    return made


def part_of(work: Work, coverage: Coverage, upload: Upload, number: int) -> Part:
    """The part of that number.

    Raises:
        DataError: the description does not fit the plan.
        InvalidParameter: there is none.
    """
    parts = split(work.plan, coverage, upload.part_bytes)
    if not 1 <= number <= len(parts):
        raise InvalidParameter("part", number, f"the result has parts 1 to {len(parts)}")
    return parts[number - 1]


def preparation(work: Work, coverage: Coverage, places: Places) -> Preparation:
    """What making and assembling share; see `PART_SLAB_BYTES`."""
    return Preparation(coverage, work.plan, places.open_source, PART_SLAB_BYTES)


def slabs_of(part: Part, streams: dict[str, Stream]) -> Iterator[tuple[Stream, Box]]:
    """A part as it is made: slab by slab, each of them chunk by chunk."""
    for slab in part.slabs:
        stream = streams[slab.variable]
        for box in stream.cut.slabs(slab.box):
            yield stream, box


@dataclass(slots=True)
class _Payload:
    """A part being made.

    Attributes:
        content: its chunks, one behind the other.
        chunk_bytes: of each.
        chunk_crc32: of each.
        cells_with_data: of data variables.
    """

    content: BytesIO = field(default_factory=BytesIO)
    chunk_bytes: list[int] = field(default_factory=list)
    chunk_crc32: list[int] = field(default_factory=list)
    cells_with_data: int = 0

    def append(self, chunk: Encoded, *, is_data: bool) -> None:
        self.content.write(chunk.stored)
        self.chunk_bytes.append(len(chunk.stored))
        self.chunk_crc32.append(chunk.crc32)
        self.cells_with_data += chunk.cells_with_data if is_data else 0


def _payload(work: Work, coverage: Coverage, part: Part, places: Places) -> _Payload:
    prepared = preparation(work, coverage, places)
    wanted = {slab.variable for slab in part.slabs}
    streams = {
        planned.name: prepared.stream(planned)
        for planned in work.plan.variables
        if planned.name in wanted
    }
    made = _Payload()
    made_as, crew = file_format(work.plan.format), crew_of(places)
    for chunk in encoded(slabs_of(part, streams), made_as, crew):
        made.append(chunk, is_data=prepared.is_data(chunk.stream))
    return made
