"""Requests that another library writes mean to us what they mean to it."""

import pytest
from ows.wcs.v20 import encoders, types

from atoll.dialects.wcs.kvp import parse_query
from atoll.dialects.wcs.post import parse_post
from atoll.dialects.wcs.requests import (
    Cut,
    DescribeCoverage,
    GetCoverage,
    Scaling,
)

ASKED = types.GetCoverageRequest(
    coverage_id="sea__thetao",
    format="image/tiff",
    mediatype="multipart/related",
    subsetting_crs="http://www.opengis.net/def/crs/EPSG/0/4326",
    output_crs="http://www.opengis.net/def/crs/EPSG/0/4326",
    subsets=[
        types.Trim("Long", -40.0, 30.0),
        types.Trim("depth", None, 500.0),
        types.Slice("time", "2026-01-01T00:00:00Z"),
    ],
    scales=[types.ScaleSize("i", 20), types.ScaleSize("j", 10)],
    interpolation="http://www.opengis.net/def/interpolation/OGC/1/nearest-neighbor",
)
MEANT = GetCoverage(
    coverage_id="sea__thetao",
    cuts=(
        Cut("Long", "-40.0", "30.0"),
        Cut("depth", None, "500.0"),
        Cut("time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", is_slice=True),
    ),
    scaling=Scaling("scaleSize", (("i", "20"), ("j", "10"))),
    interpolations=("http://www.opengis.net/def/interpolation/OGC/1/nearest-neighbor",),
    format="image/tiff",
    media_type="multipart/related",
    subsetting_crs="http://www.opengis.net/def/crs/EPSG/0/4326",
    output_crs="http://www.opengis.net/def/crs/EPSG/0/4326",
)


@pytest.mark.parametrize(
    ("scales", "factor", "meant"),
    [
        ([types.ScaleSize("i", 20)], None, Scaling("scaleSize", (("i", "20"),))),
        ([types.ScaleAxis("i", 0.5)], None, Scaling("scaleAxes", (("i", "0.5"),))),
        ([types.ScaleExtent("i", 0, 9)], None, Scaling("scaleExtent", (("i", "0:9"),))),
        ([], 0.5, Scaling("scaleFactor", (("*", "0.5"),))),
    ],
)
def test_scalings_are_told_alike_in_both_ways(scales, factor, meant):
    asked = types.GetCoverageRequest("sea__thetao", scales=scales, scalefactor=factor)
    expected = GetCoverage("sea__thetao", scaling=meant)
    assert parse_query(encoders.kvp_encode_get_coverage(asked).value) == expected
    assert parse_post(encoders.xml_encode_get_coverage(asked).value) == expected


def test_a_coverage_is_asked_for_by_keys_and_values():
    text = encoders.kvp_encode_get_coverage(ASKED).value
    assert parse_query(text) == MEANT


def test_a_coverage_is_asked_for_by_xml():
    assert parse_post(encoders.xml_encode_get_coverage(ASKED).value) == MEANT


def test_descriptions_are_asked_for_in_both_ways():
    asked = types.DescribeCoverageRequest(["a__b", "c__d"])
    expected = DescribeCoverage(("a__b", "c__d"))
    assert parse_query(encoders.kvp_encode_describe_coverage(asked).value) == expected
    assert parse_post(encoders.xml_encode_describe_coverage(asked).value) == expected
