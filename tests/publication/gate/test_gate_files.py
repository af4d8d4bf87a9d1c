"""Files that are not what they should be, whole, or of an honest size."""

import gzip
import struct
import zipfile

import netCDF4
import numpy as np
import pytest

from tests.publication.builders import DATA, NEMO, Grid, plain, steps
from tests.publication.gate.builders import found, good, look

pytestmark = pytest.mark.slow

WANTED = "a NetCDF-3, NetCDF-4 or GRIB file"


def test_a_sound_file_passes(tmp_path):
    assert look([good(tmp_path / "a.nc")]) == []


def test_a_file_that_is_not_there_is_told(tmp_path):
    finding = found([tmp_path / "a.nc"], plain())[0]
    assert (finding.check, finding.file, finding.problem) == (
        "file", "a.nc", "there is no such file")  # fmt: skip


def test_an_empty_file_is_told(tmp_path):
    (tmp_path / "a.nc").touch()
    finding = found([tmp_path / "a.nc"], plain())[0]
    assert (finding.problem, finding.accepted) == ("is empty", WANTED)


def test_text_is_told_as_text(tmp_path):
    (tmp_path / "a.nc").write_text("<html>404 Not Found</html>")
    assert look([tmp_path / "a.nc"]) == ["a.nc: is text ('<html>404 Not Found</html>'...)"]


def test_archives_are_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.nc", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(1_000_000))
    (tmp_path / "b.nc").write_bytes(gzip.compress(NEMO[0].read_bytes()[:100]))
    (tmp_path / "c.nc").write_bytes(bytes(range(200, 256)))
    assert look([tmp_path / "a.nc", tmp_path / "b.nc", tmp_path / "c.nc"]) == [
        "a.nc: is a zip archive",
        "b.nc: is gzip-compressed",
        "c.nc: is no NetCDF or GRIB file: it begins with c8 c9 ca cb cc cd ce cf",
    ]


@pytest.mark.parametrize("form", ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF4"])
@pytest.mark.parametrize("left", [0.99, 0.5, 0.05])
def test_a_cut_off_file_is_told(tmp_path, form, left):
    whole = Grid(steps(40), range(40)).write(tmp_path / "a.nc", form).read_bytes()
    (tmp_path / "a.nc").write_bytes(whole[: int(len(whole) * left)])
    findings = found([tmp_path / "a.nc"], plain())
    assert [each.check for each in findings] == ["file"]
    assert "cut off" in findings[0].problem
    assert findings[0].accepted == "the whole file; upload it again"


def test_a_hdf5_file_after_a_user_block_is_measured_from_there(tmp_path):
    path = good(tmp_path / "a.nc")
    (tmp_path / "b.nc").write_bytes(bytes(512) + path.read_bytes()[:-100])
    assert "cut off" in look([tmp_path / "b.nc"])[0]


def test_a_header_of_absurd_lengths_is_broken(tmp_path):
    head = b"CDF\x05" + struct.pack(">QIQQ", 0, 10, 1, 2**63 - 9)
    (tmp_path / "a.nc").write_bytes(head + bytes(64))
    assert look([tmp_path / "a.nc"]) == ["a.nc: the NetCDF header is cut off or broken"]


def test_one_bad_file_hides_no_other(tmp_path):
    (tmp_path / "a.nc").touch()
    other = good(tmp_path / "b.nc", units="degC")
    assert look([tmp_path / "a.nc", other], plain(variables={"t2m": {"units": "K"}})) == [
        "a.nc: is empty", "b.nc t2m units: is 'degC'"]  # fmt: skip


def bomb(path, days):
    """A small file of many numbers that were never written."""
    with netCDF4.Dataset(path, "w") as dataset:
        for name, size in (("time", days), ("latitude", 500), ("longitude", 1000)):
            dataset.createDimension(name, size)
            dataset.createVariable(name, "f8", (name,), zlib=True)[:] = np.arange(size)
        dataset.createVariable("t2m", "f4", ("time", "latitude", "longitude"), chunksizes=(1, 9, 9))
    return path


def test_a_bomb_is_refused_before_a_number_is_read(tmp_path):
    path = bomb(tmp_path / "a.nc", 10_000)
    assert path.stat().st_size < 100_000
    told = look([path], ratio_from_bytes=1000)
    assert told[0].startswith("a.nc: 20000092000 bytes of numbers in a file of ")


def test_a_delivery_is_bounded_as_a_whole(tmp_path):
    files = [good(tmp_path / name, first) for first, name in ((0, "a.nc"), (2, "b.nc"))]
    numbers = (2 * 12 + 3 + 4) * 4 + 2 * 8
    assert look(files, decoded_bytes=2 * numbers) == []
    assert look(files, decoded_bytes=2 * numbers - 1) == [
        f": the delivery holds {2 * numbers} bytes of numbers"]  # fmt: skip


def test_what_the_product_drops_weighs_nothing(tmp_path):
    path = bomb(tmp_path / "a.nc", 10_000)
    told = look([path], plain(drop=["t2m"]), decoded_bytes=1_000_000)
    assert not [each for each in told if "bytes" in each]


def test_hdf5_that_is_no_netcdf_is_told(tmp_path):
    whole = bytearray(good(tmp_path / "a.nc").read_bytes())
    whole[60:300] = bytes(240)
    (tmp_path / "a.nc").write_bytes(whole)
    assert look([tmp_path / "a.nc"])[0].startswith("a.nc: not a NetCDF file, or cut off")


def test_grib_that_lacks_its_end_is_told(tmp_path):
    whole = (DATA / "grib/era5-levels-members.grib").read_bytes()
    (tmp_path / "a.grib").write_bytes(whole[:-12])
    cut = "cut off: it tells 14752 bytes, 14748 are there"
    assert look([tmp_path / "a.grib"]) == [
        f"a.grib: message at byte 2346840, after 159 fields: {cut}"]  # fmt: skip
