"""Zarr results open in xarray as the NetCDF-4 ones do, and are archives that any program reads."""

import json
import subprocess
import zipfile

import numpy as np
import pytest
import xarray as xr
import zarr

from atoll.extraction.file_format import ChunkedVariable, Header
from atoll.extraction.formats.zarr_zip import ZarrZip
from atoll.extraction.netcdf_file import FileContent, FileVariable, StoredChunk
from atoll.model.plan import Piece
from atoll.planning import cut
from tests.extraction.builders import Field, axis_of
from tests.extraction.datasets import GRID, curvilinear, ocean, publish
from tests.extraction.made import Order, opened_zarr

pytestmark = pytest.mark.slow

ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
}
ASKED = {"history", "atoll_request"}  # the format is another


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many chunks of small arrays."""
    monkeypatch.setattr(cut, "LEAST_CHUNK_BYTES", 600)
    monkeypatch.setattr(cut, "JOINED_CHUNK_BYTES", 1000)
    monkeypatch.setattr(cut, "CHUNK_BYTES", 2000)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("packing", ["keep", "decode"])
@pytest.mark.parametrize("taken", [{}, ACROSS], ids=["whole", "across"])
@pytest.mark.parametrize("make", [ocean, curvilinear])
def test_a_result_opens_as_the_netcdf_4_one_does(make, taken, packing, shelf, folder):
    dataset = make(shelf)
    known = {name: taken[name] for name in taken if name in dataset.coverage.axis_by_name}
    order = Order(dataset, folder, known, packing=packing)
    path, with_data = order.made("zarr")
    other, also_with_data = order.made("netcdf4")
    found = opened_zarr(path)
    with xr.open_dataset(other) as wanted:
        assert found.attrs.keys() == wanted.attrs.keys()
        xr.testing.assert_identical(found.drop_attrs(deep=False), wanted.drop_attrs(deep=False))
        for name in wanted.attrs.keys() - ASKED:
            assert found.attrs[name] == wanted.attrs[name]
        for name, variable in wanted.variables.items():
            assert found[name].encoding["dtype"] == variable.encoding["dtype"]
    assert with_data == also_with_data > 0


@pytest.mark.usefixtures("small_chunks")
def test_the_archive_is_whole(shelf, folder):
    path = Order(ocean(shelf), folder).file("zarr")
    subprocess.run(["unzip", "-tq", path], check=True, capture_output=True)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert names[0] == "zarr.json"
        assert len(set(names)) == len(names)
        assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
        assert sum(name.startswith("thetao/c/") for name in names) > 8
        for name in names:
            if name.endswith("zarr.json"):
                json.loads(archive.read(name), parse_constant=pytest.fail)  # NaN is no JSON


def test_what_zarr_itself_understands(shelf, folder):
    path = Order(ocean(shelf), folder).file("zarr")
    with zarr.storage.ZipStore(path, mode="r") as store:
        group = zarr.open_group(store, mode="r", zarr_format=3, use_consolidated=True)
        alone = zarr.open_group(store, mode="r", use_consolidated=False)
        assert set(group.array_keys()) == set(alone.array_keys()) > {"thetao", "crs", "time_bnds"}
        for name, array in group.arrays():
            assert array.metadata == alone[name].metadata
        arrays = dict(group.arrays())
        thetao = arrays["thetao"]
        assert getattr(thetao.metadata, "dimension_names", None) == GRID
        assert thetao.fill_value == thetao.attrs["_FillValue"] == -32767
        assert np.isnan(arrays["so"].fill_value)
        assert arrays["longitude"].chunks == arrays["longitude"].shape


VALUES = {
    "f4": Field(("x",), np.array([0, np.nan, 1], "<f4"), {"missing_value": "NaN", "units": "1"}),
    "f8": Field(("x",), np.array([0, 1e20, 1], ">f8"), {"_FillValue": 1e20, "a": [1.5, 2]}),
    "inf": Field(("x",), np.array([0, np.inf, 1]), {"_FillValue": "Infinity"}),
    "i1": Field(("x",), np.array([0, -128, 1], "<i1"), {"flag_values": [0, 1]}),
    "u8": Field(("x",), np.array([0, 2**64 - 1, 1], "<u8"), {"_FillValue": 2**64 - 1}),
    "f2": Field(("x",), np.array([0, 65504, 1], "<f2")),
    "truth": Field(("x",), np.array([False, True, True])),
    "größe": Field(("x",), np.array([1, 2, 3], "<u2"), {"long_name": "Größe", "words": ["a", "b"]}),
}


@pytest.mark.parametrize("role", ["data", "auxiliary"])  # in chunks, and in front
def test_every_number_and_attribute(role, shelf, folder):
    fields = {
        name: Field(one.dimensions, one.values, one.attributes, role=role)
        for name, one in VALUES.items()
    }
    order = Order(publish(shelf, fields, [axis_of("x", "123")]), folder)
    found = opened_zarr(order.file("zarr"))
    with xr.open_dataset(order.file("netcdf4")) as wanted:
        xr.testing.assert_identical(
            found.drop_attrs(deep=False).drop_vars("f4"),
            wanted.drop_attrs(deep=False).drop_vars("f4"),
        )
        xr.testing.assert_equal(found["f4"], wanted["f4"])
        assert found["f4"].attrs == {"units": "1"}  # NaN is missing without being told


@pytest.mark.parametrize("least_bytes", [0, 3000, 5 * 2**20])
def test_a_front_as_long_as_wanted(least_bytes, tmp_path):
    made = ZarrZip()
    values = np.arange(5, dtype="i2")
    variables = (
        FileVariable("x", np.dtype("f8"), ("x",), {}, np.arange(5.0)),
        FileVariable("v", np.dtype("i2"), ("x",), chunk_shape=(3,)),
    )
    layout = made.layout(FileContent({"x": 5}, variables, {}), least_bytes)
    chunked = ChunkedVariable("v", np.dtype("i2"), (5,), (3,), np.array(-1, "i2"))
    chunks = {at: made.encode(chunked, (at,), values[at : at + 3]) for at in (3, 0)}
    header = layout.finish(
        StoredChunk("v", (at,), len(stored), checksum) for at, (stored, checksum) in chunks.items()
    )
    assert least_bytes <= len(header.image) < least_bytes + 10_000
    file = header.image + b"".join(stored for stored, _ in chunks.values()) + header.tail
    assert len(file) == header.file_bytes
    path = tmp_path / "a.zarr.zip"
    path.write_bytes(file)
    subprocess.run(["unzip", "-tq", path], check=True, capture_output=True)
    assert opened_zarr(path)["v"].to_numpy().tolist() == values.tolist()


def assert_referred(header: Header, one: zipfile.ZipInfo) -> None:
    assert header.references is not None
    refs = json.loads(b"".join(header.references.blocks("a")))["refs"]
    start = one.header_offset + 30 + len(one.filename)
    assert refs[one.filename] == ["{{u}}", start, one.file_size]


def test_beyond_4_gib_and_65535_entries(tmp_path):
    """Chunks of zeros on a disk that keeps none, and a last one that is read."""
    made, count, nbytes = ZarrZip(), 70_000, 2**16
    variable = FileVariable("v", np.dtype("u1"), ("x",), chunk_shape=(1,))
    layout = made.layout(FileContent({"x": count}, (variable,), {}), 0)
    chunked = ChunkedVariable("v", np.dtype("u1"), (count,), (1,), np.zeros((), "u1"))
    stored, checksum = made.encode(chunked, (count - 1,), np.array([7], "u1"))

    def chunks():
        for at in range(count - 1):
            yield StoredChunk("v", (at,), nbytes)
        yield StoredChunk("v", (count - 1,), len(stored), checksum)

    header = layout.finish(chunks())
    path = tmp_path / "a.zarr.zip"
    with path.open("wb") as file:
        file.write(header.image)
        file.seek((count - 1) * nbytes, 1)
        file.write(stored + header.tail)
        assert file.tell() == header.file_bytes > 2**32
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == count + 2
        first, last = archive.getinfo("v/c/1"), archive.getinfo(f"v/c/{count - 1}")
    assert first.file_size == nbytes - 30 - len("v/c/1")
    assert_referred(header, last)
    with zarr.storage.ZipStore(path, mode="r") as store:
        assert zarr.open_array(store, path="v", mode="r")[-1] == 7
    command = ["unzip", "-tq", path, f"v/c/{count - 1}"]
    subprocess.run(command, check=True, capture_output=True)
