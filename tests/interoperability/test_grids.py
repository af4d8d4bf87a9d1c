"""CDO and GDAL know where and when: grid, levels, times, names, statistics, georeference."""

import json
import re

import numpy as np
import pytest

from tests.interoperability.cases import CASES
from tests.interoperability.tools import cdo, gdalinfo, warnings_of

NETCDF = ("netcdf4", "netcdf3")
# Cell centres: first, last and step of columns from the west, of rows from the north.
REGULAR = {
    "levitus-climatology": ((-39.5, 29.5, 1.0), (59.5, 30.5, -1.0)),
    "navy-winds": ((-40.0, 30.0, 2.5), (60.0, 0.0, -2.5)),
    "packed": ((-75.0, 75.0, 30.0), (60.0, -60.0, -60.0)),
}
# Standard names, units, levels, first and last time: from products and sources, by hand.
SAID = {
    "levitus-climatology": (
        "sea_water_temperature sea_water_salinity", "degree_C 1e-3",
        "0 10 20 30 50 75 100 150 200 300 400 0 10 20 30 50 75 100 150 200 300 400", (),
    ),
    "navy-winds": ("eastward_wind northward_wind", "m s-1 m s-1", "0 0",
                   ("1983-01-17T02:00:00", "1984-12-17T03:30:00")),
    "nemo": ("sea_surface_temperature", "degree_C", "0",
             ("2015-01-16T00:00:00", "2015-03-16T00:00:00")),
    "ostia": ("surface_temperature", "K", "0", ("2007-01-16T12:00:00", "2007-12-16T12:00:00")),
    "cmip6": ("air_temperature", "K", "100000 85000",
              ("2000-12-01T12:00:00", "2001-01-31T12:00:00")),
    "packed": ("eastward_wind", "m s-1", "0", ("2020-01-01T00:00:00", "2020-01-04T00:00:00")),
}  # fmt: skip

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
every_form = pytest.mark.parametrize("form", NETCDF)
regular_cases = pytest.mark.parametrize(
    "case", [case for case in CASES if case.name in REGULAR], ids=lambda case: case.name
)


@every_form
@every_case
def test_cdo_finds_the_statistics_of_the_source(shop, case, form):
    """Of each map: missing cells, least, mean and greatest value; CDO prints five digits."""
    path = shop.result(case, form)
    for name, wanted in shop.wanted(case).items():
        report = cdo("infon", f"-selname,{name}", path).splitlines()
        lines = [line for line in report if "Parameter name" not in line]
        maps = wanted.reshape(-1, wanted.shape[-2] * wanted.shape[-1])
        assert len(lines) == len(maps)
        for line, cells in zip(lines, maps, strict=True):
            _, place, statistics, named = line.split(" : ")
            cell_count, missing = map(int, place.split()[-2:])
            assert (named.strip(), cell_count) == (name, cells.size)
            assert missing == np.ma.count_masked(cells)
            expected = (cells.min(), cells.mean(), cells.max())
            found = [float(word) for word in statistics.removeprefix(":").split()]
            np.testing.assert_allclose(found, expected, rtol=1e-4)


@every_form
@every_case
def test_cdo_finds_names_units_levels_and_times(shop, case, form):
    path = shop.result(case, form)
    names, units, levels, times = SAID[case.name]
    for verb, said in (("showstdname", names), ("showunit", units), ("showlevel", levels)):
        assert cdo(verb, path).split() == said.split()
    if times:
        found = cdo("showtimestamp", path).split()
        assert (found[0], found[-1]) == times


@every_form
@every_case
def test_cdo_complains_of_no_more_than_of_the_source(shop, case, form):
    complaints = warnings_of("cdo", "-s", "sinfon", shop.result(case, form))
    assert complaints <= {one for path in shop.sources(case)
                          for one in warnings_of("cdo", "-s", "sinfon", path)}  # fmt: skip


@every_form
@regular_cases
def test_cdo_finds_the_grid(shop, case, form):
    found = dict(
        line.split("=", 1) for line in cdo("griddes", shop.result(case, form)).splitlines()
        if "=" in line
    )  # fmt: skip
    grid = {name.strip(): value.strip() for name, value in found.items()}
    (west, east, step), (north, south, _) = REGULAR[case.name]
    assert grid["gridtype"] == "lonlat"
    assert (float(grid["xfirst"]), float(grid["xinc"])) == (west, step)
    assert int(grid["xsize"]) == round((east - west) / step) + 1
    assert {float(grid["yfirst"]), float(grid["yfirst"]) + float(grid["yinc"])
            * (int(grid["ysize"]) - 1)} == {north, south}  # fmt: skip


@every_form
def test_cdo_finds_a_2d_grid(shop, form):
    (case,) = (case for case in CASES if case.name == "nemo")
    described = cdo("griddes", shop.result(case, form))
    assert "gridtype  = curvilinear" in described
    assert "xvals" in described
    assert "xbounds" in described


@every_form
@regular_cases
def test_gdal_puts_the_grid_where_it_is(shop, case, form):
    (west, east, column_step), (north, south, row_step) = REGULAR[case.name]
    path = shop.result(case, form)
    for name in case.variables:
        told = json.loads(gdalinfo("-json", f'NETCDF:"{path}":{name}'))
        assert told["geoTransform"] == [
            west - column_step / 2, column_step, 0, north - row_step / 2, 0, row_step]  # fmt: skip
        columns, rows = (east - west) / column_step, (south - north) / row_step
        assert told["size"] == [round(columns) + 1, round(rows) + 1]


@every_form
def test_gdal_finds_the_shape_of_the_earth(shop, form):
    for case in CASES:
        if case.name in {"ostia", "packed"}:
            (variable,) = case.variables
            told = json.loads(gdalinfo("-json", f'NETCDF:"{shop.result(case, form)}":{variable}'))
            (radius_m,) = re.findall(r"ELLIPSOID\[\"\w+\",(\d+),0", told["coordinateSystem"]["wkt"])
            assert int(radius_m) == 6371229
