"""GDAL finds in a GeoTIFF the bands, the values and the place of a map; north is up."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from atoll.model.request import Interval
from tests.interoperability.cases import CASES, dates
from tests.interoperability.readers import bands_by_gdal
from tests.interoperability.test_grids import REGULAR
from tests.interoperability.tools import gdalinfo

# One map of a case: what is asked for besides, and which one it is of the case's own.
MAPS: dict[str, tuple[dict[str, Any], int]] = {
    "levitus-climatology": ({"depth": Interval(lower=100, upper=100)}, 6),
    "navy-winds": ({"time": dates((1983, 3, 1), (1983, 3, 31))}, 2),
    "ostia": ({"time": dates((2007, 3, 1), (2007, 3, 31))}, 2),
    "packed": ({"time": dates((2020, 1, 2), (2020, 1, 2))}, 1),
}
NORTH_UP = ("packed",)  # in their sources already


def ordered_map(shop, name):
    """The file, and the values that its bands must have."""
    (case,) = (case for case in CASES if case.name == name)
    asked, step = MAPS[name]
    path = shop.result(replace(case, request={**case.request, **asked}), "geotiff")
    maps = [values[step] for values in shop.wanted(case).values()]
    return path, np.ma.stack([one if name in NORTH_UP else one[::-1] for one in maps])


@pytest.mark.parametrize("name", MAPS)
def test_gdal_finds_the_values_of_every_band(shop, name):
    path, wanted = ordered_map(shop, name)
    found = bands_by_gdal(path)
    assert np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(wanted))
    np.testing.assert_allclose(found.compressed(), wanted.compressed(), 1e-6, 1e-6)
    assert wanted.count() > 0


@pytest.mark.parametrize("name", REGULAR)
def test_gdal_puts_the_map_where_it_is(shop, name):
    path, _ = ordered_map(shop, name)
    (west, _, column_step), (north, _, row_step) = REGULAR[name]
    told = json.loads(gdalinfo("-json", path))
    assert told["geoTransform"] == [
        west - column_step / 2, column_step, 0, north - row_step / 2, 0, row_step]  # fmt: skip


def test_gdal_names_the_bands_and_their_units(shop):
    path, _ = ordered_map(shop, "levitus-climatology")
    told = json.loads(gdalinfo("-json", path))
    assert [(band["description"], band["unit"]) for band in told["bands"]] == [
        ("TEMP", "degree_C"), ("SALT", "1e-3")]  # fmt: skip
    assert told["metadata"][""]["atoll_dataset"] == "levitus-climatology"


@pytest.mark.parametrize("name", ["ostia", "packed"])
def test_gdal_finds_the_shape_of_the_earth(shop, name):
    path, _ = ordered_map(shop, name)
    assert "6371229,0" in json.loads(gdalinfo("-json", path))["coordinateSystem"]["wkt"]


@pytest.mark.parametrize("name", ["levitus-climatology", "navy-winds"])
def test_a_map_that_does_not_tell_its_earth_is_of_wgs_84(shop, name):
    path, _ = ordered_map(shop, name)
    assert 'ID["EPSG",4326]' in json.loads(gdalinfo("-json", path))["coordinateSystem"]["wkt"]
