"""What cannot be meant is refused in its door's own format, early, and nothing of ours is shown."""

import pytest
from lxml import etree

from tests.web.catalogue.probes import CSW, CSW3, ITEMS, LIST, XML
from tests.web.catalogue.world import URL, CatalogueUnderTest, shared

pytestmark = pytest.mark.slow

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    '<csw:GetCapabilities xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" service="&c;"/>'
)
FILE = BOMB.replace('<!ENTITY b "bbbb">', '<!ENTITY b SYSTEM "file:///etc/passwd">')
ELSEWHERE = (
    '<csw:GetRecords xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" service="CSW" '
    'version="2.0.2"><csw:ResponseHandler>http://169.254.169.254/</csw:ResponseHandler>'
    '<csw:Query typeNames="csw:Record"/></csw:GetRecords>'
)
TRANSACTION = (
    '<csw:Transaction xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" service="CSW" '
    'version="2.0.2"><csw:Delete/></csw:Transaction>'
)
FILTER = "<ogc:Filter xmlns:ogc='http://www.opengis.net/ogc'><ogc:Not/></ogc:Filter>"


def report(text: str) -> tuple[str, str]:
    """Code and text of an exception report, of whichever version."""
    root = etree.fromstring(text.encode())
    assert etree.QName(root).localname == "ExceptionReport"
    (told,) = root.iter("{*}Exception")
    return str(told.get("exceptionCode")), str(told.findtext("{*}ExceptionText"))


def is_clean(text: str) -> bool:
    return not any(word in text for word in ("Traceback", ".py", "sqlite", "root:x"))


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        FILE.encode(),
        BOMB.replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"),
        b"no xml",
        b"<a>",
        b"",
        ELSEWHERE.encode(),
        b"<a>" * 3_000 + b"</a>" * 3_000,
    ],
)
def test_xml_that_is_none_or_more_than_a_request_is_refused(body):
    answer = shared().client().post("/csw", content=body, headers=XML)
    assert answer.status_code == 400
    assert report(answer.text)[0] == "InvalidParameterValue"
    assert is_clean(answer.text)


@pytest.mark.parametrize(("path", "size"), [("/csw", 10 * 2**20), ("/stac/search", 2**20)])
def test_a_body_that_is_too_long_is_not_read(path, size):
    for content in (b" " * size, iter([b" " * size])):
        assert shared().client().post(path, content=content).status_code == 413


@pytest.mark.parametrize(
    "query",
    [
        f"{CSW}&request=GetRecords&{LIST}&responsehandler=http://127.0.0.1/",
        f"{CSW}&request=GetRecords&{LIST}&maxrecords=many",
        f"{CSW}&request=GetRecords&{LIST}&startposition=-1",
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=FILTER&constraint=<!DOCTYPE a>",
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=FILTER&constraint={FILTER}",
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=CQL_TEXT&constraint=((((",
        f"{CSW}&request=GetRecords&{LIST}&sortby=nothing:A",
        f"{CSW}&request=GetRecords&{LIST}&outputschema=nothing",
        f"{CSW}&request=GetNothing",
        f"{CSW3}&request=GetRecords&{LIST}&bbox=1,2,3",
        f"{CSW3}&request=GetRecords&{LIST}&bbox=a,b,c,d",
        f"{CSW3}&request=GetRecords&{LIST}&q=%FF",
        f"{CSW3}&request=GetRecords&{LIST}&q=%0B",
        f"{CSW3}&request=GetRecords&{LIST}&a%20b=1",
        f"{CSW}&VERSION=3.0.0",
        "/csw?mode=sru",
        "/csw?mode=sru&MODE=opensearch",
        "/csw?service=WCS&request=GetCapabilities",
        "/opensearch?bbox=1,2",
    ],
)
def test_a_query_that_cannot_be_meant_is_an_exception_report(query):
    answer = shared().client().get(query)
    assert answer.status_code in {200, 400, 404}  # pycsw's own refusals of CSW 2 are of HTTP 200
    assert answer.headers["content-type"] == "application/xml"
    assert report(answer.text)[0]
    assert is_clean(answer.text)


def test_nothing_is_written():
    answer = shared().client().post("/csw", content=TRANSACTION, headers=XML)
    assert report(answer.text)[0] == "NoApplicableCode"
    for method in ("put", "delete", "patch"):
        assert getattr(shared().client(), method)(ITEMS).status_code == 405


@pytest.mark.parametrize(
    "query",
    [
        "f=html",
        "f=xml",
        "limit=0",
        "limit=many",
        "offset=-1",
        "bbox=1,2,3",
        "bbox=a,b,c,d",
        "bbox=0,80,10,-80",
        "datetime=yesterday",
        "datetime=2026-02-30T00:00:00Z",
        "datetime=2027/2026",
        "filter=((((",
        "filter=title = 'x'&filter-lang=cql2-json",
        "filter=INTERSECTS(geometry, POINT(1 1))&sortby=nothing",
        "sortby=nothing",
        "filter=foo='foo'",
        "filter=foo <> 'x'",
        "filter=title = 'x' OR (publisher LIKE '%25' AND type = 'x')",
        "filter=NOT visible_to IS NULL",
        'filter=title = "x"',
        "filter=foo BETWEEN 1 AND 2",
        'q=a" OR "',
        "q='",
        "visible_to=|navy|",
        "record=1",
    ],
)
def test_a_search_of_records_that_cannot_be_meant_is_told_so(query):
    answer = shared().client().get(f"{ITEMS}?{query}")
    assert answer.status_code == 400, answer.text
    told = answer.json()
    assert told["code"] == "InvalidParameterValue"
    assert told["description"]
    assert is_clean(answer.text)


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("title=title", 0),
        ("title=identifier", 0),
        ("ids=identifier", 0),
        ("ids=levitus.across,levitus.nothing", 1),
        ("type=dataset", 2),
        ("filter=title LIKE '%25' AND BBOX(geometry,-180,-90,180,90) AND provider = 'levitus'", 2),
        ("filter=title <> 'x' OR platform IS NULL", 2),
    ],
)
def test_a_value_is_no_property(query, number):
    answer = shared().client().get(f"{ITEMS}?{query}")
    assert answer.json()["numberMatched"] == number


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("bbox=1,2,3", "bbox"),
        ("bbox=1,2,x,4", "bbox"),
        ("bbox=1,2,3,4&intersects={}", "intersects"),
        ("datetime=never", "datetime"),
        ("limit=0", "limit"),
        ("limit=many", "limit"),
        ("offset=-1", "offset"),
        ("intersects=nothing", "intersects"),
        ('intersects={"type":"Cube"}', "intersects"),
        ('intersects={"type":"Point","coordinates":["a"]}', "intersects"),
        (f"ids={','.join('x' for _ in range(501))}", "ids"),
    ],
)
def test_a_search_of_stac_that_cannot_be_meant_names_the_parameter(query, name):
    answer = shared().client().get(f"/stac/search?{query}")
    assert answer.status_code == 400
    assert answer.json()["description"].startswith(f"{name}: ")
    assert is_clean(answer.text)


@pytest.mark.parametrize(
    "body",
    [
        *("[]", "{", '"a"', "[" * 5_000, '{"bbox": "1,2,3,4"}', "\xff"),
        *('{"x": NaN}', '{"x": -Infinity}', '{"x": 1e999}', '{"x": "\\ud800"}'),
        *(f'{{"x": {"1" * 5_000}}}', '{"ids": ["\\ud800"]}', '{"limit": NaN}'),
    ],
)
def test_a_search_by_post_that_cannot_be_meant_is_told_so(body):
    answer = shared().client().post("/stac/search", content=body.encode("latin-1"))
    assert answer.status_code == 400
    assert answer.json()["code"] == "InvalidParameterValue"


@pytest.mark.parametrize("path", ["/csw", "/oai", "/opensearch", "/stac", ITEMS])
def test_a_token_that_is_none_is_refused_by_every_door(path):
    client = shared().client(anonymous=True)
    answer = client.get(path, headers={"authorization": "Bearer nonsense"})
    assert answer.status_code == 401
    assert "www-authenticate" in answer.headers
    is_json = path in {"/oai", "/stac", ITEMS}
    assert is_json is bool(answer.headers["content-type"] == "application/json")


@pytest.mark.parametrize("path", ["/csw", "/oai?verb=Identify", "/stac", ITEMS])
def test_a_catalogue_that_is_away_says_so(path):
    catalogue = CatalogueUnderTest()
    catalogue.store.available = False
    answer = catalogue.client().get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


def test_links_are_of_this_catalogue_whatever_host_a_caller_names():
    client = shared().client()
    for path in ("/stac", "/records", "/csw", "/opensearch", "/oai?verb=Identify"):
        answer = client.get(path, headers={"host": "evil.example", "x-forwarded-host": "evil"})
        assert answer.status_code == 200
        assert "evil" not in answer.text
        assert URL in answer.text


def test_what_there_is_not_is_not_linked():
    landing = shared().client().get("/records").json()
    links = {link["href"] for link in landing["links"]}
    assert {f"{URL}/csw", f"{URL}/opensearch", f"{URL}/oai"} <= links
    for href in links:
        if href.startswith(URL) and "request=" not in href:
            assert shared().client().get(href).status_code == 200, href
    claimed = shared().client().get("/records/conformance").json()["conformsTo"]
    assert not [one for one in claimed if one.endswith(("/html", "delete"))]


def test_the_api_document_of_stac_is_there():
    document = shared().client().get("/stac/api").json()
    assert "/stac/search" in document["paths"]
    assert not [path for path in document["paths"] if path.startswith(("/csw", "/records"))]
