"""CSV as RFC 4180 has it; and what a table does when the source fails it."""

import csv
from pathlib import Path

import numpy as np
import pytest
from obstore.store import MemoryStore

from atoll.errors import DataError
from atoll.extraction.extract import extract
from atoll.extraction.formats import table
from tests.extraction.builders import Field, axis_of, work_of
from tests.extraction.datasets import Dataset, ocean, publish
from tests.extraction.made import Order

pytestmark = pytest.mark.slow


def small(shelf, **more):
    values = np.array([[0.1, np.nan, 1e20], [-5e-324, np.inf, 16777216.0]])
    fields = {"v": Field(("time", "x"), values.astype("<f4")), "w,1": Field(("time", "x"), values)}
    return publish(shelf, fields, [axis_of("time", (0, 0.5)), axis_of("x", "123")], **more)


def test_lines_end_and_fields_are_quoted_as_the_standard_says(shelf, folder):
    text = Order(small(shelf), folder).file("csv").read_bytes()
    assert text.decode().split("\r\n") == [
        'time,x,v,"w,1"',
        "2000-01-01T00:00:00Z,1.0,0.1,0.1",
        "2000-01-01T00:00:00Z,3.0,1e20,1e20",
        "2000-01-01T12:00:00Z,1.0,-0.0,-5e-324",
        "2000-01-01T12:00:00Z,2.0,inf,inf",
        "2000-01-01T12:00:00Z,3.0,16777216.0,16777216.0",
        "",
    ]
    assert text.count(b"\n") == text.count(b"\r\n")


def test_numbers_are_the_same_when_they_are_read(shelf, folder):
    rng = np.random.default_rng(2)
    doubles = rng.integers(0, 2**63, 3000, dtype="<u8").view("<f8")
    floats = rng.integers(0, 2**31, 3000, dtype="<u4").view("<f4")
    fields = {"double": Field(("x",), doubles), "float": Field(("x",), floats)}
    order = Order(publish(shelf, fields, [axis_of("x", range(3000))]), folder)
    with order.file("csv").open(newline="") as file:
        found = {int(float(row["x"])): row for row in csv.DictReader(file)}
    for number in range(3000):
        row = found.get(number, {"double": "", "float": ""})
        assert float(row["double"] or "nan") == doubles[number] or np.isnan(doubles[number])
        assert np.float32(row["float"] or "nan") == floats[number] or np.isnan(floats[number])


def test_batches_and_boxes_are_the_same_table(shelf, folder, monkeypatch):
    order = Order(ocean(shelf), folder)
    whole = order.file("csv").read_bytes()
    monkeypatch.setattr(table, "BATCH_ROWS", 7)
    assert order.file("csv").read_bytes() == whole
    assert sorted(order.file("csv", slab_bytes=2000).read_bytes().splitlines()) == sorted(
        whole.splitlines()
    )


def damaged(dataset: Dataset, shelf, path: str) -> Dataset:
    """The last chunk of an array is another's bytes."""
    (store,) = Path(shelf.folder).iterdir()
    (store / path).write_bytes(b"no chunk")
    return dataset


@pytest.mark.parametrize("form", ["csv", "parquet", "netcdf3", "zarr"])
@pytest.mark.parametrize("slab_bytes", [2000, 8 * 2**20])
def test_a_damaged_chunk_is_no_result(form, slab_bytes, shelf, folder):
    dataset = damaged(ocean(shelf), shelf, "geo/thetao/c/5/2/2/3")
    order = Order(dataset, folder)
    results = MemoryStore()
    places = dataset.places(results, slab_bytes=slab_bytes)
    with pytest.raises(DataError, match=r"ocean/thetao: chunk 5\.2\.2\.3"):
        extract(work_of(order.plan(form)), dataset.coverage, places)
    assert not results.list().collect()
