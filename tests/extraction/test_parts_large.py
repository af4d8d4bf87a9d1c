"""Parts as S3 wants them: 5 MiB and more, in front of which the header must be as long."""

import hashlib
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import pytest
from obstore.store import MemoryStore

from atoll.aws.clients import Clients
from atoll.aws.uploads import S3Uploads
from atoll.errors import Unavailable
from atoll.extraction.hdf5_header import HDF5Layout
from atoll.extraction.netcdf_file import FileContent, FileVariable, StoredChunk
from atoll.extraction.read_back import RANGE_BYTES, Segment, object_sha256
from atoll.extraction.sources import S3Options, open_bucket
from atoll.model.parts import LEAST_UPLOAD_BYTES, PartMade
from tests.extraction.builders import Field, axis_of, plan_of, work_of
from tests.extraction.datasets import Dataset, publish
from tests.extraction.making import Yard
from tests.extraction.seaweed import S3Server
from tests.extraction.stores import Shelf

pytestmark = pytest.mark.slow

PART_BYTES = 8 * 2**20
# Four parts of zeros, which are small once they are compressed, then four of noise.
SHAPE = (16, 1024, 512)
NOISE = np.random.default_rng(5).integers(0, 2**32, SHAPE, dtype="<u4").view("<i4")
FIELDS = {
    name: Field(("time", "y", "x"), values, stored={"chunks": (1, 1024, 512)})
    for name, values in (("calm", np.zeros(SHAPE, "<i4")), ("noise", NOISE))
}


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    axes = [axis_of(name, range(n)) for name, n in zip(("time", "y", "x"), SHAPE, strict=True)]
    return publish(Shelf("zarr", tmp_path_factory.mktemp("stores")), FIELDS, axes)


def made_from(names: list[str], yard: Yard, path: Path) -> list[PartMade]:
    """Make it, and read every value with two readers."""
    made = list({one.number: one for one in yard.make_all()}.values())
    assert any(one.etag for one in made)
    outcome = yard.assemble()
    stored = yard.stored(outcome)
    assert outcome.output_bytes == len(stored)
    assert outcome.sha256 == hashlib.sha256(stored).hexdigest()
    path.write_bytes(stored)
    for opened in (netCDF4.Dataset(path), h5py.File(path)):
        with opened as file:
            for name in names:
                assert np.array_equal(file[name][...], FIELDS[name].values)
    return made


@pytest.mark.parametrize("names", [["calm", "noise"], ["noise"]], ids=["short", "long"])
def test_the_front_is_long_enough_for_s3(
    dataset: Dataset, tmp_path: Path, names: list[str]
) -> None:
    work = work_of(plan_of(dataset.coverage, names=names))
    yard = Yard(dataset, work, PART_BYTES, least_bytes=LEAST_UPLOAD_BYTES)
    made = made_from(names, yard, tmp_path / "a.nc")
    size = (tmp_path / "a.nc").stat().st_size
    kept_bytes = sum(one.stored_bytes for one in made if one.etag is None)
    assert (kept_bytes < LEAST_UPLOAD_BYTES) == ("calm" in names)
    # It is not made longer than that.
    of_chunks = sum(one.stored_bytes for one in made)
    assert size - of_chunks <= max(0, LEAST_UPLOAD_BYTES - kept_bytes) + 64 * 2**10


def test_a_real_server_takes_them(dataset: Dataset, s3_server: S3Server, tmp_path: Path) -> None:
    results = open_bucket(s3_server.bucket, S3Options(s3_server.endpoint_url, s3_server.region))
    client = Clients(s3_server.region, s3_endpoint_url=s3_server.endpoint_url).s3
    uploads = S3Uploads(client, s3_server.bucket)
    work = work_of(plan_of(dataset.coverage)).model_copy(update={"job_id": "job-real"})
    yard = Yard(dataset, work, PART_BYTES, results, LEAST_UPLOAD_BYTES, uploads)
    first = yard.begin()
    assert yard.begin() == first
    made_from(["calm", "noise"], yard, tmp_path / "a.nc")
    head = client.head_object(Bucket=s3_server.bucket, Key=first.key)
    assert head["ContentType"] == "application/x-netcdf"
    assert not client.list_multipart_uploads(Bucket=s3_server.bucket).get("Uploads")
    assert yard.assemble().output_bytes == head["ContentLength"]


def segments_of(content: bytes, *edges: int) -> list[Segment]:
    """As it was written: in runs that end at these places."""
    ends = [*edges, len(content)]
    return [Segment.of(content[a:b]) for a, b in zip([0, *ends], ends, strict=False)]


@pytest.mark.parametrize("nbytes", [0, 1, RANGE_BYTES, 7 * RANGE_BYTES + 1])
@pytest.mark.parametrize("edges", [[], [0, 1], [RANGE_BYTES - 1, 3 * RANGE_BYTES + 5]])
def test_an_object_is_hashed_in_order(nbytes: int, edges: list[int]) -> None:
    results = MemoryStore()
    content = np.random.default_rng(1).bytes(nbytes)
    results.put("a", content)
    segments = segments_of(content, *[min(edge, nbytes) for edge in edges])
    assert object_sha256(results, "a", segments) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("place", [0, 499, 500, 999])
def test_an_object_of_other_bytes_than_were_written_is_no_result(place: int) -> None:
    results = MemoryStore()
    content = bytearray(np.random.default_rng(1).bytes(1000))
    segments = segments_of(bytes(content), 500)
    content[place] ^= 1
    results.put("a", bytes(content))
    with pytest.raises(Unavailable, match="other bytes than were written"):
        object_sha256(results, "a", segments)


def laid_out(
    chunk: tuple[int, int], sizes: list[int], least_bytes: int = 0
) -> tuple[bytes, list[StoredChunk], int]:
    """A header for chunks of these sizes, of two variables of 8 x 6 numbers."""
    dimensions = {"y": 8, "x": 6}
    variables = [FileVariable("y", np.dtype("f8"), ("y",), {}, np.arange(8.0))] + [
        FileVariable(name, np.dtype("f4"), ("y", "x"), {"units": "1"}, None, chunk)
        for name in ("a", "b")
    ]
    layout = HDF5Layout(FileContent(dimensions, tuple(variables), {}), least_bytes)
    origins = [
        (name, (row, column))
        for name in ("b", "a")
        for row in range(0, 8, chunk[0])
        for column in range(0, 6, chunk[1])
    ]
    chunks = [
        StoredChunk(name, origin, sizes[number % len(sizes)])
        for number, (name, origin) in enumerate(origins)
    ]
    header = layout.finish(chunks)
    return header.image, chunks, header.file_bytes


@pytest.mark.parametrize("chunk", [(8, 6), (4, 6), (1, 1)])
@pytest.mark.parametrize("sizes", [[2], [9], [8, 5000, 30], [2047, 2048, 2049, 2], [60_000, 8]])
@pytest.mark.parametrize("least_bytes", [0, 1, 100_000])
def test_chunks_lie_one_behind_the_other(
    tmp_path: Path, chunk: tuple[int, int], sizes: list[int], least_bytes: int
) -> None:
    image, chunks, file_bytes = laid_out(chunk, sizes, least_bytes)
    assert len(image) >= least_bytes
    assert file_bytes == len(image) + sum(one.nbytes for one in chunks)
    (tmp_path / "a.nc").write_bytes(image.ljust(file_bytes, b"\0"))
    at = len(image)
    with h5py.File(tmp_path / "a.nc") as file:
        assert set(file) == {"y", "x", "a", "b"}
        for one in chunks:
            found = file[one.variable].id.get_chunk_info_by_coord(one.origin)
            assert (found.byte_offset, found.size) == (at, one.nbytes)
            at += one.nbytes


def test_a_chunk_that_is_not_given_is_no_layout() -> None:
    variable = FileVariable("a", np.dtype("f4"), ("y",), {}, None, (2,))
    layout = HDF5Layout(FileContent({"y": 4}, (variable,), {}))
    with pytest.raises(RuntimeError, match="a: HDF5 has not put every chunk"):
        layout.finish([StoredChunk("a", (2,), 10)])
