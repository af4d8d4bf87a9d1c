"""GeoTIFF: tifffile reads the values of the NetCDF-4 result, and the tags that say where."""

import xml.etree.ElementTree as ET
import zlib
from typing import Any

import numpy as np
import pytest
import tifffile
import xarray as xr

from atoll.errors import FormatUnfit
from atoll.extraction.formats import tiff
from atoll.extraction.formats.tiff import Tag, front, image_tags, predicted
from atoll.model.coverage import Attributes
from atoll.model.plan import Piece
from tests.extraction.builders import Field, axis_of
from tests.extraction.datasets import curvilinear, ocean, publish
from tests.extraction.made import Order

pytestmark = pytest.mark.slow

SLICE = {"time": (Piece(start=2, stop=3),), "depth": (Piece(start=1, stop=2),)}
ACROSS = SLICE | {
    "longitude": (Piece(start=32, stop=36, shift=-360.0), Piece(start=0, stop=30, step=2)),
}
DOWN = ACROSS | {"latitude": (Piece(start=17, stop=4, step=-2),)}
LATITUDE, LONGITUDE = axis_of("latitude", (10, 20, 30)), axis_of("longitude", (1, 2, 3, 4))


def first(file: tifffile.TiffFile) -> Any:
    """Its one image; the library's own type says too little of it."""
    (page,) = file.pages
    return page


def items(page):
    """Metadata of GDAL: band number (None = the file's) -> name or role -> text."""
    found: dict[str | None, dict[str | None, str | None]] = {}
    for item in ET.fromstring(page.tags[42112].value):  # noqa: S314 -- our own
        key = item.get("role") or item.get("name")
        found.setdefault(item.get("sample"), {})[key] = item.text
    return found


@pytest.mark.parametrize("packing", ["keep", "decode"])
@pytest.mark.parametrize("taken", [SLICE, ACROSS, DOWN], ids=["whole", "across", "down"])
@pytest.mark.parametrize("name", ["thetao", "so"])
def test_values_are_those_of_netcdf_4(name, taken, packing, shelf, folder):
    order = Order(ocean(shelf), folder, taken, [name, "crs"], packing)
    path, with_data = order.made("geotiff")
    other, also_with_data = order.made("netcdf4")
    with xr.open_dataset(other, mask_and_scale=False) as wanted, tifffile.TiffFile(path) as file:
        expected = wanted[name][0, 0].sortby("latitude", ascending=False)
        page = first(file)
        found = page.asarray()
        assert found.dtype == expected.dtype
        assert np.array_equal(found, expected, equal_nan=found.dtype.kind == "f")
        width, height, _ = page.geotiff_tags["ModelPixelScale"]
        _, _, _, west, north, _ = page.geotiff_tags["ModelTiepoint"]
        rows, columns = np.arange(found.shape[0]), np.arange(found.shape[1])
        assert np.allclose(north - height * (rows + 0.5), expected["latitude"])
        if taken is SLICE:
            assert np.allclose(west + width * (columns + 0.5), expected["longitude"])
    assert with_data == also_with_data > 0


def test_tags_say_what_it_is(shelf, folder):
    path = Order(ocean(shelf), folder, SLICE, ["thetao", "crs"]).file("geotiff")
    with tifffile.TiffFile(path) as file:
        page = first(file)
        assert (page.compression.name, page.is_tiled, page.tile) == (
            "ADOBE_DEFLATE",
            True,
            (256, 256),
        )
        assert page.nodata == -32767
        assert page.tags["Copyright"].value == "CC-BY-4.0"
        assert page.description == "An ocean"
        keys = page.geotiff_tags
        assert (keys["GTModelTypeGeoKey"], keys["GTRasterTypeGeoKey"]) == (2, 1)
        assert keys["GeographicTypeGeoKey"] == 4326
        said = items(page)
        assert said[None]["atoll_request"] == '{"dataset":"ocean","format":"geotiff"}'
        assert said[None]["history"].endswith("made by hand")
        band = {"description": "thetao", "unittype": "degC", "scale": "0.001", "offset": "20.0"}
        assert said["0"] | band == said["0"]
        place = {"time": "2000-01-03T00:00:00Z", "depth": "10.0 m"}
        assert said["0"] | place == said["0"]
        assert said["0"]["standard_name"] == "sea_water_potential_temperature"
        # The directory is in front and tiles follow in order, as a COG has them.
        assert page.offset == 8
        offsets = page.dataoffsets
        assert list(offsets) == sorted(offsets)


def test_every_variable_is_a_band(shelf, folder):
    order = Order(ocean(shelf), folder, SLICE, ["thetao", "so", "crs"], "decode")
    path = order.file("geotiff")
    with tifffile.TiffFile(path) as file, xr.open_dataset(order.file("netcdf4")) as wanted:
        found = file.asarray()
        assert found.shape == (2, 20, 36)
        said = items(first(file))
        for number, name in enumerate(("thetao", "so")):
            expected = wanted[name][0, 0, ::-1].to_numpy()
            assert np.array_equal(found[number], expected, equal_nan=True)
            assert said[str(number)]["description"] == name
        assert np.isnan(first(file).nodata)


@pytest.mark.parametrize("kind", ["u1", "i1", "u2", "i2", "u4", "i4", "i8", "u8", "f4", "f8"])
def test_every_type_and_many_tiles(kind, shelf, folder, monkeypatch):
    monkeypatch.setattr(tiff, "TILE", 16)
    rng = np.random.default_rng(1)
    values = rng.integers(0, 256, (50, 61 * np.dtype(kind).itemsize), "u1").view(kind)
    fields = {"v": Field(("latitude", "longitude"), values, stored={"chunks": (7, 13)})}
    axes = [axis_of("latitude", np.linspace(60, 11, 50)), axis_of("longitude", range(61))]
    order = Order(publish(shelf, fields, axes), folder)
    path = order.file("geotiff", slab_bytes=1)
    found = tifffile.imread(path)
    assert found.dtype == np.dtype(kind)
    assert np.array_equal(found, values, equal_nan=kind[0] == "f")
    assert path.stat().st_size <= order.streamed("geotiff", *sources(order)).most_bytes


def sources(order):
    return order.dataset.written.sources, 8 * 2**20


def test_missing_values_are_the_one_that_is_no_data(shelf, folder):
    values = np.array([[1, -1, -2, 4]] * 3)
    floats = {"v": Field(("latitude", "longitude"), values.astype("f4"), {"_FillValue": -1.0})}
    integers = {
        "v": Field(
            ("latitude", "longitude"), values.astype("i2"), {"_FillValue": -1, "missing_value": -2}
        )
    }
    for fields, shown, no_data in (
        (floats, [1, np.nan, -2, 4], np.nan),
        (integers, [1, -1, -1, 4], -1),
    ):
        order = Order(publish(shelf, fields, [LATITUDE, LONGITUDE]), folder)
        with tifffile.TiffFile(order.file("geotiff")) as file:
            assert np.array_equal(file.asarray(), [shown] * 3, equal_nan=True)
            assert np.array_equal(first(file).nodata, no_data, equal_nan=True)


def test_no_band_has_no_data_where_none_is_said(shelf, folder):
    fields = {"v": Field(("latitude", "longitude"), np.zeros((3, 4), "i2"))}
    order = Order(publish(shelf, fields, [LATITUDE, LONGITUDE]), folder)
    with tifffile.TiffFile(order.file("geotiff")) as file:
        assert 42113 not in first(file).tags


def test_bits_are_shown_with_the_sign_that_they_have(shelf, folder):
    values = np.array([[1, -1, -2, 4]] * 3, "i2")
    said: Attributes = {"_Unsigned": "true", "_FillValue": -2}
    fields = {"v": Field(("latitude", "longitude"), values, said)}
    order = Order(publish(shelf, fields, [LATITUDE, LONGITUDE]), folder)
    with tifffile.TiffFile(order.file("geotiff")) as file:
        assert file.asarray()[0].tolist() == [1, 65535, 65534, 4]
        assert first(file).nodata == 65534


def test_a_single_cell_has_the_size_that_the_source_gives_it(shelf, folder):
    fields = {"v": Field(("latitude", "longitude"), np.arange(12.0).reshape(3, 4))}
    taken = {"latitude": (Piece(start=2, stop=3),), "longitude": (Piece(start=0, stop=1),)}
    order = Order(publish(shelf, fields, [LATITUDE, LONGITUDE]), folder, taken)
    with tifffile.TiffFile(order.file("geotiff")) as file:
        assert file.asarray().tolist() == [[8.0]]
        tags = first(file).geotiff_tags
        assert tags["ModelPixelScale"] == [1.0, 10.0, 0.0]
        assert tags["ModelTiepoint"] == [0.0, 0.0, 0.0, 0.5, 35.0, 0.0]


WKT = 'PROJCRS["polar",BASEGEOGCRS["WGS 84",ID["EPSG",4326]],ID["EPSG",3413]]'
GEOGRAPHIC = {
    "WGS 84 by name": ({}, {"GeographicTypeGeoKey": 4326}),
    "WGS 84 by numbers": (
        {"semi_major_axis": 6378137.0, "inverse_flattening": 298.257223563},
        {"GeographicTypeGeoKey": 4326},
    ),
    "a sphere": (
        {"earth_radius": 6371229.0},
        {"GeogSemiMajorAxisGeoKey": 6371229.0, "GeogSemiMinorAxisGeoKey": 6371229.0},
    ),
    "a sphere by its flattening": (
        {"semi_major_axis": 6371229.0, "inverse_flattening": 0.0},
        {"GeogSemiMajorAxisGeoKey": 6371229.0, "GeogSemiMinorAxisGeoKey": 6371229.0},
    ),
    "another ellipsoid": (
        {"semi_major_axis": 6378388, "inverse_flattening": 297.0},
        {"GeogSemiMajorAxisGeoKey": 6378388.0, "GeogInvFlatteningGeoKey": 297.0},
    ),
    "two axes": (
        {"semi_major_axis": 6378388, "semi_minor_axis": 6356911.9},
        {"GeogSemiMajorAxisGeoKey": 6378388.0, "GeogSemiMinorAxisGeoKey": 6356911.9},
    ),
    "a code": (
        {"crs_wkt": 'GEOGCRS["ETRS89",ID["EPSG",4258]]'},
        {"GTModelTypeGeoKey": 2, "GeographicTypeGeoKey": 4258},
    ),
}  # fmt: skip
PROJECTED = {
    "a code": ({"crs_wkt": WKT}, {"GTModelTypeGeoKey": 1, "ProjectedCSTypeGeoKey": 3413}),
    "a name": (
        {"grid_mapping_name": "polar_stereographic"},
        {"GTModelTypeGeoKey": 32767, "GTCitationGeoKey": "polar_stereographic"},
    ),
}


def keys(shelf, folder, said, axes):
    names = tuple(axis.name for axis in axes)
    fields = {
        "v": Field(names, np.zeros((3, 4)), {"grid_mapping": "crs"}, companions=("crs",)),
        "crs": Field((), np.array(0, "i4"), said, role="grid_mapping"),
    }
    order = Order(publish(shelf, fields, axes), folder)
    with tifffile.TiffFile(order.file("geotiff")) as file:
        return first(file).geotiff_tags


@pytest.mark.parametrize("case", GEOGRAPHIC)
def test_degrees_on_earth(case, shelf, folder):
    said, expected = GEOGRAPHIC[case]
    found = keys(shelf, folder, said, [LATITUDE, LONGITUDE])
    assert found | expected == found
    assert (found["GTModelTypeGeoKey"], found["GeogAngularUnitsGeoKey"]) == (2, 9102)


@pytest.mark.parametrize("case", PROJECTED)
def test_metres_on_a_plane(case, shelf, folder):
    said, expected = PROJECTED[case]
    axes = [
        axis_of("y", (1000, 2000, 3000), role="Y", units="m"),
        axis_of("x", (100, 200, 300, 400), role="X", units="m", wraps=False),
    ]
    found = keys(shelf, folder, said, axes)
    assert found | expected == found
    assert "GeographicTypeGeoKey" not in found


def test_bands_that_have_not_one_type_or_fill_value_are_refused(shelf, folder):
    def order(one, other, said):
        fields = {
            "v": Field(("latitude", "longitude"), np.zeros((3, 4), one), {"_FillValue": 1}),
            "w": Field(("latitude", "longitude"), np.zeros((3, 4), other), said),
        }
        return Order(publish(shelf, fields, [LATITUDE, LONGITUDE]), folder)

    with pytest.raises(FormatUnfit, match="one type of value, not several: v int16, w float32"):
        order("i2", "f4", {}).file("geotiff")
    for said in ({"_FillValue": 2}, {}):
        with pytest.raises(FormatUnfit, match="one fill value, not several"):
            order("i2", "i2", said).file("geotiff")


def test_a_2d_grid_is_no_raster(shelf, folder):
    with pytest.raises(FormatUnfit, match="tripolar has no axes of X and Y"):
        Order(curvilinear(shelf), folder).file("geotiff")


def test_a_file_beyond_4_gib_is_a_bigtiff(tmp_path):
    """Tiles of nothing on a disk that keeps none, and a last one that is read."""
    shape, dtype = (256, 256 * 5), np.dtype("u1")
    tile = np.arange(256 * 256, dtype="u1").reshape(256, 256)
    stored = zlib.compress(predicted(tile))
    sizes = [2**30, 2**30, 2**30, 2**30, len(stored)]
    head = front([*image_tags(shape, 1, dtype), Tag(270, 2, "large")], sizes)
    with (tmp_path / "a.tif").open("wb") as file:
        file.write(head)
        file.seek(sum(sizes[:-1]), 1)
        file.write(stored)
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        assert file.is_bigtiff
        page = first(file)
        file.filehandle.seek(page.dataoffsets[-1])
        segment, *_ = page.decode(file.filehandle.read(page.databytecounts[-1]), 4)
        assert np.array_equal(segment.squeeze(), tile)


@pytest.mark.parametrize("rising", [True, False])
def test_a_map_of_several_strips_is_north_up(rising, shelf, folder):
    """Rows of 256 at a time, of a source that has them either way."""
    north = np.linspace(-60, 60, 600)[:: 1 if rising else -1]
    values = np.arange(600 * 30, dtype="<i4").reshape(600, 30)
    field = Field(("latitude", "longitude"), values, stored={"chunks": (70, 30)})
    dataset = publish(
        shelf, {"a": field}, [axis_of("latitude", north), axis_of("longitude", range(30))]
    )
    path = Order(dataset, folder).file("geotiff", slab_bytes=1)
    with tifffile.TiffFile(path) as file:
        assert np.array_equal(first(file).asarray(), values[::-1] if rising else values)
