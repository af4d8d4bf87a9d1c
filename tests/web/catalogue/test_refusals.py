"""Refusals of CSW are of the version that was asked, whoever refuses."""

import pytest
from lxml import etree

from tests.web.catalogue.probes import CSW, CSW3, LIST, NAMES, NAMES3, XML
from tests.web.catalogue.world import shared

pytestmark = pytest.mark.slow

OWS = ("http://www.opengis.net/ows", "1.2.0", "language")
OWS2 = ("http://www.opengis.net/ows/2.0", "3.0.0", "{http://www.w3.org/XML/1998/namespace}lang")
SHAPES = "<Intersects/>" * 51


@pytest.mark.parametrize(
    ("url", "body", "expected"),
    [
        (f"{CSW}&request=GetRecords&{LIST}&maxrecords=many", "", OWS),
        (f"{CSW3}&request=GetRecords&{LIST}&maxrecords=many", "", OWS2),
        ("/opensearch?a%20b=1", "", OWS2),
        ("/csw", f"<csw:GetRecords {NAMES}>{SHAPES}</csw:GetRecords>", OWS),
        ("/csw", f"<csw:GetRecords {NAMES3}>{SHAPES}</csw:GetRecords>", OWS2),
    ],
)
def test_a_refusal_is_of_the_version_that_was_asked(url, body, expected):
    client = shared().client()
    answer = client.post(url, content=body, headers=XML) if body else client.get(url)
    root = etree.fromstring(answer.content)
    namespace, version, language = expected
    assert answer.status_code == 400
    assert root.tag == f"{{{namespace}}}ExceptionReport"
    assert (root.get("version"), root.get(language)) == (version, "en-US")
    (told,) = root.iter(f"{{{namespace}}}Exception")
    assert told.get("exceptionCode") == "InvalidParameterValue"


@pytest.mark.parametrize("start", [4, 999_999_999])
@pytest.mark.parametrize("version", ["2.0.2", "3.0.0"])
def test_after_the_last_record_there_is_no_next_one(start, version):
    query = f"/csw?service=CSW&version={version}&request=GetRecords&{LIST}&startposition={start}"
    (results,) = etree.fromstring(shared().client("navy").get(query).content).iter(
        "{*}SearchResults"
    )
    assert results.get("numberOfRecordsMatched") == "3"
    assert results.get("nextRecord") == "0"
