"""What stored numbers and attributes mean is what a reader of the result understands."""

from pathlib import Path
from typing import Any, Literal

import netCDF4
import numpy as np
import pytest
from zarr.codecs import BytesCodec

from atoll.model.coverage import Attributes, Axis, Packed
from atoll.model.plan import Piece
from atoll.model.request import Packing
from tests.extraction.builders import Array, Field, axis_of, plan_of, work_of
from tests.extraction.datasets import PACKED, publish
from tests.extraction.stores import Shelf

HALF = Packed(scale_factor=0.5, add_offset=0.0, dtype="<f4")


def written(
    folder: Path,
    fields: dict[str, Field],
    axes: list[Axis] | None = None,
    taken: dict[str, tuple[Piece, ...]] | None = None,
    packing: Packing = "keep",
) -> tuple[netCDF4.Dataset, int]:
    """Extract; the file as it is stored, and the cells that have data."""
    known = axes or [axis_of("x", range(len(next(iter(fields.values())).values)))]
    dataset = publish(Shelf("zarr", folder), fields, known)
    plan = plan_of(dataset.coverage, taken, packing)
    # HDF5 gives a file that is open again for another of its name.
    target = folder / f"{len(list(folder.iterdir()))}.nc"
    outcome = dataset.extract(work_of(plan, packing=packing), target)
    file = netCDF4.Dataset(target)
    file.set_auto_maskandscale(False)
    return file, outcome.cells_with_data


def one(
    folder: Path, values: Array, attributes: Attributes, packing: Packing = "keep", **more: Any
) -> "netCDF4.Variable[Any]":
    file, _ = written(folder, {"v": Field(("x",), values, attributes, **more)}, packing=packing)
    return file.variables["v"]


PACKING: Attributes = {"scale_factor": 0.001, "add_offset": 20.0, "_FillValue": -32767}


@pytest.mark.parametrize(
    ("limits", "kept", "decoded"),
    [
        ({"valid_range": [-1.8, 40.5]}, {"valid_range": [-21800, 20500]}, [-1.8, 40.5]),
        ({"valid_min": -1.80049}, {"valid_min": -21801}, [-1.80049]),
        ({"valid_max": 40.50049}, {"valid_max": 20501}, [40.50049]),
        ({"valid_max": 1e20}, {}, [1e20]),
        ({"valid_range": [-21800, 20500]}, {"valid_range": [-21800, 20500]}, [-1.8, 40.5]),
        ({"valid_range": "0 to 100"}, {"valid_range": "0 to 100"}, "0 to 100"),
    ],
)
def test_valid_limits_of_packed_data(
    limits: Attributes, kept: dict[str, Any], decoded: Any, tmp_path: Path
) -> None:
    values = np.array([-32767, -21800, 0, 20500], "<i2")
    (name,) = limits
    found = one(tmp_path, values, PACKING | limits, packed=PACKED)
    assert {key: found.getncattr(key) for key in found.ncattrs() if "valid" in key} == {
        key: pytest.approx(value, abs=0) if isinstance(value, list) else value
        for key, value in kept.items()
    }
    if isinstance(kept.get(name), int | list):
        assert found.getncattr(name).dtype == np.int16
        found.set_auto_maskandscale(True)
        assert np.ma.count_masked(found[:]) == 1
    found = one(tmp_path, values, PACKING | limits, "decode", packed=PACKED)
    if isinstance(decoded, str):
        assert found.getncattr(name) == decoded
    else:
        assert np.array_equal(np.atleast_1d(found.getncattr(name)), np.array(decoded, "<f4"))


def test_a_negative_scale_turns_limits_round(tmp_path: Path) -> None:
    packed = Packed(scale_factor=-0.5, add_offset=0.0, dtype="<f4")
    values = np.array([-8, 0], "<i2")
    found = one(tmp_path, values, {"scale_factor": -0.5, "valid_max": 4.0}, packed=packed)
    assert found.valid_min == -8
    assert "valid_max" not in found.ncattrs()


@pytest.mark.parametrize("said", ["true", "True"])
def test_unsigned_data_have_unsigned_limits(said: str, tmp_path: Path) -> None:
    values = np.array([0, 130, 254, 255], "u1").view("i1")
    attributes: Attributes = {
        "_Unsigned": said, "scale_factor": 0.5, "valid_range": [0, -2], "_FillValue": -1,
    }  # fmt: skip
    kept = one(tmp_path, values, attributes, packed=HALF)
    assert list(kept.valid_range) == [0, -2]
    decoded = one(tmp_path, values, attributes, "decode", packed=HALF)
    assert list(decoded.valid_range) == [0, 127]
    assert np.array_equal(decoded[:], np.array([0, 65, 127, np.nan]), equal_nan=True)
    attributes["valid_range"] = [0.0, 127.0]  # physical
    assert list(one(tmp_path, values, attributes, packed=HALF).valid_range) == [0, -2]


@pytest.mark.parametrize(
    ("dtype", "fill"),
    [("<i8", -(2**63) + 2), ("<u8", 2**64 - 2), ("<i8", 2**53 + 1), ("<u2", 65535), ("|i1", -128)],
)
def test_a_fill_value_is_exact(dtype: str, fill: int, tmp_path: Path) -> None:
    values = np.array([fill, 1, 2], dtype)
    file, with_data = written(tmp_path, {"v": Field(("x",), values, {"_FillValue": fill})})
    assert file["v"].getncattr("_FillValue") == values[0]
    assert file["v"].getncattr("_FillValue").dtype == np.dtype(dtype)
    assert with_data == 2


def test_attributes_that_the_type_cannot_hold_end_no_order(tmp_path: Path) -> None:
    attributes: Attributes = {
        "_FillValue": "none", "missing_value": 0.5, "flag_values": "0, 1, 2",
        "valid_max": 1e20, "valid_min": "NaN", "valid_range": "all", "flag_masks": [1, 2],
        "large": 2**63, "larger": 2**64, "small": -5,
    }  # fmt: skip
    found = one(tmp_path, np.arange(3, dtype="<i2"), attributes)
    said = {name: found.getncattr(name) for name in found.ncattrs()}
    assert list(said.pop("flag_masks")) == [1, 2]
    assert said == {
        "flag_values": "0, 1, 2", "valid_range": "all",
        "large": 2**63, "larger": 2.0**64, "small": -5,
    }  # fmt: skip
    assert found.getncattr("large").dtype == np.uint64


def test_names_that_hdf5_keeps_for_itself_are_left_out(tmp_path: Path) -> None:
    reserved: Attributes = dict.fromkeys(
        ("NAME", "CLASS", "DIMENSION_LIST", "REFERENCE_LIST", "_Netcdf4Dimid", "_NCProperties"), "x"
    )
    axes = [axis_of("x", range(3), attributes=reserved | {"long_name": "a"})]
    fields = {"v": Field(("x",), np.zeros(3, "<f4"), reserved | {"units": "m"})}
    file, _ = written(tmp_path, fields, axes)
    assert file["v"].dimensions == ("x",)
    assert file["v"].ncattrs() == ["units"]
    assert file["x"].ncattrs() == ["long_name"]


def test_what_means_nothing_elsewhere_is_left_out(tmp_path: Path) -> None:
    foreign: Attributes = {"_ChunkSizes": [1, 681], "_Storage": "chunked", "DODS.strlen": 8}
    server: Attributes = {
        "_CoordSysBuilder": "ucar.nc2.dataset.conv.CF1Convention",
        "DODS_EXTRA.Unlimited_Dimension": "time",
        "EXTRA_DIMENSION.bnds": 2,
    }
    axes = [axis_of("x", range(3), attributes=foreign | {"long_name": "a"})]
    fields = {"v": Field(("x",), np.zeros(3, "<f4"), foreign | {"units": "m"})}
    dataset = publish(Shelf("zarr", tmp_path), fields, axes, attributes=server | {"source": "b"})
    dataset.extract(work_of(plan_of(dataset.coverage)), tmp_path / "x.nc")
    with netCDF4.Dataset(tmp_path / "x.nc") as file:
        assert (file["v"].ncattrs(), file["x"].ncattrs()) == (["units"], ["long_name"])
        assert file.source == "b"
        assert not server.keys() & set(file.ncattrs())


@pytest.mark.parametrize("endian", ["little", "big"])
def test_half_floats_are_written_as_floats(
    endian: Literal["little", "big"], tmp_path: Path
) -> None:
    stored = {"serializer": BytesCodec(endian=endian)}
    values = np.array([0.5, 1.5, -9], "<f2")
    found = one(tmp_path, values, {"_FillValue": -9.0}, stored=stored)
    assert found.dtype == np.float32
    assert list(found[:]) == [0.5, 1.5, -9]
    assert found.getncattr("_FillValue").dtype == np.float32


@pytest.mark.parametrize(("packing", "shown"), [("keep", [-2, 4, -2]), ("decode", [None, 2, None])])
@pytest.mark.parametrize("endian", ["little", "big"])
def test_empty_cells_are_known_in_either_byte_order(
    endian: Literal["little", "big"],
    packing: Packing,
    shown: list[float | None],
    tmp_path: Path,
) -> None:
    said: Attributes = {"_FillValue": -2, "scale_factor": 0.5}
    stored = {"serializer": BytesCodec(endian=endian)}
    field = Field(("x",), np.array([-2, 4, -2], "<i2"), said, packed=HALF, stored=stored)
    file, counted = written(tmp_path, {"v": field}, packing=packing)
    assert [None if np.isnan(value) else value for value in file["v"][:]] == shown
    assert counted == 1


@pytest.mark.parametrize(
    ("dtype", "values", "piece"),
    [
        ("<u2", range(0, 360, 30), Piece(start=6, stop=12, shift=-360.0)),
        ("|u1", range(0, 250, 30), Piece(start=6, stop=9, shift=-360.0)),
        ("|i1", range(-120, 120, 20), Piece(start=0, stop=5, shift=360.0)),
        ("<i4", range(0, 360, 30), Piece(start=6, stop=12, shift=-360.0)),
        ("<u8", range(0, 360, 30), Piece(start=6, stop=12, shift=-360.0)),
        ("<f4", range(0, 360, 30), Piece(start=6, stop=12, shift=-360.0)),
    ],
)
def test_longitudes_and_bounds_do_not_wrap(
    dtype: str, values: range, piece: Piece, tmp_path: Path
) -> None:
    east = np.array(values)
    edges = np.stack([east - 0, east + 5], 1).astype(dtype)
    limits: Attributes = {"valid_min": 0, "valid_max": 100, "actual_range": [0.0, 100.0]}
    bounds: Attributes = {"bounds": "lon_bnds"}
    axis = axis_of("longitude", values, dtype=dtype, attributes=limits | bounds)
    fields = {
        "v": Field(("longitude",), np.zeros(len(values))),
        "lon_bnds": Field(("longitude", "bnds"), edges, limits, role="bounds"),
    }
    file, _ = written(tmp_path, fields, [axis], {"longitude": (piece, Piece(start=5, stop=6))})
    taken = east[[*piece.indices, 5]] + np.array([piece.shift] * len(piece.indices) + [0])
    assert np.array_equal(file["longitude"][:], taken)
    assert np.array_equal(file["lon_bnds"][:], np.stack([taken, taken + 5], 1))
    for name in ("longitude", "lon_bnds"):
        assert not set(limits) & set(file[name].ncattrs())  # of another turn, or of all values
        assert file[name].dtype.kind == ("f" if dtype == "<f4" else "i")


def test_limits_stay_on_an_axis_that_is_not_shifted(tmp_path: Path) -> None:
    limits: Attributes = {"valid_min": 0.0, "actual_range": [0.0, 20.0]}
    axes = [axis_of("longitude", (0, 10, 20), attributes=limits)]
    field = Field(("longitude",), np.zeros(3), {"actual_range": [0.0, 9.0]})
    file, _ = written(tmp_path, {"v": field}, axes)
    assert file["longitude"].valid_min == 0
    assert "actual_range" not in file["longitude"].ncattrs()
    assert "actual_range" not in file["v"].ncattrs()


@pytest.mark.parametrize(("packing", "edge"), [("keep", 3450), ("decode", 345)])
def test_packed_bounds_move_by_degrees(packing: Packing, edge: int, tmp_path: Path) -> None:
    tenth = Packed(scale_factor=0.1, add_offset=0.0, dtype="<f8")
    edges = np.array([[3450, 3600], [0, 150]], "<i2")
    axis = axis_of("longitude", (352.5, 7.5), attributes={"bounds": "b"})
    fields = {
        "v": Field(("longitude",), np.zeros(2)),
        "b": Field(
            ("longitude", "bnds"), edges, {"scale_factor": 0.1}, role="bounds", packed=tenth
        ),
    }
    pieces = (Piece(start=0, stop=1, shift=-360.0), Piece(start=1, stop=2))
    file, _ = written(tmp_path, fields, [axis], {"longitude": pieces}, packing)
    assert np.allclose(file["b"][:, 0], [edge - 360 * edge / 345, 0])


@pytest.mark.parametrize(("stored", "with_data"), [(3.0, 1), (-1.0, 0)])
def test_data_without_dimensions_are_counted(stored: float, with_data: int, tmp_path: Path) -> None:
    field = Field((), np.array(stored, "<f4"), {"_FillValue": -1.0})
    file, counted = written(tmp_path, {"v": field}, [axis_of("x", range(3))])
    assert file["v"][...] == stored
    assert counted == with_data


def test_only_degrees_on_earth_are_an_extent(tmp_path: Path) -> None:
    axes = [
        axis_of("rlat", (-5, 5), role="Y", units="degrees", wraps=False),
        axis_of("rlon", (1, 2), role="X", units="degrees", wraps=False),
    ]
    file, _ = written(tmp_path, {"v": Field(("rlat", "rlon"), np.zeros((2, 2)))}, axes)
    assert not [name for name in file.ncattrs() if name.startswith("geospatial_")]
