"""Which formats can hold what is asked for, and how the others are refused."""

import numpy as np
import pytest

from atoll.errors import FormatUnfit
from atoll.model.coverage import Axis, Coverage
from atoll.planning.formats import netcdf3_dtype
from atoll.planning.raster import raster_faults
from tests.planning.builders import (
    axis,
    coverage,
    depth_axis,
    index_axis,
    latitude_axis,
    longitude_axis,
    packed_variable,
    regular,
    time_axis,
    variable,
)
from tests.planning.rich import LEVITUS, RICH, ask
from tests.planning.tiles import curvilinear_coverage

FIELD = ("time", "latitude", "longitude")
ALL = ["netcdf4", "netcdf3", "zarr", "csv", "parquet", "geotiff"]
TABLES = ["csv", "parquet"]
CHUNKED = ["netcdf4", "netcdf3", "zarr"]


def refused(dataset: Coverage, form: str, **fields: object) -> FormatUnfit:
    with pytest.raises(FormatUnfit) as error:
        ask(dataset, format=form, **fields)
    assert error.value.facts["parameter"] == "format"
    assert error.value.facts["value"] == form
    assert f"'{form}'" in error.value.detail
    return error.value


def fitting(dataset: Coverage, **fields: object) -> list[str]:
    """Formats that are not refused; each refusal names just these."""
    found = []
    for form in ALL:
        try:
            ask(dataset, format=form, **fields)
        except FormatUnfit:
            continue
        found.append(form)
    for form in set(ALL) - set(found):
        assert refused(dataset, form, **fields).facts["accepted"] == found
    return found


def field(axes: list[Axis], *, dtype: str = "<f4", name: str = "v") -> Coverage:
    """One data variable of these axes."""
    return coverage(axes, [variable(name, [one.name for one in axes], dtype=dtype)])


@pytest.mark.parametrize("dtype", ["|i1", "<i2", ">i4", "|u1", "<u2", ">u4", "<f2", "<f4", ">f8"])
def test_netcdf_3_widens_without_loss(dtype: str) -> None:
    kept = netcdf3_dtype(dtype)
    assert kept in {">i1", ">i2", ">i4", ">f4", ">f8"}
    assert np.can_cast(np.dtype(dtype), np.dtype(kept), "safe")
    if np.dtype(kept).kind == np.dtype(dtype).kind:
        assert np.dtype(kept).itemsize == max(np.dtype(dtype).itemsize, 4 if dtype == "<f2" else 0)


@pytest.mark.parametrize("dtype", ["<U4", "|S8", "<c8", "<M8[ns]", "<f16"])
def test_what_is_no_number_has_no_type_and_no_format(dtype: str) -> None:
    assert netcdf3_dtype(dtype) is None
    dataset = field([time_axis([0, 1])], dtype=dtype, name="when")
    assert fitting(dataset) == []
    detail = refused(dataset, "zarr").detail
    assert f"values of when are of type {dtype}" in detail
    assert detail.endswith("no format can hold it")


@pytest.mark.parametrize(("nodes", "fits"), [(2**30 - 1, True), (2**30, False)])
def test_a_variable_of_netcdf_3_ends_below_4_gib(nodes: int, *, fits: bool) -> None:
    dataset = field([time_axis(regular(0, 1, nodes))])
    assert ("netcdf3" in fitting(dataset)) == fits
    if not fits:
        assert "v would have 4294967296 bytes" in refused(dataset, "netcdf3").detail


def test_a_variable_of_netcdf_3_is_measured_as_it_is_widened_and_decoded() -> None:
    axes = [time_axis(regular(0, 1, 2**20)), latitude_axis(regular(0, 1, 1500))]
    assert "netcdf3" in fitting(field(axes, dtype="|u1"))
    assert "netcdf3" not in fitting(field(axes, dtype="<u2"))
    packed = coverage(axes, [packed_variable("p", ("time", "latitude"))])
    assert "netcdf3" in fitting(packed)
    assert "netcdf3" not in fitting(packed, packing="decode")


def test_a_dimension_of_netcdf_3_is_counted_in_31_bits() -> None:
    dataset = field([time_axis(regular(0, 1, 2**31), dtype="<f8")], dtype="|i1")
    assert "has 2147483648 nodes" in refused(dataset, "netcdf3").detail


@pytest.mark.parametrize("dtype", ["<i8", ">u8"])
def test_netcdf_3_takes_64_bit_integers_of_coordinates_that_are_exact_in_a_double(
    dtype: str,
) -> None:
    exact = time_axis([2**53 - 1, 2**53], dtype=dtype)
    assert "netcdf3" in fitting(field([exact]))
    beyond = time_axis([2**53, 2**53 + 2], dtype=dtype)
    assert fitting(field([beyond])) == [
        form for form in fitting(field([exact])) if form != "netcdf3"
    ]
    assert "time exceed 2^53" in refused(field([beyond]), "netcdf3").detail
    assert "v has 64-bit integers" in refused(field([exact], dtype=dtype), "netcdf3").detail


@pytest.mark.parametrize(
    ("role", "fits"), [("bounds", True), ("grid_mapping", True), ("auxiliary", False)]
)
def test_netcdf_3_takes_64_bit_integers_of_bounds_but_not_what_nothing_is_known_of(
    role: str, *, fits: bool
) -> None:
    dataset = coverage(
        [time_axis([0, 1])],
        [
            variable("v", ("time",), companions=("c",)),
            variable("c", ("time", "bnds"), role=role, dtype="<i8"),
        ],
        other_dimensions={"bnds": 2},
    )
    assert ("netcdf3" in fitting(dataset)) == fits


def test_bounds_of_times_that_doubles_do_not_hold_are_not_held_either() -> None:
    dataset = coverage(
        [time_axis([2**53 - 2, 2**53])],
        [
            variable("v", ("time",), companions=("c",)),
            variable("c", ("time",), role="bounds", dtype="<i8"),
        ],
    )
    assert "c has 64-bit integers" in refused(dataset, "netcdf3").detail


def test_a_coordinate_of_two_dimensions_is_for_tables_and_rasters_only() -> None:
    dataset = coverage(
        [latitude_axis([0, 1, 2]), longitude_axis([0, 1, 2, 3])],
        [variable("latitude", ("latitude", "longitude"))],
    )
    assert fitting(dataset) == [*TABLES, "geotiff"]
    assert "CF 5" in refused(dataset, "netcdf4").detail


def test_variables_of_a_table_share_their_dimensions() -> None:
    detail = refused(RICH, "csv").detail
    assert "thetao, uo, vo (time, depth, latitude, longitude); mask (latitude, longitude)" in detail
    assert "ask for them one by one" in detail
    assert fitting(RICH) == CHUNKED
    assert fitting(RICH, variables=("thetao", "vo")) == [*CHUNKED, *TABLES]
    assert fitting(RICH, variables=("mask",)) == ALL


def test_without_a_data_variable_there_is_neither_table_nor_raster() -> None:
    assert fitting(RICH, variables=("run_time",)) == CHUNKED
    assert "none is asked for" in refused(RICH, "parquet", variables=("run_time",)).detail


def test_a_raster_is_one_map_of_bands_of_one_type() -> None:
    surface = {"depth": {"lower": 0, "upper": 0}}
    assert fitting(LEVITUS, **surface) == ALL
    assert "TEMP has 20 nodes of depth" in refused(LEVITUS, "geotiff").detail
    both = {"variables": ("thetao", "vo"), "depth": surface["depth"], "stride": {"time": 10}}
    detail = refused(RICH, "geotiff", **both).detail
    assert "thetao <i2, vo <f4" in detail
    assert fitting(RICH, packing="decode", **both) == ALL


def test_a_raster_has_one_fill_value() -> None:
    def bands(*fills: dict[str, int]) -> Coverage:
        names = ("v", "w")
        plain = [variable(name, ("latitude", "longitude"), dtype="<i2") for name in names]
        return coverage(
            [LAT, LON],
            [
                one.model_copy(update={"attributes": said})
                for one, said in zip(plain, fills, strict=True)
            ],
        )

    assert "v -1, w None" in refused(bands({"_FillValue": -1}, {}), "geotiff").detail
    assert "v -1, w -2" in refused(bands({"_FillValue": -1}, {"_FillValue": -2}), "geotiff").detail
    assert fitting(bands({"_FillValue": -1}, {"missing_value": -1})) == ALL
    assert fitting(bands({}, {})) == ALL


@pytest.mark.parametrize(("bands", "fits"), [(65_535, True), (65_536, False)])
def test_a_raster_counts_its_bands_in_16_bits(bands: int, *, fits: bool) -> None:
    one = field([LAT, LON])
    plan = ask(one)
    many = plan.model_copy(update={"variables": plan.variables * bands})
    said = [f"{bands} variables are more than 65535 bands"]
    assert list(raster_faults(many, one)) == ([] if fits else said)


LAT, LON = latitude_axis([0, 1, 2]), longitude_axis([0, 1, 2, 3])


@pytest.mark.parametrize(
    ("axes", "why"),
    [
        ([LON, LAT], "v has not the dimensions latitude and longitude, in this order"),
        ([LAT], "no axes of X and Y"),
        ([time_axis([0]), LAT], "no axes of X and Y"),
        ([LAT, longitude_axis([5])], "the size of a cell along longitude is not known"),
        ([latitude_axis([0, 1, 2.002, 3]), LON], "latitude are not evenly spaced, as at 2.002"),
        ([LAT, longitude_axis([0, 1, 3])], "longitude are not evenly spaced, as at 1"),
        ([index_axis("y", 3, "Y"), index_axis("x", 3, "X")], "along y is not known"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_no_raster(axes: list[Axis], why: str) -> None:
    dataset = field(axes)
    assert fitting(dataset) == [*CHUNKED, *TABLES]
    assert why in refused(dataset, "geotiff").detail


@pytest.mark.parametrize(
    "axes",
    [
        [LAT, LON],
        [latitude_axis([2, 1, 0]), LON],
        [latitude_axis([0, 1, 2.0005, 3]), LON],
        [latitude_axis(np.linspace(-80, 90, 2041).astype(np.float32).tolist()), LON],
        [axis("y", regular(0, 1000, 5), "Y", units="m"), axis("x", [0, 500], "X", units="m")],
        [time_axis([3]), depth_axis([7]), LAT, LON],
    ],
)
def test_maps_are_rasters(axes: list[Axis]) -> None:
    assert fitting(field(axes)) == ALL


@pytest.mark.parametrize(("west", "fits"), [(300, True), (355, False)])
def test_a_raster_goes_over_the_seam_of_a_whole_turn_only(west: int, *, fits: bool) -> None:
    turn = regular(20.5, 1, 360 if fits else 340)
    dataset = field([LAT, longitude_axis(turn)])
    box = {"longitude": {"west": west, "east": 400}}
    assert ("geotiff" in fitting(dataset, **box)) == fits


def test_one_column_of_many_is_a_raster_too() -> None:
    assert fitting(field([LAT, LON]), longitude={"west": 2, "east": 2}) == ALL


def test_a_curvilinear_grid_is_no_raster_and_becomes_columns() -> None:
    grid = curvilinear_coverage()
    first = {"stride": {"time": 3}}
    assert fitting(grid, **first) == [*CHUNKED, *TABLES]
    assert "its grid is curvilinear" in refused(grid, "geotiff", **first).detail
