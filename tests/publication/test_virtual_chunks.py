"""Where chunks lie in NetCDF-4 files: what HDF5 says is what the bytes are."""

import zlib
from dataclasses import replace

import h5py
import netCDF4
import numpy as np
import pytest
from obspec_utils.registry import ObjectStoreRegistry
from obstore.store import LocalStore
from virtualizarr.parsers import HDFParser

from atoll.errors import DataError
from atoll.model.product import Product
from atoll.publication.classic import read_classic
from atoll.publication.virtual_chunks import NetCDF4File
from atoll.publication.virtual_classic import ClassicNumbers
from tests.publication.builders import CMIP6, DATA, NEMO, plain

VALUES = np.arange(3 * 4 * 5, dtype="<i4").reshape(3, 4, 5)


def written(path, **storage):
    with h5py.File(path, "w") as file:
        file.create_dataset("t", data=VALUES, **storage)
    return path


def found(path, axis=0):
    with NetCDF4File(path) as file:
        return file.chunks("t", axis)


def stored(path, place):
    return path.read_bytes()[place.offset : place.offset + place.nbytes]


def test_chunks_are_where_their_bytes_are(tmp_path):
    path = written(tmp_path / "a.nc", chunks=(1, 4, 3), compression="gzip", shuffle=True)
    chunks = found(path)
    assert (chunks.lengths, chunks.endian, chunks.is_whole) == ((1, 4, 3), "little", True)
    assert [codec["name"] for codec in chunks.codecs] == ["numcodecs.shuffle", "numcodecs.zlib"]
    assert len(chunks.places) == 6
    shuffled = np.frombuffer(zlib.decompress(stored(path, chunks.places[2, 0, 0])), "u1")
    assert np.array_equal(shuffled.reshape(4, -1).T.copy().view("<i4").ravel(),
                          VALUES[2, :, :3].ravel())  # fmt: skip


@pytest.mark.parametrize(
    "path", [*NEMO, *CMIP6, DATA / "iris/ostia_monthly.nc"], ids=lambda path: path.stem[:20]
)
def test_virtualizarr_finds_the_same(path):
    registry = ObjectStoreRegistry({"file://": LocalStore()})
    found = HDFParser()(f"file://{path}", registry)
    arrays = found._group.arrays  # noqa: SLF001  the store has no other name for them
    assert arrays
    with NetCDF4File(path) as file:
        for name, other in arrays.items():
            if not other.metadata.shape:
                continue
            chunks = file.chunks(name, None)
            told = {index: (place.offset, place.nbytes) for index, place in chunks.places.items()}
            assert told == {
                tuple(map(int, index.split("."))): (entry["offset"], entry["length"])
                for index, entry in other.manifest.dict().items()
            }
            assert other.metadata.chunks == chunks.lengths
            codecs = [codec.to_dict()["name"] for codec in other.metadata.codecs]
            assert codecs == ["bytes", *(codec["name"] for codec in chunks.codecs)]


@pytest.mark.parametrize(("axis", "lengths"), [(0, (1, 4, 5)), (1, (3, 4, 5)), (None, (3, 4, 5))])
def test_one_run_of_bytes_is_a_chunk_a_step_or_one(tmp_path, axis, lengths):
    path = written(tmp_path / "a.nc")
    chunks = found(path, axis)
    assert chunks.lengths == lengths
    assert chunks.codecs == ()
    pieces = [stored(path, chunks.places[index]) for index in sorted(chunks.places)]
    assert b"".join(pieces) == VALUES.tobytes()


def test_chunks_that_were_never_written_are_none(tmp_path):
    path = tmp_path / "a.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("time", None)
        file.createDimension("x", 6)
        variable = file.createVariable("t", "f4", ("time", "x"), chunksizes=(1, 3), fill_value=7)
        variable[1, 3:] = 1
    chunks = found(path)
    assert set(chunks.places) == {(1, 1)}
    assert not chunks.is_whole
    assert chunks.fill_value == 7


@pytest.mark.parametrize(
    ("storage", "told"),
    [({"chunks": (1, 4, 5), "scaleoffset": 0}, "HDF5 filter 6"),
     ({"external": [("numbers.bin", 0, 240)]}, "nor in one run")],
)  # fmt: skip
def test_what_no_chunk_can_stand_for_is_refused_by_its_name(tmp_path, storage, told, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=f"a.nc: .*{told}.*cannot refer to it"):
        found(written(tmp_path / "a.nc", **storage))


def test_a_chunk_without_one_of_its_filters_is_refused(tmp_path):
    path = tmp_path / "a.nc"
    with h5py.File(path, "w") as file:
        made = file.create_dataset("t", VALUES.shape, "<i4", chunks=VALUES.shape,
                                   compression="gzip")  # fmt: skip
        made.id.write_direct_chunk((0, 0, 0), VALUES.tobytes(), filter_mask=1)
    with pytest.raises(DataError, match="a filter was left out"):
        found(path)


def test_what_is_no_netcdf4_file_is_refused(tmp_path):
    (tmp_path / "a.nc").write_bytes(b"CDF\x01" + bytes(28))
    with pytest.raises(DataError, match="no NetCDF-4 file"):
        found(tmp_path / "a.nc")
    with h5py.File(tmp_path / "b.nc", "w", userblock_size=512):
        pass
    with pytest.raises(DataError, match="something comes before"):
        found(tmp_path / "b.nc")
    with h5py.File(tmp_path / "c.nc", "w"):
        pass
    with pytest.raises(DataError, match="no variable t"):
        found(tmp_path / "c.nc")


def test_a_classic_file_s_records_are_where_their_bytes_are(tmp_path):
    """Two variables whose records alternate, padded to four bytes; and one without records."""
    path, short = tmp_path / "a.nc", np.arange(9, dtype="i2").reshape(3, 3)
    with netCDF4.Dataset(path, "w", format="NETCDF3_CLASSIC") as file:
        for name, size in (("t", None), ("x", 3)):
            file.createDimension(name, size)
        file.createVariable("short", "i2", ("t", "x"))[:] = short
        file.createVariable("wide", "f8", ("t", "x"))[:] = short / 4
        file.createVariable("fixed", "i4", ("x",))[:] = short[1]
    header = read_classic(path)
    assert header is not None
    with ClassicNumbers(path, header) as file:
        for name, values in (("short", short), ("wide", short / 4)):
            chunks = file.chunks(name, 0)
            assert (chunks.lengths, chunks.endian, chunks.is_whole) == ((1, 3), "big", True)
            for (record, _), place in chunks.places.items():
                assert np.array_equal(np.frombuffer(stored(path, place), chunks.dtype),
                                      values[record])  # fmt: skip
            assert np.array_equal(file.read(name, (slice(1, 3), slice(0, 2))), values[1:, :2])
        (place,) = file.chunks("fixed", None).places.values()
        assert np.array_equal(np.frombuffer(stored(path, place), ">i4"), short[1])
        with pytest.raises(DataError, match="no variable none"):
            file.chunks("none", None)
    with pytest.raises(DataError, match="how many records"):
        ClassicNumbers(path, replace(header, records=None))


ARCHIVE = {"url_prefix": "s3://archive/year/"}


@pytest.mark.parametrize(
    "settings",
    [{"mode": "virtual"}, {"archive": ARCHIVE},
     {"mode": "virtual", "archive": {"url_prefix": "s3://archive/year"}},
     {"mode": "virtual", "archive": {"url_prefix": "file:///etc/"}},
     {"mode": "virtual", "archive": ARCHIVE, "chunks": {"geo": {"time": 1}}}],
)  # fmt: skip
def test_settings_that_cannot_be_meant(settings):
    with pytest.raises(ValueError, match=r"archive|url_prefix|chunks"):
        plain(**settings)


def test_settings_of_a_virtual_dataset_come_back():
    product = plain(mode="virtual", archive={**ARCHIVE, "folders": 1, "anonymous": True})
    assert Product.model_validate_json(product.model_dump_json()) == product
