"""OWSLib reads capabilities, descriptions and coverages; values are those of the source."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path

import netCDF4
import numpy as np
import pytest
import requests
import xarray as xr
from lxml import etree
from owslib.util import ServiceException
from owslib.wcs import WebCoverageService

from tests.interoperability.cases import decoded
from tests.interoperability.wcs_unit import Unit, serving
from tests.publication.builders import LEVITUS, NAVY, product

TEMP, UWND = "levitus-climatology__TEMP", "navy-winds__UWND"


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    made = Unit(tmp_path_factory.mktemp("owslib"))
    made.bench.publish([LEVITUS], product("levitus-climatology"), "levitus-climatology")
    made.bench.publish([NAVY], product("navy-winds"), "navy-winds")
    with serving(made) as served:
        yield served


@pytest.fixture(params=["/wcs", "/motu-web/wcs"])
def service(request, unit):
    return WebCoverageService(f"{unit.url}{request.param}", version="2.0.1")


def got(service, tmp_path: Path, name: str, **asked: object) -> Path:
    """The coverage, as a file."""
    answer = service.getCoverage(identifier=name, format="application/netcdf", **asked)
    path = tmp_path / "coverage.nc"
    path.write_bytes(answer.read())
    return path


def test_capabilities_are_understood(service, unit):
    assert service.identification.version == "2.0.1"
    assert service.provider.name == "test unit"
    assert set(service.contents) == {
        TEMP, "levitus-climatology__SALT", UWND, "navy-winds__VWND"}  # fmt: skip
    methods = {op.name: [one["type"] for one in op.methods] for op in service.operations}
    assert set(methods) == {"GetCapabilities", "DescribeCoverage", "GetCoverage"}
    assert all(ways == ["Get", "Post"] for ways in methods.values())
    urls = {one["url"] for op in service.operations for one in op.methods}
    assert {url.rstrip("?") for url in urls} <= {f"{unit.url}/wcs", f"{unit.url}/motu-web/wcs"}


def test_a_coverage_is_described(service):
    coverage = service.contents[TEMP]
    assert [one["bbox"] for one in coverage.boundingboxes] == [(-89.5, 20.5, 89.5, 379.5)]
    assert coverage.supportedFormats == ["application/netcdf", "image/tiff"]
    assert coverage.grid.axislabels == ["i", "j"]
    assert coverage.grid.highlimits == ["359", "179"]
    assert coverage.grid.origin == ["89.5", "20.5"]


def test_a_trimmed_coverage_crosses_the_seam(service, tmp_path):
    box = [("Long", -40, 30), ("Lat", 30, 60), ("depth", 0, 500)]
    path = got(service, tmp_path, TEMP, subsets=box)
    columns = [*range(300, 360), *range(10)]
    wanted = decoded(LEVITUS, "TEMP")[:11, 120:150][..., columns]
    found = decoded(path, "TEMP")
    assert np.array_equal(np.ma.getmaskarray(found), np.ma.getmaskarray(wanted))
    assert np.array_equal(found.compressed(), wanted.compressed())
    with xr.open_dataset(path) as opened:
        (name,) = opened["TEMP"].dims[-1:]
        assert np.array_equal(opened[name], np.arange(-39.5, 30))


def test_a_scaled_coverage_has_every_third_node(service, tmp_path):
    cut = [("time", "1983-01-17T02:00:00Z"), ("Lat", 0, 60), ("Long", 20, 377.5)]
    path = got(service, tmp_path, UWND, subsets=cut, scalesize="i(48),j(9)")
    wanted = decoded(NAVY, "UWND")[12:13, 36:61:3, ::3]
    assert np.array_equal(decoded(path, "UWND"), wanted)


def test_times_are_trimmed(service, tmp_path):
    cut = [("time", "1983-01-01", "1983-12-31"), ("Lat", 0, 10), ("Long", 20, 40)]
    path = got(service, tmp_path, UWND, subsets=cut)
    assert np.array_equal(decoded(path, "UWND"), decoded(NAVY, "UWND")[12:24, 36:41, :9])


def test_without_a_cut_the_last_time_and_the_top_are_delivered(service, tmp_path):
    path = got(service, tmp_path, UWND)
    assert np.array_equal(decoded(path, "UWND"), decoded(NAVY, "UWND")[-1:])
    assert np.ma.allequal(
        decoded(got(service, tmp_path, TEMP), "TEMP"), decoded(LEVITUS, "TEMP")[:1]
    )


def test_a_refusal_is_an_exception_of_the_client(service, tmp_path):
    with pytest.raises((ServiceException, requests.HTTPError)):
        got(service, tmp_path, TEMP, subsets=[("Lat", 95, 96)])


def test_a_coverage_above_the_limit_is_a_redirect_to_its_file(unit, tmp_path):
    """All months: the client follows to the file itself."""
    asked = f"{unit.url}/wcs?service=WCS&version=2.0.1&request=GetCoverage&coverageId={UWND}"
    answer = requests.get(f"{asked}&subset=time(*,*)", timeout=60)
    assert [one.status_code for one in answer.history] == [303]
    path = tmp_path / "whole.nc"
    path.write_bytes(answer.content)
    assert np.array_equal(decoded(path, "UWND"), decoded(NAVY, "UWND"))


def test_a_message_of_two_parts_has_the_description_first(unit, tmp_path):
    asked = (
        f"{unit.url}/wcs?service=WCS&version=2.0.1&request=GetCoverage&coverageId={UWND}"
        "&subset=Lat(0,10)&subset=Long(350,370)&mediaType=multipart/related"
    )
    answer = requests.get(asked, timeout=60)
    kind = answer.headers["content-type"].encode()
    message = message_from_bytes(
        b"Content-Type: " + kind + b"\r\n\r\n" + answer.content, policy=HTTP
    )
    gml, file = message.iter_parts()
    root = etree.fromstring(gml.get_content())
    assert gml.get_content_type() == "application/gml+xml"
    assert root.findtext(".//{*}fileReference") == f"cid:{file['content-id'].strip('<>')}"
    assert root.findtext(".//{*}high") == "8 4"
    assert root.findtext(".//{*}lowerCorner") == "0 350"
    path = tmp_path / "part.nc"
    path.write_bytes(file.get_content())
    with netCDF4.Dataset(path) as opened:
        assert opened["UWND"].shape == (1, 5, 9)
