"""The manifest of a Zarr result: a store that is read key by key, by ranges of one address."""

import json
import tracemalloc
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from obstore.store import LocalStore, MemoryStore, ObjectStore

from atoll.aws.clients import Clients
from atoll.aws.results import S3Results
from atoll.errors import Unavailable
from atoll.extraction.documents import file_name
from atoll.extraction.extract import extract
from atoll.extraction.references import BLOCK_BYTES, References
from atoll.extraction.sources import S3Options, open_bucket
from atoll.model.job import Delivery, Outcome, Work, manifest_beside
from atoll.model.plan import Piece
from atoll.model.request import Format
from atoll.planning import cut
from tests.extraction.builders import plan_of, work_of
from tests.extraction.datasets import Dataset, ocean
from tests.extraction.made import opened_zarr
from tests.extraction.making import Yard
from tests.extraction.seaweed import S3Server

pytestmark = pytest.mark.slow

ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
}
WAYS = ["one worker", "parts", "parts behind padding"]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks of small arrays."""
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)


def ordered(dataset: Dataset, form: Format = "zarr", job_id: str = "job-1") -> Work:
    plan = plan_of(dataset.coverage, ACROSS).model_copy(update={"format": form})
    return work_of(plan, format=form).model_copy(update={"job_id": job_id})


def made(dataset: Dataset, way: str, results: ObjectStore) -> Outcome:
    work = ordered(dataset, job_id=way.replace(" ", "-"))
    if way == "one worker":
        return extract(work, dataset.coverage, dataset.places(results))
    least_bytes = 100_000 if "padding" in way else 100
    yard = Yard(dataset, work, 4000, results, least_bytes)
    yard.make_all()
    return yard.assemble()


def document(results: ObjectStore, outcome: Outcome) -> Mapping[str, Any]:
    assert outcome.manifest_key is not None
    read: Mapping[str, Any] = json.loads(bytes(results.get(outcome.manifest_key).bytes()))
    return read


@pytest.mark.parametrize("way", WAYS)
def test_every_key_of_the_archive_is_where_it_is_said_to_be(way, shelf):
    results = MemoryStore()
    outcome = made(ocean(shelf), way, results)
    told = document(results, outcome)
    assert told["version"] == 1
    assert told["templates"] == {"u": Path(outcome.key).name}
    assert outcome.manifest_key == outcome.key.removesuffix(".zip") + ".json"
    file, found = bytes(results.get(outcome.key).bytes()), {}
    for key, where in told["refs"].items():
        if key.endswith("zarr.json"):
            found[key] = where.encode()
        else:
            address, start, nbytes = where
            assert address == "{{u}}"
            found[key] = file[start : start + nbytes]
    with zipfile.ZipFile(BytesIO(file)) as archive:
        names = set(archive.namelist()) - {"time/padding"}
        assert found == {name: archive.read(name) for name in names}


@pytest.mark.parametrize("form", ["netcdf4", "netcdf3", "csv"])
def test_what_is_no_store_has_no_manifest(form, shelf):
    dataset, results = ocean(shelf), MemoryStore()
    outcome = extract(ordered(dataset, form), dataset.coverage, dataset.places(results))
    assert outcome.manifest_key is None
    assert [one["path"] for page in results.list() for one in page] == [outcome.key]


def test_beside_its_file_a_manifest_works_as_it_is(shelf, folder, monkeypatch):
    results = MemoryStore()
    outcome = made(ocean(shelf), "one worker", results)
    for key in (outcome.key, str(outcome.manifest_key)):
        (folder / Path(key).name).write_bytes(bytes(results.get(key).bytes()))
    monkeypatch.chdir(folder)
    there = Path(str(outcome.manifest_key)).name
    lazily = xr.open_zarr("reference://", storage_options={"fo": there}, chunks=None)
    xr.testing.assert_identical(lazily.load(), opened_zarr(folder / Path(outcome.key).name))


@pytest.mark.parametrize("way", WAYS)
def test_a_result_is_read_by_two_addresses(way, shelf, s3_server, folder):
    """As the README says it; equal to the NetCDF-4 result."""
    dataset = ocean(shelf)
    results = open_bucket(
        s3_server.bucket,
        S3Options(endpoint_url=s3_server.endpoint_url, region=s3_server.region),
    )
    href, manifest_href = addresses(made(dataset, way, results), s3_server)
    lazily = xr.open_zarr(
        "reference://",
        storage_options={
            "fo": manifest_href,
            "template_overrides": {"u": href},
            "target_options": {"encoded": True},
            "remote_options": {"asynchronous": True, "encoded": True},
        },
    )
    path = folder / "a.nc"
    dataset.extract(ordered(dataset, "netcdf4"), path)
    with xr.open_dataset(path) as wanted:
        xr.testing.assert_equal(lazily.load(), wanted)


def addresses(outcome: Outcome, server: S3Server) -> tuple[str, str]:
    """Presigned ones, of a result and its manifest."""
    delivery = Delivery(
        **outcome.model_dump(), media_type="application/zip", file_name="the box.zarr.zip"
    )
    assert delivery.manifest is not None
    s3 = Clients(server.region, None, server.endpoint_url).s3
    port = S3Results(s3, server.bucket)
    return port.url(delivery, 300), port.url(delivery.manifest, 300)


def test_no_result_appears_whose_manifest_could_not_be_left(shelf, folder):
    dataset = ocean(shelf)
    work = ordered(dataset)
    name = file_name(work.plan)
    (folder / "results" / "job-1" / manifest_beside(name) / "in-its-way").mkdir(parents=True)
    results = LocalStore(folder)
    with pytest.raises(Unavailable, match="room for the result"):
        extract(work, dataset.coverage, dataset.places(results))
    yard = Yard(dataset, work, 4000, results)
    yard.make_all()
    with pytest.raises(Unavailable, match="room for the result"):
        yard.assemble()
    assert not (folder / "results" / "job-1" / name).exists()


def test_a_long_document_comes_in_blocks():
    """No second copy of it is made."""
    references, count = References(), 400_000
    for number in range(count):
        references.add_range(f'größe"/c/{number}/0/0', number * 2**21, 2**21)
    tracemalloc.start()
    longest = max(map(len, references.blocks("a.zarr.zip")))
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert longest == BLOCK_BYTES < most_bytes < 2.1 * BLOCK_BYTES
    told = b"".join(references.blocks("a.zarr.zip"))
    assert len(told) == references.nbytes("a.zarr.zip") < 60 * count
    assert len(told) > 2.5 * BLOCK_BYTES
    refs = json.loads(told)["refs"]
    assert len(refs) == count
    assert refs['größe"/c/7/0/0'] == ["{{u}}", 7 * 2**21, 2**21]
