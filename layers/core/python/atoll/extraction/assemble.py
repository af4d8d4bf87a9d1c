"""A result put together from its parts: nobody holds or rewrites it.

    header | parts kept beside | uploaded parts | tail

The first two are the front, uploaded here. Then the object is completed, and read back for
its SHA-256: what S3 really holds is what is promised.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from math import ceil, prod

from atoll.errors import DataError, UploadGone
from atoll.extraction.content import file_content
from atoll.extraction.extract import Places, crew_of, demand_described
from atoll.extraction.file_format import Header
from atoll.extraction.front import Front, upload_front
from atoll.extraction.manifest import read_parts
from atoll.extraction.netcdf_file import StoredChunk
from atoll.extraction.parts import preparation, slabs_of
from atoll.extraction.provenance import global_attributes
from atoll.extraction.read_back import Segment, object_bytes, object_sha256
from atoll.extraction.registry import file_format
from atoll.extraction.stream import Stream
from atoll.extraction.upload import upload_manifest
from atoll.model.coverage import Coverage
from atoll.model.job import Outcome, Work
from atoll.model.parts import TAIL_NUMBER, UPLOAD_NUMBER, PartMade, Upload
from atoll.planning.parts import Part, split
from atoll.ports import Uploads

type Streams = dict[str, Stream]


@dataclass(frozen=True, slots=True)
class _Made:
    """A part, and what its worker has said of it."""

    part: Part
    line: PartMade

    def chunks(self, streams: Streams) -> Iterator[StoredChunk]:
        """Its chunks, in the order in which they lie in it."""
        line = self.line
        boxes = (
            (stream.name, chunk)
            for stream, box in slabs_of(self.part, streams)
            for chunk in stream.cut.chunks(box)
        )
        said = zip(boxes, line.chunk_bytes, line.chunk_crc32 or repeat(0), strict=False)
        for (name, box), nbytes, crc32 in said:
            yield StoredChunk(name, tuple(nodes.start for nodes in box), nbytes, crc32)

    def demand_whole(self, streams: Streams) -> None:
        """Refuse a line that does not fit its part, or itself."""
        line, count = self.line, 0
        for slab in self.part.slabs:
            chunk = streams[slab.variable].cut.chunk
            count += prod(ceil(len(n) / step) for n, step in zip(slab.box, chunk, strict=True))
        if (
            len(line.chunk_bytes) != count
            or len(line.chunk_crc32) not in {0, count}
            or sum(line.chunk_bytes) != line.stored_bytes
        ):
            raise DataError(
                f"part {line.number} says {line.stored_bytes} bytes in {len(line.chunk_bytes)} "
                f"chunks of {sum(line.chunk_bytes)} bytes; it has {count} chunks"
            )


def assemble(
    work: Work, coverage: Coverage, upload: Upload, places: Places, uploads: Uploads
) -> Outcome:
    """Make the result out of its parts. Done again, it ends with the same.

    Args:
        work: of the job, with the plan of the file.
        coverage: of the plan's revision.
        upload: of the file.
        places: where the parts are, and the sources of what goes with the header.
        uploads: into the results bucket.

    Raises:
        DataError: the description is of another revision, or a part is not what it says.
        UploadGone: the job has ended meanwhile.
        Unavailable: a store did not answer, or not with what it was given.
        WorkerLost: a part is not there.
    """
    demand_described(work.plan, coverage)
    made = _in_file_order(work, coverage, upload, places)
    header, with_data = _laid_out(work, coverage, made, places)
    manifest = upload_manifest(places.results, upload.key, header.references)
    try:
        _complete(work, upload, made, header, (places, uploads))
    except UploadGone:
        # An earlier try may have come to its end and not have been heard.
        if object_bytes(places.results, upload.key) is None:
            raise
    found_bytes = object_bytes(places.results, upload.key)
    if found_bytes != header.file_bytes:
        raise RuntimeError(f"laid out with {header.file_bytes} bytes, there are {found_bytes}")
    return Outcome(
        key=upload.key,
        output_bytes=header.file_bytes,
        sha256=object_sha256(places.results, upload.key, _segments(made, header)),
        cells_with_data=with_data + sum(one.line.cells_with_data for one in made),
        manifest_key=manifest,
    )


def _in_file_order(
    work: Work, coverage: Coverage, upload: Upload, places: Places
) -> tuple[_Made, ...]:
    """All parts, those that are kept beside first."""
    parts = split(work.plan, coverage, upload.part_bytes)
    lines = read_parts(places.results, work.job_id, upload, [part.number for part in parts])
    made = [_Made(part, line) for part, line in zip(parts, lines, strict=True)]
    return tuple(sorted(made, key=lambda one: (one.line.etag is not None, one.part.number)))


def _laid_out(
    work: Work, coverage: Coverage, made: Sequence[_Made], places: Places
) -> tuple[Header, int]:
    """Header and tail; cells with data that were read for the header."""
    prepared = preparation(work, coverage, places)
    streams = {planned.name: prepared.stream(planned) for planned in work.plan.variables}
    for one in made:
        one.demand_whole(streams)
    workers = crew_of(places).workers
    said = global_attributes(work, coverage)
    content, with_data = file_content(prepared, tuple(streams.values()), said, workers)
    layout = file_format(work.plan.format).layout(content, _least_header_bytes(made, places))
    return layout.finish(chunk for one in made for chunk in one.chunks(streams)), with_data


def _segments(made: Sequence[_Made], header: Header) -> list[Segment]:
    """What the finished file is made of, in order."""
    parts = [Segment(one.line.stored_bytes, one.line.sha256) for one in made]
    return [Segment.of(header.image), *parts, Segment.of(header.tail)]


def _least_header_bytes(made: Sequence[_Made], places: Places) -> int:
    """What makes the front long enough to be parts of an upload that goes on behind it."""
    kept_bytes = sum(one.line.stored_bytes for one in made if one.line.etag is None)
    goes_on = any(one.line.etag is not None for one in made)
    return max(0, places.least_upload_bytes - kept_bytes) if goes_on else 0


def _complete(
    work: Work,
    upload: Upload,
    made: Sequence[_Made],
    header: Header,
    doors: tuple[Places, Uploads],
) -> None:
    """Upload what is missing, and let the object appear."""
    places, uploads = doors
    etags = {
        UPLOAD_NUMBER + one.line.number: one.line.etag for one in made if one.line.etag is not None
    }
    kept = tuple(one.line for one in made if one.line.etag is None)
    # A front that is the upload's last part may be of any size, and one before a tail may not.
    front = Front(work.job_id, upload.file, header.image, kept, b"" if etags else header.tail)
    if header.tail and etags:
        etags[TAIL_NUMBER] = uploads.put(upload, TAIL_NUMBER, header.tail)
    etags |= upload_front(front, upload, places, uploads)
    uploads.complete(upload, etags)
