"""NetCDF-3 results are the very bytes that netCDF-C writes of the same content."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import xarray as xr

from atoll.errors import FormatUnfit
from atoll.extraction.file_format import ChunkedVariable
from atoll.extraction.formats.netcdf3 import NetCDF3
from atoll.extraction.netcdf_file import FileContent, FileVariable, StoredChunk
from atoll.model.plan import Piece
from tests.extraction.builders import Field, axis_of
from tests.extraction.datasets import curvilinear, ocean_axes, ocean_fields, publish
from tests.extraction.made import Order

ACROSS = {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30)),
    "latitude": (Piece(start=17, stop=4, step=-2),),
}


def copied(path: Path, target: Path) -> Path:
    """The same content as netCDF-C writes it."""
    with (
        netCDF4.Dataset(path) as source,
        netCDF4.Dataset(target, "w", format="NETCDF3_64BIT_OFFSET") as made,
    ):
        assert source.data_model == "NETCDF3_64BIT_OFFSET"
        made.setncatts({name: source.getncattr(name) for name in source.ncattrs()})
        for name, dimension in source.dimensions.items():
            made.createDimension(name, len(dimension))
        for name, variable in source.variables.items():
            said = {key: variable.getncattr(key) for key in variable.ncattrs()}
            fill = said.pop("_FillValue", None)
            one = made.createVariable(name, variable.dtype, variable.dimensions, fill_value=fill)
            one.setncatts(said)
        made.set_auto_maskandscale(False)
        source.set_auto_maskandscale(False)
        for name, variable in source.variables.items():
            made[name][...] = variable[...]
    return target


def fill_first(one: Field) -> Field:
    """As netCDF4 writes it: it knows no other order."""
    fill = {name: value for name, value in one.attributes.items() if name == "_FillValue"}
    return replace(one, attributes=fill | one.attributes)


@pytest.mark.parametrize("packing", ["keep", "decode"])
@pytest.mark.parametrize("taken", [{}, ACROSS], ids=["whole", "across"])
def test_a_result_is_what_netcdf_c_writes_and_means_what_netcdf_4_does(
    taken, packing, shelf, folder
):
    fields = {name: fill_first(one) for name, one in ocean_fields().items()}
    said = {"history": "made by händ", "level": 3}
    dataset = publish(shelf, fields, ocean_axes(), dataset="ocean", attributes=said)
    order = Order(dataset, folder, taken, packing=packing)
    path, with_data = order.made("netcdf3")
    assert copied(path, folder / "copy.nc").read_bytes() == path.read_bytes()
    other, also_with_data = order.made("netcdf4")
    with xr.open_dataset(path) as found, xr.open_dataset(other) as wanted:
        asked = {"history", "atoll_request"}  # the format is another
        assert found.attrs.keys() == wanted.attrs.keys() > asked
        xr.testing.assert_identical(found.drop_attrs(deep=False), wanted.drop_attrs(deep=False))
        for name in wanted.attrs.keys() - asked:
            assert found.attrs[name] == wanted.attrs[name]
    assert with_data == also_with_data > 0


def test_a_2d_grid_has_its_coordinates(shelf, folder):
    order = Order(curvilinear(shelf), folder)
    with (
        xr.open_dataset(order.file("netcdf3")) as found,
        xr.open_dataset(order.file("netcdf4")) as wanted,
    ):
        xr.testing.assert_equal(found, wanted)
        assert {"nav_lon", "nav_lat"} < set(found.coords)


NUMBERS: dict[str, tuple[list[Any], str]] = {
    "i1": ([-128, 127], "i1"),
    "u1": ([0, 255], "i2"),
    "i2": ([-(2**15), 2**15 - 1], "i2"),
    "u2": ([0, 2**16 - 1], "i4"),
    "i4": ([-(2**31), 2**31 - 1], "i4"),
    "u4": ([0, 2**32 - 1], "f8"),
    "f4": ([1e-45, 3e38], "f4"),
    "f8": ([5e-324, 1e308], "f8"),
    "f2": ([0.5, 65504], "f4"),
}


@pytest.mark.parametrize("chunked", [0, 1])
@pytest.mark.parametrize("length", [2, 3, 5])
def test_every_number_finds_a_type_that_holds_it(length, chunked, shelf, folder):
    """Lengths that are no multiple of four bytes; every other type in chunks."""
    fields = {
        f"v_{kind}": Field(
            ("x",),
            np.resize(np.array(values, kind), length),
            {} if kind == "f2" else {"_FillValue": values[0], "flag_values": values},
            role="data" if number % 2 == chunked else "auxiliary",
        )
        for number, (kind, (values, _)) in enumerate(NUMBERS.items())
    }
    order = Order(publish(shelf, fields, [axis_of("x", range(length))]), folder)
    path = order.file("netcdf3")
    assert copied(path, folder / "copy.nc").read_bytes() == path.read_bytes()
    with netCDF4.Dataset(path) as file:
        file.set_auto_maskandscale(False)
        for kind, (values, kept) in NUMBERS.items():
            variable = file[f"v_{kind}"]
            assert variable.dtype == np.dtype(kept)
            assert variable[...].tolist() == np.resize(np.array(values, kind), length).tolist()
            if kind != "f2":
                assert variable.getncattr("flag_values").dtype == np.dtype(kept)
                assert variable.getncattr("_FillValue") == np.array(values[0], kind)


def test_truth_is_a_byte(shelf, folder):
    fields = {"v": Field(("x",), np.array([True, False, True]))}
    order = Order(publish(shelf, fields, [axis_of("x", "123")]), folder)
    with netCDF4.Dataset(order.file("netcdf3")) as file:
        assert file["v"].dtype == np.int8
        assert file["v"][:].tolist() == [1, 0, 1]


def content(lengths, variables):
    return FileContent(lengths, tuple(variables), {"title": "large"})


@pytest.mark.parametrize("least_bytes", [0, 1001, 5 * 2**20])
def test_variables_far_out_and_a_front_as_long_as_wanted(least_bytes, tmp_path):
    """Three of nearly 4 GiB, on a disk that keeps no zeros."""
    cells = 2**31 - 3
    names = ("a", "b", "c")
    made = NetCDF3().layout(
        content(
            {"x": cells, "y": 2},
            [
                *(
                    FileVariable(name, np.dtype("i2"), ("x",), chunk_shape=(cells,))
                    for name in names
                ),
                FileVariable("y", np.dtype("u1"), ("y",), {}, np.array([3, 4], "u1")),
            ],
        ),
        least_bytes,
    )
    nbytes = 2 * cells + 2
    header = made.finish(StoredChunk(name, (0,), nbytes) for name in names)
    assert len(header.image) >= least_bytes
    assert header.file_bytes == len(header.image) + 3 * nbytes
    assert not header.tail
    with (tmp_path / "a.nc").open("wb") as file:
        file.write(header.image)
        file.truncate(header.file_bytes)
        file.seek(header.file_bytes - 4)  # the last cell, then what fills up
        file.write(np.array([7, -32767], ">i2").tobytes())
    with netCDF4.Dataset(tmp_path / "a.nc") as read:
        assert list(read.variables) == ["y", *names]
        assert read["y"][:].tolist() == [3, 4]
        assert read["c"][-2:].tolist() == [0, 7]
        assert read["b"][-2:].tolist() == [0, 0]


def test_chunks_that_leave_a_gap_are_no_file():
    layout = NetCDF3().layout(
        content({"x": 4}, [FileVariable("a", np.dtype("i2"), ("x",), chunk_shape=(2,))]), 0
    )
    with pytest.raises(RuntimeError, match="8 bytes have a place, the chunks have 4"):
        layout.finish([StoredChunk("a", (0,), 4)])


def test_a_type_that_netcdf_3_lacks_is_named():
    complex_one = FileVariable("z", np.dtype("c8"), (), chunk_shape=())
    with pytest.raises(FormatUnfit, match="z: NetCDF-3 has no type that holds values of complex64"):
        NetCDF3().layout(content({}, [complex_one]), 0)
    chunked = ChunkedVariable("z", np.dtype("c8"), (2,), (2,), np.zeros((), "c8"))
    with pytest.raises(FormatUnfit, match="z: NetCDF-3"):
        NetCDF3().encode(chunked, (0,), np.zeros(2, "c8"))
