"""No request holds the others up: shapes are counted before, and the database's time meanwhile."""

from urllib.parse import quote

import pytest

from atoll.catalogue import guard
from tests.web.catalogue.probes import CSW, ITEMS, LIST, get_records
from tests.web.catalogue.world import more_than_a_page, shared

pytestmark = pytest.mark.slow

GML = 'xmlns:gml="http://www.opengis.net/gml"'


def shapes(number: int) -> str:
    """Conditions that a record in their place is asked for one by one."""
    one = (
        "<ogc:Contains><ogc:PropertyName>ows:BoundingBox</ogc:PropertyName><gml:Polygon {} "
        'srsName="urn:ogc:def:crs:EPSG::4326"><gml:exterior><gml:LinearRing><gml:posList>'
        "80 {} 80 81 81 81 81 80 80 {}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>"
        "</ogc:Contains>"
    )
    return "".join(one.format(GML, 80 + i / 1_000, 80 + i / 1_000) for i in range(number))


def boxes(number: int) -> str:
    return " OR ".join(["BBOX(geometry,1,1,2,2)"] * number)


def test_so_many_shapes_may_be_asked_for_and_no_more():
    asked = {number: get_records(f"<ogc:Or>{shapes(number)}</ogc:Or>") for number in (50, 51)}
    answer = asked[50].send(shared().client())
    assert (answer.status_code, 'numberOfRecordsMatched="1"' in answer.text) == (200, True)
    refused = asked[51].send(shared().client())
    assert refused.status_code == 400
    assert "51 spatial conditions" in refused.text


def test_nor_by_a_query():
    constraint = quote(f"<ogc:Filter>{'<ogc:BBOX/>' * 51}</ogc:Filter>")
    for url in (
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=FILTER&constraint={constraint}",
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=CQL_TEXT&constraint={boxes(51)}",
        f"{ITEMS}?filter={boxes(51)}",
    ):
        answer = shared().client().get(url)
        assert answer.status_code == 400
        assert "51 spatial conditions" in answer.text
    assert shared().client().get(f"{ITEMS}?filter={boxes(2)}").status_code == 200


def test_nor_by_a_text_within_a_document():
    text = f"<csw:CqlText>{boxes(51)}</csw:CqlText>"
    body = get_records("").body.replace("<ogc:Filter></ogc:Filter>", text)
    answer = shared().client().post("/csw", content=body)
    assert answer.status_code == 400
    assert "51 spatial conditions" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        f"{CSW}&request=GetRecords&{LIST}",
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=CQL_TEXT&constraint=dc:title like '%'",
        f"{CSW.replace('2.0.2', '3.0.0')}&request=GetRecords&{LIST}&q=across",
        "/opensearch?q=across",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        f"{ITEMS}?filter={boxes(9)}",
        f"/stac/search?q={','.join(f'word{n}' for n in range(20))}",
    ],
)
def test_what_takes_too_long_is_cut_short_and_told_so(path, monkeypatch):
    client = more_than_a_page().client()
    assert client.get(path).status_code == 200
    monkeypatch.setattr(guard, "LONGEST_S", -1.0)
    answer = client.get(path)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "ask for less" in answer.text
    monkeypatch.undo()
    assert client.get(path).status_code == 200
