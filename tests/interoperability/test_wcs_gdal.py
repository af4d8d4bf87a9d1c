"""GDAL reads our coverages as those of any WCS, and finds the values of the source.

GDAL asks for no band of a coverage with a third axis unless it is told where to slice it
(`-oo Subset=`), whatever the service would deliver by itself.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import netCDF4
import numpy as np
import pytest

from tests.interoperability.cases import CASES, PRODUCTS, decoded
from tests.interoperability.readers import bands_by_gdal
from tests.interoperability.tools import gdal_translate, gdalinfo
from tests.interoperability.wcs_unit import Unit, serving
from tests.publication.builders import DATA, LEVITUS, NAVY, plain, product

ETOPO = DATA / "ferret/etopo60.cdf"
LEVITUS_100_M = ("-oo", "Subset=depth(100)")
NAVY_1983 = ("-oo", 'Subset=time("1983-01-17T02:00:00Z")')


def twelfths(path: Path) -> Path:
    """A map of twelfths of a degree in double precision, whose ends no short decimal is."""
    return mapped(path, (np.arange(240) + 0.5) / 12 - 80, (np.arange(360) + 0.5) / 12)


def closed(path: Path) -> Path:
    """A map whose first and last rows are poles, and whose first meridian is its last again."""
    return mapped(path, np.linspace(90, -90, 181), np.arange(361.0))


def mapped(path: Path, rows: np.ndarray, columns: np.ndarray) -> Path:
    """A map of these nodes, each value of it another one."""
    with netCDF4.Dataset(path, "w") as file:
        file.Conventions = "CF-1.11"
        for name, values, units in (("latitude", rows, "degrees_north"),
                                    ("longitude", columns, "degrees_east")):  # fmt: skip
            file.createDimension(name, len(values))
            file.createVariable(name, "f8", (name,)).setncatts(
                {"standard_name": name, "units": units}
            )
            file[name][:] = values
        file.createVariable("v", "f4", ("latitude", "longitude")).units = "K"
        file["v"][:] = np.arange(rows.size * columns.size).reshape(rows.size, columns.size)
    return path


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    folder = tmp_path_factory.mktemp("gdal")
    made = Unit(folder)
    for case in CASES:
        if case.name in ("levitus-climatology", "navy-winds", "packed"):
            (folder / case.name).mkdir()
            files = list(case.files(folder / case.name))
            made.bench.publish(files, PRODUCTS[case.name], case.name)
    made.bench.publish([ETOPO], product("etopo"), "etopo")
    for one in (twelfths, closed):
        file = one(folder / f"{one.__name__}.nc")
        made.bench.publish([file], plain(id=one.__name__), one.__name__)
    with serving(made) as served:
        yield served


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GDAL keeps capabilities and descriptions in the home folder."""
    monkeypatch.setenv("HOME", str(tmp_path))


def source(unit: Unit, coverage: str) -> str:
    return f"WCS:{unit.url}/wcs?coverage={coverage}"


def copied(unit: Unit, coverage: str, tmp_path: Path, *options: object) -> Path:
    target = tmp_path / "copy.tif"
    gdal_translate(source(unit, coverage), target, *options)
    return target


def levitus(rows: slice, columns: slice) -> np.ma.MaskedArray:
    """Temperatures at 100 m, which is the seventh level, north up."""
    return decoded(LEVITUS, "TEMP")[6, ::-1][rows, columns]


def same(found: np.ma.MaskedArray, wanted: np.ma.MaskedArray) -> None:
    assert np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(wanted))
    np.testing.assert_allclose(found.compressed(), wanted.compressed(), 1e-6, 1e-6)
    assert wanted.count() > 0


def test_the_coverage_is_described_as_a_map(unit):
    told = json.loads(gdalinfo("-json", *LEVITUS_100_M, source(unit, "levitus-climatology__TEMP")))
    assert told["size"] == [360, 180]
    assert told["geoTransform"] == [20, 1, 0, 90, 0, -1]
    assert 'ID["EPSG",4326]' in told["coordinateSystem"]["wkt"]
    assert [band["type"] for band in told["bands"]] == ["Float32"]
    assert told["metadata"][""]["FIELD_1_NAME"] == "TEMP"


def test_times_are_told_as_the_third_axis(unit):
    told = json.loads(gdalinfo("-json", source(unit, "navy-winds__UWND")))["metadata"][""]
    assert told["DIMENSION_2_AXIS"] == "time"
    assert told["DIMENSION_2_INTERVAL"] == "1982-01-16T20:00:00Z,1992-12-17T03:30:00Z"
    assert told["DOMAIN"] == "Long,Lat"


def test_a_window_has_the_values_of_the_source(unit, tmp_path):
    window = ("-projwin", 320, 60, 380, 30)
    path = copied(unit, "levitus-climatology__TEMP", tmp_path, *LEVITUS_100_M, *window)
    same(bands_by_gdal(path)[0], levitus(slice(30, 60), slice(300, 360)))
    assert json.loads(gdalinfo("-json", path))["geoTransform"] == [320, 1, 0, 60, 0, -1]


def test_every_second_node_is_taken_for_half_the_size(unit, tmp_path):
    size = ("-outsize", 180, 90)
    path = copied(unit, "levitus-climatology__TEMP", tmp_path, *LEVITUS_100_M, *size)
    # Counted from the south, as it is stored.
    wanted = decoded(LEVITUS, "TEMP")[6, ::2, ::2][::-1]
    same(bands_by_gdal(path)[0], wanted)
    assert any("SCALESIZE=i%28180%29,j%2890%29" in query for query in unit.queries)


def test_a_time_is_chosen(unit, tmp_path):
    path = copied(unit, "navy-winds__UWND", tmp_path, *NAVY_1983)
    same(bands_by_gdal(path)[0], decoded(NAVY, "UWND")[12, ::-1])


def test_packed_values_arrive_physical(unit, tmp_path):
    path = copied(unit, "packed__u10", tmp_path, "-oo", 'Subset=time("2020-01-02")')
    (file,) = (unit.folder / "packed").glob("*.nc")
    same(bands_by_gdal(path)[0], decoded(file, "u10")[1])


def test_a_coverage_without_further_axes_needs_no_option(unit, tmp_path):
    path = copied(unit, "etopo__ROSE", tmp_path)
    same(bands_by_gdal(path)[0], decoded(ETOPO, "ROSE")[::-1])


def test_no_row_is_lost_where_a_bound_has_more_digits_than_are_shown(unit, tmp_path):
    """GDAL sends back the corners that it was told."""
    path = copied(unit, "twelfths__v", tmp_path)
    same(bands_by_gdal(path)[0], decoded(unit.folder / "twelfths.nc", "v")[::-1])


def test_a_single_cell_is_a_map_too(unit, tmp_path):
    window = ("-srcwin", 100, 40, 1, 1)
    path = copied(unit, "etopo__ROSE", tmp_path, *window)
    assert bands_by_gdal(path).tolist() == [[[decoded(ETOPO, "ROSE")[::-1][40, 100]]]]


def test_a_map_that_ends_where_it_begins_has_all_its_columns(unit, tmp_path):
    path = copied(unit, "closed__v", tmp_path)
    same(bands_by_gdal(path)[0], decoded(unit.folder / "closed.nc", "v"))


@pytest.mark.parametrize(("size", "step"), [((181, 91), 2), ((180, 90), 2), ((90, 45), 4)])
def test_an_odd_number_of_nodes_is_halved_as_gdal_rounds_it(unit, tmp_path, size, step):
    path = copied(unit, "closed__v", tmp_path, "-outsize", *size)
    wanted = decoded(unit.folder / "closed.nc", "v")[::step, ::step]
    same(bands_by_gdal(path)[0], wanted[: size[1], : size[0]])
