"""Equal files are equal bytes, whenever they are made."""

import struct
import time

import h5py
import numpy as np
from numcodecs.jenkins import jenkins_lookup3

from atoll.extraction.hdf5_header import HDF5Layout
from atoll.extraction.hdf5_times import EXTENSION_ADDRESS_AT, TIMES_BYTES, without_times
from atoll.extraction.netcdf_file import FileContent, FileVariable

VALUES = FileVariable("x", np.dtype("f8"), ("x",), {}, np.arange(3.0))
CONTENT = FileContent({"x": 3}, (VALUES,), {})


def test_a_file_made_a_second_later_is_the_same(tmp_path):
    first = HDF5Layout(CONTENT).finish([]).image
    time.sleep(1.1)
    second = HDF5Layout(CONTENT).finish([]).image
    assert first == second
    path = tmp_path / "made.nc"
    path.write_bytes(first)
    with h5py.File(path) as file:  # libhdf5 itself checks the header's checksum
        assert file["x"][:].tolist() == [0, 1, 2]


def test_only_times_and_their_checksum_change():
    image = bytearray(HDF5Layout(CONTENT).finish([]).image)
    (at,) = struct.unpack_from("<Q", image, EXTENSION_ADDRESS_AT)
    times = slice(at + 6, at + 6 + TIMES_BYTES)
    assert image[times] == bytes(TIMES_BYTES)
    image[times] = b"\x01" * TIMES_BYTES
    end = image.index(struct.pack("<I", jenkins_lookup3(bytes(_extension(image, at, 0)))), at)
    image[end : end + 4] = struct.pack("<I", jenkins_lookup3(bytes(_extension(image, at, 1))))
    assert without_times(bytes(image)) == HDF5Layout(CONTENT).finish([]).image


def _extension(image: bytearray, at: int, time_byte: int) -> bytearray:
    """Its bytes up to the checksum, with such times."""
    size = image[at + 22]
    header = image[at : at + 23 + size]
    header[6:22] = bytes([time_byte]) * TIMES_BYTES
    return header


def test_a_file_without_extension_is_left_as_it_is(tmp_path):
    path = tmp_path / "plain.h5"
    with h5py.File(path, "w", libver=("v110", "v110")):
        pass
    image = path.read_bytes()
    assert without_times(image) == image
