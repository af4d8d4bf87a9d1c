"""Requests as keys and values."""

import pytest

from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.kvp import LONGEST_QUERY, parse_query
from atoll.dialects.wcs.requests import (
    Cut,
    DescribeCoverage,
    GetCapabilities,
    GetCoverage,
    Scaling,
)
from tests.dialects.wcs.builders import query, told


def refused(text: str) -> tuple[str, str]:
    with pytest.raises(OwsException) as caught:
        parse_query(text)
    return told(caught.value)


def cuts(*subsets: str) -> tuple[Cut, ...]:
    asked = parse_query(query("a__b", *subsets))
    assert isinstance(asked, GetCoverage)
    return asked.cuts


def test_keys_have_letters_of_either_case_and_unknown_ones_are_ignored():
    text = "SERVICE=wcs&rEqUeSt=getcapabilities&timeSequence=None&subsettingcrs=&FORMAT=text/xml"
    assert parse_query(text) == GetCapabilities()


def test_capabilities_by_section_version_and_sequence():
    text = (
        "service=WCS&request=GetCapabilities&acceptVersions=3.0,2.0.1&sections=Contents,All"
        "&updateSequence=7&acceptFormats=application/xml,text/xml"
    )
    assert parse_query(text) == GetCapabilities(
        frozenset({"contents", "all"}), "7", ("application/xml", "text/xml")
    )


def test_coverages_to_be_described_are_a_list():
    text = "service=WCS&version=2.0.0&request=DescribeCoverage&coverageid=a__b, c__d"
    assert parse_query(text) == DescribeCoverage(("a__b", "c__d"))


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Long(-40,30)", Cut("Long", "-40", "30")),
        ("Long,http://www.opengis.net/def/crs/EPSG/0/4326(-40,30)",
         Cut("Long", "-40", "30", "http://www.opengis.net/def/crs/EPSG/0/4326")),
        ('time("2026-01-01T00:00:00Z")',
         Cut("time", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", is_slice=True)),
        ("time('2026-01-01','2026-01-02')", Cut("time", "2026-01-01", "2026-01-02")),
        ("time(2026-01-01,*)", Cut("time", "2026-01-01", None)),
        ('depth("100")', Cut("depth", "100", "100", is_slice=True)),
        (" Lat ( 1 , 2 ) ", Cut("Lat", "1", "2")),
        ("Lat , EPSG:4326 ( ' 1 ' , * ) ", Cut("Lat", "1", None, "EPSG:4326")),
    ],
)  # fmt: skip
def test_subsets(text, cut):
    assert cuts(text) == (cut,)


def test_subsets_come_repeated_and_numbered_as_gdal_sends_them():
    asked = parse_query(query("a__b", "Long(1,2)", SUBSET0='time("2026-01-01")', Subset1="Lat(3)"))
    assert isinstance(asked, GetCoverage)
    assert [cut.axis for cut in asked.cuts] == ["Long", "time", "Lat"]


@pytest.mark.parametrize(
    "text",
    ["Long", "Long()", "Long(1,2", "Long(1,2)x", "Long(1,2,3)", "(1,2)", "Long(1,)", 'Long("")',
     "Long(1)(2)", 'time("a)', "Long 1,2"],
)  # fmt: skip
def test_what_is_no_subset(text):
    assert refused(query("a__b", text)) == ("InvalidSubsetting", "subset")


BLANKS = " " * 50_000  # read in more ways than one, they would take hours


@pytest.mark.parametrize(
    "text",
    [f"Lat({BLANKS}", f"Lat,{BLANKS}", f"Lat(1,{BLANKS}'", f"Lat{BLANKS}", f"{BLANKS}Lat"],
)
def test_long_texts_are_read_in_one_go(text):
    assert refused(query("a__b", f"{text}x")) == ("InvalidSubsetting", "subset")


@pytest.mark.parametrize("text", [f"i({BLANKS}x,", f"i{BLANKS}", "i" * 50_000])
def test_long_scalings_are_read_in_one_go(text):
    assert refused(query("a__b", scaleSize=text)) == ("InvalidParameterValue", "scaleSize")


@pytest.mark.parametrize(
    ("said", "scaling"),
    [
        ({"scaleFactor": "0.5"}, Scaling("scaleFactor", (("*", "0.5"),))),
        ({"SCALESIZE": "i(20),j(10)"}, Scaling("scaleSize", (("i", "20"), ("j", "10")))),
        ({"scaleSize": "i( 20 ) , j(10)"}, Scaling("scaleSize", (("i", "20"), ("j", "10")))),
        ({"scaleAxes": "i(0.5)"}, Scaling("scaleAxes", (("i", "0.5"),))),
        ({"scaleExtent": "Long(0:19)"}, Scaling("scaleExtent", (("Long", "0:19"),))),
    ],
)
def test_scalings(said, scaling):
    asked = parse_query(query("a__b", **said))
    assert isinstance(asked, GetCoverage)
    assert asked.scaling == scaling


def test_range_subsets_are_names_and_runs_of_them():
    asked = parse_query(query("a__b", rangeSubset="a,b, c:e"))
    assert isinstance(asked, GetCoverage)
    assert asked.range_subset == (("a", "a"), ("b", "b"), ("c", "e"))


def test_methods_of_interpolation():
    said = {"interpolation": "x", "interpolationPerAxis": "Long,y,Lat,z"}
    asked = parse_query(query("a__b", **said))
    assert isinstance(asked, GetCoverage)
    assert asked.interpolations == ("x", "y", "z")


GET = "service=WCS&version=2.0.1&request=GetCoverage"
DESCRIBE = "service=WCS&version=2.0.1&request=DescribeCoverage"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ("MissingParameterValue", "service")),
        ("service=WMS&request=GetCapabilities", ("InvalidParameterValue", "service")),
        ("service=WCS", ("MissingParameterValue", "request")),
        ("service=WCS&request=GetMap", ("OperationNotSupported", "GetMap")),
        ("service=WCS&request=GetCapabilities&acceptVersions=1.0.0,1.1.2",
         ("VersionNegotiationFailed", "")),
        ("service=WCS&request=DescribeCoverage&coverageId=a", ("MissingParameterValue", "version")),
        ("service=WCS&version=1.0.0&request=GetCoverage&coverageId=a",
         ("InvalidParameterValue", "version")),
        (DESCRIBE, ("MissingParameterValue", "coverageId")),
        (f"{DESCRIBE}&coverageId=,", ("emptyCoverageIdList", "coverageId")),
        (f"{DESCRIBE}&coverageId=", ("emptyCoverageIdList", "coverageId")),
        (GET, ("MissingParameterValue", "coverageId")),
        (f"{GET}&coverageId=a&coverageid=b", ("InvalidParameterValue", "coverageId")),
        (f"{GET}&coverageId=a&scaleFactor=0.5&scaleSize=i(2)",
         ("InvalidParameterValue", "scaleSize")),
        (f"{GET}&coverageId=a&scaleSize=i", ("InvalidParameterValue", "scaleSize")),
        (f"{GET}&coverageId=a&scaleSize=i(2),", ("InvalidParameterValue", "scaleSize")),
        (f"{GET}&coverageId=a&scaleAxes=i(2)x(3)", ("InvalidParameterValue", "scaleAxes")),
        (f"{GET}&coverageId=%FF", ("InvalidParameterValue", "query")),
        (f"{GET}&" + "a=1&" * 1001, ("InvalidParameterValue", "query")),
        ("a" * (LONGEST_QUERY + 1), ("InvalidParameterValue", "query")),
    ],
)  # fmt: skip
def test_what_is_no_request(text, expected):
    assert refused(text) == expected
