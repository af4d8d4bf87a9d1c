"""Workers that are killed, meet each other, or find what is not right: a right file, or none."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from atoll.errors import DataError, InvalidParameter, Unavailable, UploadGone, WorkerLost
from atoll.extraction.extract import extract
from atoll.extraction.sources import S3Options, open_bucket
from atoll.model.parts import Upload, part_key, payload_key, upload_key
from atoll.planning import cut
from tests.extraction.builders import Field, axis_of, plan_of, work_of
from tests.extraction.datasets import Dataset, publish
from tests.extraction.making import Yard
from tests.extraction.stores import Shelf
from tests.fakes import FakeUploads

pytestmark = pytest.mark.slow

VALUES = np.random.default_rng(6).integers(0, 30_000, (20, 10, 50)).astype("<i2")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """One variable in zstd chunks of a map each, of its own for every test."""
    stored = {"chunks": (1, 10, 50), "fill_value": -1}
    fields = {"a": Field(("time", "y", "x"), VALUES, {"_FillValue": -1}, stored=stored)}
    axes = [
        axis_of(name, range(n)) for name, n in zip(("time", "y", "x"), VALUES.shape, strict=True)
    ]
    return publish(Shelf("zarr", tmp_path), fields, axes)


@pytest.fixture
def yard(dataset: Dataset) -> Yard:
    return Yard(dataset, work_of(plan_of(dataset.coverage)), 5000)


def nothing_is_delivered(yard: Yard) -> bool:
    return not yard.results.list("results/").collect()


def test_two_that_begin_at_once_agree_on_one_upload(yard: Yard) -> None:
    class Late(FakeUploads):
        """Another has begun while this one was beginning."""

        def begin(self, key: str, media_type: str) -> str:
            other.append(yard.begin())
            return super().begin(key, media_type)

    other: list[Upload] = []
    late = Late(yard.results, parts=yard.fake.parts, keys=yard.fake.keys)
    second = Yard(yard.dataset, yard.work, 7000, yard.results, uploads=late)

    assert second.begin() == other[0] == yard.begin()
    assert other[0].part_bytes == 5000
    assert list(yard.fake.parts) == [other[0].upload_id]


def test_a_worker_that_is_killed_before_its_line_is_as_if_it_had_not_been(yard: Yard) -> None:
    yard.make_all()
    yard.forget(yard.make(2))
    assert yard.missing() == [2]
    with pytest.raises(WorkerLost, match=r"1 of 4 parts are not made: 2$"):
        yard.assemble()
    assert nothing_is_delivered(yard)


def test_parts_that_are_not_made_are_told(yard: Yard) -> None:
    for number in yard.missing()[:-2]:
        yard.make(number)
    with pytest.raises(WorkerLost, match=r"2 of 4 parts are not made: 3, 4$") as raised:
        yard.assemble()
    assert raised.value.facts["missing_parts"] == 2


@pytest.mark.parametrize("number", [0, -1, 5])
def test_there_is_no_other_part(yard: Yard, number: int) -> None:
    with pytest.raises(InvalidParameter, match="the result has parts 1 to 4"):
        yard.make(number)


def test_who_was_not_heard_assembles_again(yard: Yard) -> None:
    yard.make_all()
    first = yard.assemble()
    assert yard.fake.parts == {}
    assert yard.assemble() == first


def test_who_was_broken_off_assembles_again(yard: Yard) -> None:
    class Deaf(FakeUploads):
        """Completes, and is not heard the first time."""

        def complete(self, upload: Upload, etags: Mapping[int, str]) -> None:
            super().complete(upload, etags)
            raise Unavailable("no answer")

    yard.uploads = Deaf(yard.results, least_bytes=yard.least_bytes)
    yard.make_all()
    with pytest.raises(Unavailable):
        yard.assemble()
    outcome = yard.assemble()
    assert outcome.sha256 == hashlib.sha256(yard.stored(outcome)).hexdigest()


def test_a_job_that_was_ended_meanwhile_is_told_as_gone(yard: Yard) -> None:
    yard.make(1)
    yard.fake.abort(yard.begin())
    with pytest.raises(UploadGone):
        yard.make(2)
    assert yard.missing() == [2, 3, 4]
    assert nothing_is_delivered(yard)


def test_an_abort_before_the_assembly_leaves_nothing(yard: Yard) -> None:
    yard.make_all()
    yard.fake.abort(yard.begin())
    with pytest.raises(UploadGone):
        yard.assemble()
    assert nothing_is_delivered(yard)


def test_an_object_of_another_size_is_no_result(yard: Yard) -> None:
    yard.make_all()
    outcome = yard.assemble()
    yard.results.put(outcome.key, yard.stored(outcome)[:-1])
    with pytest.raises(RuntimeError, match=f"laid out with {outcome.output_bytes} bytes"):
        yard.assemble()


def damaged_line(yard: Yard, number: int, change: Callable[[dict[str, object]], object]) -> None:
    made = yard.make(number)
    said = made.model_dump()
    change(said)
    line = made.model_validate(said).model_dump_json().encode()
    yard.results.put(part_key(yard.work.job_id, 1, number), line)


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.update(stored_bytes=said["stored_bytes"] + 1),
        lambda said: said.update(chunk_bytes=said["chunk_bytes"][1:]),
        lambda said: said.update(chunk_bytes=(*said["chunk_bytes"], 0)),
        lambda said: said.update(chunk_crc32=(1,)),
    ],
)
def test_a_line_that_does_not_fit_its_part_is_refused(
    yard: Yard, change: Callable[[dict[str, object]], object]
) -> None:
    yard.make_all()
    damaged_line(yard, 3, change)
    with pytest.raises(DataError, match="part 3 says"):
        yard.assemble()
    assert nothing_is_delivered(yard)


@pytest.mark.parametrize("number", [1, 4])
def test_a_document_that_is_none_is_refused(yard: Yard, number: int) -> None:
    yard.make_all()
    yard.results.put(part_key(yard.work.job_id, 1, number), b"{")
    with pytest.raises(DataError, match=f"'parts/job-1/0001/0000{number}.json' is damaged"):
        yard.assemble()
    yard.results.put(upload_key(yard.work.job_id, 1), b"{}")
    with pytest.raises(DataError, match=r"upload.json' is damaged"):
        yard.begin()


def test_a_line_of_another_upload_is_none(yard: Yard) -> None:
    yard.make_all()
    damaged_line(yard, 2, lambda said: said.update(upload_id="another"))
    with pytest.raises(WorkerLost, match="not made: 2"):
        yard.assemble()
    assert yard.make(2).upload_id == yard.begin().upload_id


def test_a_kept_part_that_was_changed_is_refused(yard: Yard) -> None:
    yard.make_all()
    key = payload_key(yard.work.job_id, 1, 1)
    content = bytes(yard.results.get(key).bytes())
    yard.results.put(key, content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(DataError, match="part 1 is not what its worker made"):
        yard.assemble()
    assert nothing_is_delivered(yard)
    yard.results.delete(key)
    with pytest.raises(WorkerLost, match="part 1 is not there any more"):
        yard.assemble()


def chunk_files(dataset: Dataset, tmp_path: Path) -> list[Path]:
    folder = tmp_path / dataset.written.store.url.rpartition("/")[2] / "geo" / "a" / "c"
    return sorted(one for one in folder.rglob("*") if one.is_file())


def test_a_damaged_chunk_is_told_by_name_and_nothing_is_delivered(
    yard: Yard, tmp_path: Path
) -> None:
    (chunk,) = (
        one for one in chunk_files(yard.dataset, tmp_path) if one.parts[-3:] == ("19", "0", "0")
    )
    chunk.write_bytes(b"no zstd")
    for number in yard.missing()[:-1]:
        yard.make(number)
    with pytest.raises(DataError, match=r"test-data/a: chunk 19\.0\.0"):
        yard.make(4)
    assert yard.missing() == [4]
    with pytest.raises(DataError, match=r"test-data/a: chunk 19\.0\.0"):
        extract(yard.work, yard.dataset.coverage, yard.places)
    assert nothing_is_delivered(yard)


def test_an_array_that_vanishes_on_the_way_is_told(yard: Yard, tmp_path: Path) -> None:
    yard.make(1)
    for one in chunk_files(yard.dataset, tmp_path):
        one.unlink()
    (tmp_path / yard.dataset.written.store.url.rpartition("/")[2] / "geo/a/zarr.json").unlink()
    with pytest.raises(DataError, match="a: the array is not in the store any more"):
        yard.make(2)
    assert yard.missing() == [2, 3, 4]


def test_a_description_of_another_revision_is_refused(yard: Yard) -> None:
    yard.make_all()
    plan = yard.work.plan.model_copy(update={"revision": "other"})
    other = Yard(yard.dataset, yard.work.model_copy(update={"plan": plan}), 5000, yard.results)
    for call in (other.begin, other.assemble):
        with pytest.raises(DataError, match="planned for test-data at other"):
            call()


class Refusing(BaseHTTPRequestHandler):
    """A bucket that refuses everything."""

    def refuse(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(int(self.path.removeprefix("/status-")[:3]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_PUT = do_HEAD = refuse  # noqa: N815 -- as http.server calls them

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def refusing() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("status", [403, 503])
def test_a_bucket_that_refuses_is_unavailable(
    yard: Yard, refusing: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "some")
    yard.make_all()
    upload = yard.begin()
    bucket = open_bucket(f"status-{status}", S3Options(refusing, "eu-west-1"), tries=1)
    away = Yard(yard.dataset, yard.work, 5000, bucket, uploads=yard.fake)
    with pytest.raises(Unavailable):
        away.begin()
    monkeypatch.setattr(Yard, "begin", lambda _: upload)
    for call in (lambda: away.make(1), away.missing, away.assemble):
        with pytest.raises(Unavailable, match="the object store did not give"):
            call()


def test_uploads_that_are_not_answered_are_unavailable(yard: Yard) -> None:
    upload = yard.begin()
    yard.make_all()
    yard.fake.available = False
    with pytest.raises(Unavailable, match="results store"):
        yard.assemble()
    yard.results.delete(part_key(yard.work.job_id, 1, 2))
    with pytest.raises(Unavailable, match="results store"):
        yard.make(2)
    assert yard.begin() == upload
    assert nothing_is_delivered(yard)
