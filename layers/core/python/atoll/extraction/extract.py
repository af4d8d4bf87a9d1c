"""Carry a plan out: read what it names, write one file, upload it, say what it is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from obstore.store import ObjectStore

from atoll.errors import DataError
from atoll.extraction.array_reader import Budget, Workers
from atoll.extraction.content import file_content
from atoll.extraction.documents import file_name
from atoll.extraction.prepare import OpenSource, Preparation
from atoll.extraction.provenance import global_attributes
from atoll.extraction.registry import file_format, streamed
from atoll.extraction.spool import Spool
from atoll.extraction.stream import Crew, encoded
from atoll.extraction.upload import upload, upload_manifest, upload_stream
from atoll.extraction.writers import Taken
from atoll.model.coverage import Coverage
from atoll.model.job import Outcome, Work, result_key
from atoll.model.parts import LEAST_UPLOAD_BYTES
from atoll.model.plan import SubsetPlan
from atoll.model.request import IN_PARTS, MEDIA_TYPES


@dataclass(frozen=True, slots=True)
class Places:
    """Where an extraction reads and writes, and how much of the machine it takes.

    Attributes:
        results: the results bucket.
        open_source: store and revision -> where its bytes come from.
        cpu_threads: for decoding, and as many for encoding.
        slab_bytes: output made at one go, see `slabs`.
        window_bytes: of chunks under way, counted as decoded.
        spool_folder: for the temporary file of a large result; None = the system's.
        least_upload_bytes: S3 takes no smaller part of an upload, but for the last.
    """

    results: ObjectStore
    open_source: OpenSource
    cpu_threads: int = 2
    slab_bytes: int = 4 * 2**20
    window_bytes: int = 48 * 2**20
    spool_folder: str | None = None
    least_upload_bytes: int = LEAST_UPLOAD_BYTES


def extract(work: Work, coverage: Coverage, places: Places) -> Outcome:
    """Make the result of a job. The same work gives the same bytes at the same key.

    Raises:
        DataError: the data are not what the description says.
        FormatUnfit: the format cannot hold them.
        TooLarge: the result does not fit on the worker's disk.
        Unavailable: a store did not answer; nothing is left behind under the key.
    """
    plan = work.plan
    demand_described(plan, coverage)
    crew = crew_of(places)
    prepared = Preparation(coverage, plan, places.open_source, places.slab_bytes)
    streams = tuple(prepared.stream(planned) for planned in plan.variables)
    taken = Taken(prepared, streams, global_attributes(work, coverage), crew)
    make = _chunked if plan.format in IN_PARTS else _streamed
    return make(taken, result_key(work.job_id, file_name(plan)), places)


def demand_described(plan: SubsetPlan, coverage: Coverage) -> None:
    """Refuse a description that is not of the plan's revision.

    Raises:
        DataError: it is of another one.
    """
    if (coverage.dataset, coverage.revision) != (plan.dataset, plan.revision):
        raise DataError(
            f"planned for {plan.dataset} at {plan.revision}, described is "
            f"{coverage.dataset} at {coverage.revision}"
        )


def _chunked(taken: Taken, key: str, places: Places) -> Outcome:
    """Chunks wait on the disk until all their sizes are known, and with them the header."""
    prepared, made_as = taken.prepared, file_format(taken.prepared.plan.format)
    slabs = (
        (stream, box)
        for stream in taken.streams
        if prepared.in_chunks(stream)
        for box in stream.cut.slabs()
    )
    with Spool(places.spool_folder) as spool:
        # The first chunks are on their way while the header is begun.
        chunks = encoded(slabs, made_as, taken.crew)
        content, with_data = file_content(
            prepared, taken.streams, taken.attributes, taken.crew.workers
        )
        layout = made_as.layout(content, 0)
        for chunk in chunks:
            spool.append(chunk.of_file, chunk.stored)
            with_data += chunk.cells_with_data if prepared.is_data(chunk.stream) else 0
        header = layout.finish(spool.chunks)
        manifest = upload_manifest(places.results, key, header.references)
        made = upload(
            places.results,
            key,
            spool.blocks(header),
            header.file_bytes,
            MEDIA_TYPES[prepared.plan.format],
        )
    return Outcome(
        key=key,
        output_bytes=made.nbytes,
        sha256=made.hexadecimal,
        cells_with_data=with_data,
        manifest_key=manifest,
    )


def _streamed(taken: Taken, key: str, places: Places) -> Outcome:
    """The file's bytes go as they come."""
    asked = taken.prepared.plan.format
    file = streamed(asked, taken)
    made = upload_stream(places.results, key, file.blocks(), file.most_bytes, MEDIA_TYPES[asked])
    return Outcome(
        key=key,
        output_bytes=made.nbytes,
        sha256=made.hexadecimal,
        cells_with_data=file.cells_with_data,
    )


@cache
def _threads(name: str, count: int) -> ThreadPoolExecutor:
    """Kept for the next job of this process: threads, and the memory that they decode into."""
    return ThreadPoolExecutor(count, name)


def crew_of(places: Places) -> Crew:
    """The threads of an extraction; two at once share them."""
    count = places.cpu_threads
    workers = Workers(_threads("decode", count), Budget(places.window_bytes))
    return Crew(workers, _threads("encode", count))
