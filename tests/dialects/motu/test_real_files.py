"""Real files, published and described, against what netCDF4 and cftime read from them."""

from datetime import datetime
from typing import Any

import cftime
import netCDF4
import numpy as np
import pytest
from lxml import etree

from atoll.dialects.motu.describe_coverage import render_coverage
from atoll.dialects.motu.product import render_product
from atoll.dialects.motu.time_coverage import render_time_coverage
from tests.dialects.motu.test_periods import expanded
from tests.publication.builders import CMIP6, DATA, LEVITUS, NAVY, NEMO, Bench, product

pytestmark = pytest.mark.slow

# Of each file: its product, and the names of its X, Y, Z and T.
FILES: dict[str, tuple[Any, str, dict[str, str]]] = {
    "levitus": (LEVITUS, "levitus-climatology",
                {"Lon": "XAXLEVITR", "Lat": "YAXLEVITR", "Height": "ZAXLEVITR"}),
    "navy": (NAVY, "navy-winds", {"Lon": "FNOCX", "Lat": "FNOCY", "Time": "TIME"}),
    "cmip6": (CMIP6[0], "cmip6", {"Lon": "lon", "Lat": "lat", "Height": "plev", "Time": "time"}),
    "ostia": (DATA / "iris/ostia_monthly.nc", "ostia",
              {"Lon": "longitude", "Lat": "latitude", "Time": "time"}),
    "coads": (DATA / "ferret/coads_sst.cdf", "coads",
              {"Lon": "COADSX", "Lat": "COADSY", "Time": "TIME"}),
    "etopo": (DATA / "ferret/etopo60.cdf", "etopo", {"Lon": "ETOPO60X", "Lat": "ETOPO60Y"}),
    "nemo": (NEMO[0], "nemo",
             {"Lon": "nav_lon", "Lat": "nav_lat", "Time": "time_centered"}),
}  # fmt: skip
DATA_VARIABLES = {"levitus": ["SALT", "TEMP"], "navy": ["UWND", "VWND"], "cmip6": ["ta"],
                  "ostia": ["surface_temperature"], "coads": ["SST"], "etopo": ["ROSE"],
                  "nemo": ["tos"]}  # fmt: skip


@pytest.fixture(scope="module")
def coverages(tmp_path_factory):
    benches = {name: Bench(tmp_path_factory.mktemp(name)) for name in FILES}
    return {
        name: benches[name].publish([path], product(described), name)
        for name, (path, described, _) in FILES.items()
    }


def source(name, axis):
    """Values and units of the file's own variable."""
    path, _, names = FILES[name]
    with netCDF4.Dataset(path) as dataset:
        variable = dataset[names[axis]]
        variable.set_auto_maskandscale(False)
        return np.asarray(variable[:], "f8"), getattr(variable, "units", "")


def moments(name, calendar):
    values, units = source(name, "Time")
    found = cftime.num2date(values, units, calendar)
    return [datetime.fromisoformat(f"{one.isoformat()}+00:00") for one in found]


def told(coverages, name) -> Any:
    return etree.fromstring(render_product(coverages[name], "https://unit.test/").encode())


@pytest.mark.parametrize("name", FILES)
def test_variables(coverages, name):
    found = [one.get("name") for one in told(coverages, name).find("variables")]
    assert found == DATA_VARIABLES[name]


@pytest.mark.parametrize("name", FILES)
def test_axes_reach_as_far_as_the_files(coverages, name):
    axes = {one.get("axisType"): one for one in told(coverages, name).iter("axis")}
    for kind in FILES[name][2]:
        values, _ = source(name, kind)
        ends = [float(axes[kind].get("lower")), float(axes[kind].get("upper"))]
        if name == "nemo" and kind != "Time":
            continue  # below
        assert ends == pytest.approx([values.min(), values.max()], abs=5e-6)
    assert axes.keys() - {"GeoX", "GeoY"} == FILES[name][2].keys()


@pytest.mark.parametrize("name", FILES)
def test_the_box_of_all_documents_is_the_files(coverages, name):
    extent = told(coverages, name).find("geospatialCoverage")
    short: Any = etree.fromstring(render_coverage(coverages[name]).encode())
    lon, lat = short.find("boundingBox")
    assert (lon.get("min"), lon.get("max")) == (extent.get("west"), extent.get("east"))
    values, _ = source(name, "Lat")
    bounds = [float(lat.get("min")), float(lat.get("max"))]
    assert bounds == pytest.approx([values.min(), values.max()], abs=3e-4)
    assert bounds == [float(extent.get("south")), float(extent.get("north"))]


def test_a_2d_grid_holds_all_its_cells(coverages):
    extent = told(coverages, "nemo").find("geospatialCoverage")
    longitudes, _ = source("nemo", "Lon")
    west, east = float(extent.get("west")), float(extent.get("east"))
    assert ((longitudes - west) % 360 <= east - west + 1e-9).all()
    assert (west, east) == (-180, 180)


def test_depths_are_the_files(coverages):
    values, _ = source("levitus", "Height")
    depths = told(coverages, "levitus").find("availableDepths").text.split(";")
    assert [float(depth) for depth in depths] == list(values)
    assert all(len(depth.partition(".")[2]) == 5 for depth in depths)


def test_pressures_stay_pressures(coverages):
    values, units = source("cmip6", "Height")
    one = told(coverages, "cmip6")
    listed = [float(text) for text in one.find("availableDepths").text.split(";")]
    assert listed == sorted(values)
    assert one.find("geospatialCoverage").get("depthUnits") == units == "Pa"


@pytest.mark.parametrize(
    ("name", "calendar"), [("navy", "standard"), ("ostia", "standard"), ("nemo", "360_day")]
)
def test_every_time_is_told(coverages, name, calendar):
    one, expected = told(coverages, name), moments(name, calendar)
    assert expanded(one.find("availableTimes").text) == expected
    alone: Any = etree.fromstring(render_time_coverage(coverages[name]).encode())
    for span in (one.find("timeCoverage"), alone):
        ends = [span.get("start"), span.get("end")]
        assert [datetime.fromisoformat(end) for end in ends] == [expected[0], expected[-1]]


def test_a_year_of_365_days_has_the_files_own_dates(coverages):
    times = told(coverages, "cmip6").find("timeCoverage")
    first, *_, last = moments("cmip6", "noleap")
    assert datetime.fromisoformat(times.get("start")) == first
    assert datetime.fromisoformat(times.get("end")) == last
    text = told(coverages, "cmip6").find("availableTimes").text
    assert text == "1991-01-01T12:00:00Z/2000-12-31T12:00:00Z/P1D"


def test_a_climatology_has_its_numbers(coverages):
    one = told(coverages, "coads")
    assert dict(one.find("timeCoverage").attrib) == {"code": "0", "msg": "OK"}
    values, _ = source("coads", "Time")
    first, *_ = one.find("availableTimes").text.split("/")
    assert float(first) == values[0]


def test_the_time_axis_counts_as_the_file_does(coverages):
    """Users hand these very attributes to cftime."""
    axis = told(coverages, "navy").find("dataGeospatialCoverage/axis[@axisType='Time']")
    ends = cftime.num2date([float(axis.get("lower")), float(axis.get("upper"))], axis.get("units"))
    expected = moments("navy", "standard")
    assert [one.isoformat() for one in ends] == [
        expected[0].replace(tzinfo=None).isoformat(), expected[-1].replace(tzinfo=None).isoformat()
    ]  # fmt: skip
