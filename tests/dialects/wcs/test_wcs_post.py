"""Requests as XML; and documents that would harm whoever reads them."""

import pytest

from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.post import LONGEST_BODY_BYTES, parse_post
from atoll.dialects.wcs.requests import (
    Cut,
    DescribeCoverage,
    GetCapabilities,
    GetCoverage,
    Scaling,
)
from atoll.errors import RequestTooLong
from tests.dialects.wcs.builders import told

NAMESPACES = (
    'xmlns:wcs="http://www.opengis.net/wcs/2.0" xmlns:ows="http://www.opengis.net/ows/2.0" '
    'xmlns:crs="http://www.opengis.net/wcs/crs/1.0" '
    'xmlns:rsub="http://www.opengis.net/wcs/range-subsetting/1.0" '
    'xmlns:int="http://www.opengis.net/wcs/interpolation/1.0" '
    'xmlns:scal="http://www.opengis.net/wcs/scaling/1.0"'
)


def get_coverage(inner: str = "", extension: str = "") -> bytes:
    return (
        f'<wcs:GetCoverage {NAMESPACES} service="WCS" version="2.0.1">'
        f"<wcs:Extension>{extension}</wcs:Extension><wcs:CoverageId>a__b</wcs:CoverageId>{inner}"
        "</wcs:GetCoverage>"
    ).encode()


def parsed(inner: str = "", extension: str = "") -> GetCoverage:
    found = parse_post(get_coverage(inner, extension))
    assert isinstance(found, GetCoverage)
    return found


def refused(body: bytes) -> tuple[str, str]:
    with pytest.raises(OwsException) as caught:
        parse_post(body)
    return told(caught.value)


def test_capabilities():
    body = (
        f'<wcs:GetCapabilities {NAMESPACES} service="WCS" updateSequence="7">'
        "<ows:AcceptVersions><ows:Version>2.0.1</ows:Version></ows:AcceptVersions>"
        "<ows:Sections><ows:Section>Contents</ows:Section></ows:Sections>"
        "<ows:AcceptFormats><ows:OutputFormat>text/xml</ows:OutputFormat></ows:AcceptFormats>"
        "</wcs:GetCapabilities>"
    )
    expected = GetCapabilities(frozenset({"contents"}), "7", ("text/xml",))
    assert parse_post(body.encode()) == expected


def test_descriptions():
    body = (
        f'<wcs:DescribeCoverage {NAMESPACES} service="WCS" version="2.0.1">'
        "<wcs:CoverageId>a__b</wcs:CoverageId><wcs:CoverageId>c__d</wcs:CoverageId>"
        "</wcs:DescribeCoverage>"
    )
    assert parse_post(body.encode()) == DescribeCoverage(("a__b", "c__d"))


def test_a_coverage_with_everything():
    inner = (
        "<wcs:DimensionTrim><wcs:Dimension>Long</wcs:Dimension><wcs:TrimLow>-40</wcs:TrimLow>"
        "<wcs:TrimHigh>30</wcs:TrimHigh></wcs:DimensionTrim>"
        "<wcs:DimensionSlice><wcs:Dimension>time</wcs:Dimension>"
        '<wcs:SlicePoint>"2026-01-01"</wcs:SlicePoint></wcs:DimensionSlice>'
        "<wcs:DimensionTrim><wcs:Dimension>depth</wcs:Dimension><wcs:TrimLow>5</wcs:TrimLow>"
        "</wcs:DimensionTrim>"
        "<wcs:format>image/tiff</wcs:format><wcs:mediaType>multipart/related</wcs:mediaType>"
    )
    extension = (
        "<crs:subsettingCrs>EPSG:4326</crs:subsettingCrs><crs:outputCrs>CRS:84</crs:outputCrs>"
        "<rsub:RangeSubset><rsub:RangeItem><rsub:RangeComponent>b</rsub:RangeComponent>"
        "</rsub:RangeItem><rsub:RangeItem><rsub:RangeInterval>"
        "<rsub:startComponent>c</rsub:startComponent><rsub:endComponent>e</rsub:endComponent>"
        "</rsub:RangeInterval></rsub:RangeItem></rsub:RangeSubset>"
        "<int:Interpolation><int:globalInterpolation>nearest</int:globalInterpolation>"
        "</int:Interpolation>"
        "<scal:ScaleToExtent><scal:TargetAxisExtent><scal:axis>i</scal:axis><scal:low>0</scal:low>"
        "<scal:high>9</scal:high></scal:TargetAxisExtent></scal:ScaleToExtent>"
    )
    assert parsed(inner, extension) == GetCoverage(
        "a__b",
        (
            Cut("Long", "-40", "30"),
            Cut("time", "2026-01-01", "2026-01-01", is_slice=True),
            Cut("depth", "5", None),
        ),
        (("b", "b"), ("c", "e")),
        Scaling("scaleExtent", (("i", "0:9"),)),
        ("nearest",),
        "image/tiff",
        "multipart/related",
        "EPSG:4326",
        "CRS:84",
    )


@pytest.mark.parametrize(
    ("extension", "scaling"),
    [
        ("<scal:ScaleByFactor><scal:scaleFactor>0.5</scal:scaleFactor></scal:ScaleByFactor>",
         Scaling("scaleFactor", (("*", "0.5"),))),
        (("<scal:ScaleAxesByFactor><scal:ScaleAxis><scal:axis>i</scal:axis>"
         "<scal:scaleFactor>0.5</scal:scaleFactor></scal:ScaleAxis></scal:ScaleAxesByFactor>"),
         Scaling("scaleAxes", (("i", "0.5"),))),
        (("<scal:Scaling><scal:ScaleToSize><scal:TargetAxisSize><scal:axis>i</scal:axis>"
         "<scal:targetSize>9</scal:targetSize></scal:TargetAxisSize></scal:ScaleToSize>"
         "</scal:Scaling>"),
         Scaling("scaleSize", (("i", "9"),))),
    ],
)  # fmt: skip
def test_scalings(extension, scaling):
    assert parsed(extension=extension).scaling == scaling


def test_two_scalings_are_refused():
    one = "<scal:ScaleByFactor><scal:scaleFactor>0.5</scal:scaleFactor></scal:ScaleByFactor>"
    assert refused(get_coverage(extension=one * 2)) == ("InvalidParameterValue", "scaleFactor")


def test_the_coverage_is_one():
    second = "<wcs:CoverageId>c__d</wcs:CoverageId>"
    assert refused(get_coverage(second)) == ("MissingParameterValue", "coverageId")


@pytest.mark.parametrize(
    ("root", "expected"),
    [
        (f"<wcs:GetCoverage {NAMESPACES}/>", ("MissingParameterValue", "service")),
        (f'<wcs:GetMap {NAMESPACES} service="WCS"/>', ("OperationNotSupported", "GetMap")),
        (f'<wcs:GetCoverage {NAMESPACES} service="WCS" version="1.0.0"/>',
         ("InvalidParameterValue", "version")),
        ('<GetCoverage service="WCS" version="2.0.1"/>', ("InvalidParameterValue", "body")),
        (f'<wcs:DescribeCoverage {NAMESPACES} service="WCS" version="2.0.1"/>',
         ("emptyCoverageIdList", "coverageId")),
        ((f'<wcs:GetCapabilities {NAMESPACES} service="WCS"><ows:AcceptVersions>'
         "<ows:Version>1.0.0</ows:Version></ows:AcceptVersions></wcs:GetCapabilities>"),
         ("VersionNegotiationFailed", "")),
        ("", ("InvalidParameterValue", "body")),
        ("{}", ("InvalidParameterValue", "body")),
        ("<a", ("InvalidParameterValue", "body")),
        ("<a>" * 5000, ("InvalidParameterValue", "body")),
        ("<a>" * 5000 + "</a>" * 5000, ("InvalidParameterValue", "body")),
    ],
)  # fmt: skip
def test_what_is_no_request(root, expected):
    assert refused(root.encode()) == expected


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
BOMB = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]><a b="&l8;">&l8;</a>'
THIEF = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
CALLER = '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>'
PARAMETER = '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]><a/>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("text", [BOMB, THIEF, CALLER, PARAMETER])
def test_documents_with_a_type_are_refused_unread(text, encoding):
    assert refused(text.encode(encoding)) == ("InvalidParameterValue", "body")


def test_a_type_in_an_encoding_that_hides_it_is_refused_too():
    """What the bytes do not tell the parser does: here EBCDIC."""
    body = f'<?xml version="1.0" encoding="cp037"?>{CALLER}'.encode("cp037")
    assert b"<!DOCTYPE" not in body
    assert refused(body) == ("InvalidParameterValue", "body")


def test_a_document_that_includes_another_is_read_as_it_is():
    include = '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    assert parsed(include) == parsed()


def test_a_long_document_is_refused_before_it_is_parsed():
    parse_post(get_coverage(" " * (LONGEST_BODY_BYTES - len(get_coverage()))))
    with pytest.raises(RequestTooLong):
        parse_post(b"<" * (LONGEST_BODY_BYTES + 1))


def test_comments_and_instructions_say_nothing():
    assert parsed("<!-- <wcs:format>x</wcs:format> --><?php exit ?>") == parsed()
