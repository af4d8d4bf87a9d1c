"""A classic file's length is told by its header."""

import netCDF4
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atoll.errors import DataError
from atoll.publication.classic import check_length

FORMS = ["NETCDF3_CLASSIC", "NETCDF3_64BIT_OFFSET", "NETCDF3_64BIT_DATA"]
TYPES = ["i1", "i2", "i4", "f4", "f8"]


def write(path, form, types, records, length):
    with netCDF4.Dataset(path, "w", format=form) as dataset:
        dataset.title = "odd"
        dataset.createDimension("t", None)
        dataset.createDimension("x", length)
        for number, (dtype, grows) in enumerate(types):
            variable = dataset.createVariable(f"v{number}", dtype, ("t", "x") if grows else ("x",))
            variable.number = np.int16(number)
            variable[:] = np.ones((records, length) if grows else (length,))
    return path


@settings(max_examples=40, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(
    form=st.sampled_from(FORMS),
    types=st.lists(st.tuples(st.sampled_from(TYPES), st.booleans()), min_size=1, max_size=4),
    records=st.integers(1, 4),
    length=st.integers(1, 5),
)
def test_a_whole_file_passes_and_a_shorter_one_does_not(tmp_path, form, types, records, length):
    path = write(tmp_path / "f.nc", form, types, records, length)
    check_length(path)
    content = path.read_bytes()
    path.write_bytes(content[:-4])  # the last number, or its half, and up to 3 bytes of padding
    with pytest.raises(DataError, match="cut off"):
        check_length(path)


@pytest.mark.parametrize("form", FORMS)
def test_every_cut_is_seen(tmp_path, form):
    path = write(tmp_path / "f.nc", form, [("f8", True), ("i4", False)], 3, 2)
    content = path.read_bytes()
    for length in range(4, len(content)):
        path.write_bytes(content[:length])
        with pytest.raises(DataError):
            check_length(path)


def test_a_file_without_numbers_passes(tmp_path):
    with netCDF4.Dataset(tmp_path / "f.nc", "w", format="NETCDF3_CLASSIC") as dataset:
        dataset.title = "nothing"
    check_length(tmp_path / "f.nc")


def test_other_formats_pass(tmp_path):
    path = tmp_path / "f.nc"
    path.write_bytes(b"\x89HDF\r\n\x1a\n")
    check_length(path)


def test_a_header_of_nonsense_is_refused(tmp_path):
    path = tmp_path / "f.nc"
    path.write_bytes(b"CDF\x01" + b"\0\0\0\1" * 20)
    with pytest.raises(DataError, match="header"):
        check_length(path)
