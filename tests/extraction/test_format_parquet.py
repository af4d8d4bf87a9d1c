"""What a Parquet file says of itself, and that it is made while it is sent."""

import json
from threading import Event

import numpy as np
import pyarrow.parquet as pq
import pytest

from atoll.extraction.formats import parquet
from atoll.extraction.formats.pulled import pulled
from tests.extraction.builders import Field, axis_of
from tests.extraction.datasets import ocean, publish
from tests.extraction.made import Order

pytestmark = pytest.mark.slow


def test_attributes_are_in_the_schema_and_in_the_files_own_metadata(shelf, folder):
    path = Order(ocean(shelf), folder).file("parquet")
    schema = pq.read_schema(path)
    said = {name.decode(): value.decode() for name, value in schema.metadata.items()}
    assert said["atoll_request"] == '{"dataset":"ocean","format":"parquet"}'
    assert said["history"].endswith("\nmade by hand")
    assert (said["license"], said["atoll_revision"]) == ("CC-BY-4.0", "r1")
    assert (said["members"], said["geospatial_lat_max"]) == ('["a", "bc"]', "47.5")
    thetao = {b"standard_name": b"sea_water_potential_temperature", b"units": b"degC"}
    assert schema.field("thetao").metadata == thetao
    assert schema.field("latitude").metadata == {b"units": b"degrees_north"}
    assert not schema.field("time").metadata  # an instant has no units
    own = json.loads(pq.read_metadata(path).metadata[b"attributes"])
    assert own["global"] == said
    assert own["columns"]["thetao"] == {
        name.decode(): value.decode() for name, value in thetao.items()
    }


def test_types_are_those_of_the_physical_values(shelf, folder):
    schema = pq.read_schema(Order(ocean(shelf), folder).file("parquet"))
    kinds = {field.name: str(field.type) for field in schema}
    assert kinds == {
        "time": "timestamp[ms, tz=UTC]",
        "depth": "float",
        "latitude": "double",
        "longitude": "double",
        "thetao": "float",
        "so": "float",
    }


def test_rows_are_in_groups_of_bounded_size(shelf, folder, monkeypatch):
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 4000)
    file = pq.ParquetFile(Order(ocean(shelf), folder).file("parquet"))
    groups = [file.metadata.row_group(number) for number in range(file.num_row_groups)]
    assert [group.num_rows for group in groups][:-1] == [4000] * (len(groups) - 1)
    assert len(groups) == 3
    assert groups[0].column(4).compression == "ZSTD"


def test_the_same_work_gives_the_same_bytes(shelf, folder):
    """The library has metadata in maps whose order is another each time."""
    order = Order(ocean(shelf), folder)
    assert len({order.file("parquet").read_bytes() for _ in range(5)}) == 1


def test_the_first_groups_are_sent_before_the_last_are_read(shelf, folder, monkeypatch):
    monkeypatch.setattr(parquet, "ROW_GROUP_ROWS", 2**16)
    noise = np.random.default_rng(1).normal(0, 1, (64, 2**15))
    fields = {"v": Field(("time", "x"), noise, stored={"chunks": (1, 2**15)})}
    axes = [axis_of("time", range(64)), axis_of("x", range(2**15))]
    dataset = publish(shelf, fields, axes)
    read = []

    class Watched:
        def __init__(self, source):
            self.source = source

        def fetch(self, ranges):
            read.extend(ranges)
            return self.source.fetch(ranges)

    order = Order(dataset, folder)
    file = order.streamed("parquet", lambda *of: Watched(dataset.written.sources(*of)), 2**18)
    blocks = file.blocks()
    sent = len(next(blocks)) + len(next(blocks))
    assert sent > 0
    assert len(read) < 32
    rest = sum(map(len, blocks))
    assert len(read) == 64
    assert noise.nbytes / 2 < sent + rest <= file.most_bytes


def test_a_writer_whose_output_nobody_wants_ends():
    ended = Event()
    written: list[int] = []

    def write(file):
        try:
            written.extend(file.write(bytes(10)) for _ in range(1000))
        finally:
            ended.set()

    blocks = pulled(write)
    assert next(blocks) == bytes(10)
    blocks.close()
    assert ended.wait(10)
    assert len(written) < 1000


def test_what_a_writer_raises_is_raised_where_its_output_is_read():
    def write(file):
        file.write(b"begun")
        raise ValueError("broken")

    blocks = pulled(write)
    assert next(blocks) == b"begun"
    with pytest.raises(ValueError, match="broken"):
        next(blocks)
