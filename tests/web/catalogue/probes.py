"""Every way to ask the catalogue for records, each of which would tell of a hidden one."""

import json
from dataclasses import dataclass

from httpx2 import Response
from starlette.testclient import TestClient

from tests.web.catalogue.world import HIDDEN

CSW = "/csw?service=CSW&version=2.0.2"
CSW3 = "/csw?service=CSW&version=3.0.0"
LIST = "typenames=csw:Record&elementsetname=full&resulttype=results"
ITEMS = "/records/collections/metadata:main/items"
NAMES = (
    'xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" xmlns:ogc="http://www.opengis.net/ogc" '
    'xmlns:gmd="http://www.isotc211.org/2005/gmd"'
)
NAMES3 = 'xmlns:csw="http://www.opengis.net/cat/csw/3.0" xmlns:fes="http://www.opengis.net/fes/2.0"'
XML = {"content-type": "application/xml"}
LIKE = 'wildCard="%" singleChar="_" escapeChar="!"'


@dataclass(frozen=True)
class Probe:
    """A request.

    Attributes:
        body: of a POST; empty = it is a GET.
    """

    url: str
    body: str = ""
    is_json: bool = False

    def send(self, client: TestClient) -> Response:
        if not self.body:
            return client.get(self.url)
        headers = {"content-type": "application/json"} if self.is_json else XML
        return client.post(self.url, content=self.body, headers=headers)


def get_records(condition: str, results: str = "results", schema: str = "") -> Probe:
    """CSW 2.0.2 by XML."""
    told = f'outputSchema="{schema}"' if schema else ""
    return Probe(
        "/csw",
        f'<csw:GetRecords {NAMES} service="CSW" version="2.0.2" resultType="{results}" {told} '
        'maxRecords="50"><csw:Query typeNames="csw:Record"><csw:ElementSetName>full'
        f'</csw:ElementSetName><csw:Constraint version="1.1.0"><ogc:Filter>{condition}'
        "</ogc:Filter></csw:Constraint></csw:Query></csw:GetRecords>",
    )


def like(name: str, text: str) -> str:
    return (
        f"<ogc:PropertyIsLike {LIKE}><ogc:PropertyName>{name}</ogc:PropertyName>"
        f"<ogc:Literal>{text}</ogc:Literal></ogc:PropertyIsLike>"
    )


ANY = like("csw:AnyText", "%navy%")
OR = f"<ogc:Or>{ANY}{like('dc:title', '%zzz%')}</ogc:Or>"
NOT = f"<ogc:Not>{like('dc:title', '%zzz%')}</ogc:Not>"
BOX3 = (
    f'<csw:GetRecords {NAMES3} service="CSW" version="3.0.0" maxRecords="50">'
    '<csw:Query typeNames="csw:Record"><csw:ElementSetName>full</csw:ElementSetName>'
    '<csw:Constraint version="1.1.0"><fes:Filter><fes:Or>'
    f"<fes:PropertyIsLike {LIKE}><fes:ValueReference>dc:title</fes:ValueReference>"
    "<fes:Literal>%a%</fes:Literal></fes:PropertyIsLike>"
    f"<fes:PropertyIsLike {LIKE}><fes:ValueReference>dc:title</fes:ValueReference>"
    "<fes:Literal>%zzz%</fes:Literal></fes:PropertyIsLike>"
    "</fes:Or></fes:Filter></csw:Constraint></csw:Query></csw:GetRecords>"
)
BY_ID = (
    f'<csw:GetRecordById {NAMES} service="CSW" version="2.0.2"><csw:Id>{HIDDEN}</csw:Id>'
    "<csw:ElementSetName>full</csw:ElementSetName></csw:GetRecordById>"
)
DOMAIN = (
    f'<csw:GetDomain {NAMES} service="CSW" version="2.0.2">'
    "<csw:PropertyName>dc:title</csw:PropertyName></csw:GetDomain>"
)
GMD = "http://www.isotc211.org/2005/gmd"

PROBES: dict[str, Probe] = {
    "csw2 list": Probe(f"{CSW}&request=GetRecords&{LIST}"),
    "csw2 list gmd": Probe(f"{CSW}&request=GetRecords&{LIST}&outputschema={GMD}"),
    "csw2 cql": Probe(
        f"{CSW}&request=GetRecords&{LIST}&constraintlanguage=CQL_TEXT"
        "&constraint=dc:title like '%25' or dc:title like '%25zzz%25'"
    ),
    "csw2 domain": Probe(f"{CSW}&request=GetDomain&propertyname=dc:title"),
    "csw2 id": Probe(f"{CSW}&request=GetRecordById&elementsetname=full&id={HIDDEN}"),
    "csw2 id gmd": Probe(
        f"{CSW}&request=GetRecordById&elementsetname=full&outputschema={GMD}&id={HIDDEN}"
    ),
    "csw2 item": Probe(f"{CSW}&request=GetRepositoryItem&id={HIDDEN}"),
    "csw2 post": get_records(ANY),
    "csw2 post gmd": get_records(ANY, schema=GMD),
    "csw2 post or": get_records(OR),
    "csw2 post not": get_records(NOT),
    "csw2 post id": Probe("/csw", BY_ID),
    "csw2 post domain": Probe("/csw", DOMAIN),
    "csw3 list": Probe(f"{CSW3}&request=GetRecords&{LIST}"),
    "csw3 q": Probe(f"{CSW3}&request=GetRecords&{LIST}&q=winds"),
    "csw3 bbox": Probe(f"{CSW3}&request=GetRecords&{LIST}&bbox=-10,40,10,50"),
    "csw3 id": Probe(f"{CSW3}&request=GetRecordById&elementsetname=full&id={HIDDEN}"),
    "csw3 domain": Probe(f"{CSW3}&request=GetDomain&valuereference=dc:title"),
    "csw3 post or": Probe("/csw", BOX3),
    "csw opensearch": Probe(f"{CSW3}&mode=opensearch&request=GetRecords&{LIST}"),
    "opensearch q": Probe("/opensearch?q=winds"),
    "opensearch bbox": Probe("/opensearch?bbox=-10,40,10,50"),
    "oai list": Probe("/oai?verb=ListRecords&metadataPrefix=oai_dc"),
    "oai list iso": Probe("/oai?verb=ListRecords&metadataPrefix=iso19139"),
    "oai ids": Probe("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"),
    "oai record": Probe(f"/oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={HIDDEN}"),
    "csw oai": Probe("/csw?mode=oaipmh&verb=ListRecords&metadataPrefix=oai_dc"),
    "records items": Probe(ITEMS),
    "records q": Probe(f"{ITEMS}?q=winds"),
    "records bbox": Probe(f"{ITEMS}?bbox=-10,40,10,50"),
    "records cql": Probe(f"{ITEMS}?filter=title LIKE '%25' OR title LIKE '%25zzz%25'"),
    "records ids": Probe(f"{ITEMS}?ids={HIDDEN}"),
    "records facets": Probe(f"{ITEMS}?limit=1&q=winds&facets=true"),
    "records item": Probe(f"{ITEMS}/{HIDDEN}"),
    "records item xml": Probe(f"{ITEMS}/{HIDDEN}?f=xml"),
    "stac landing": Probe("/stac"),
    "stac collections": Probe("/stac/collections"),
    "stac collections q": Probe("/stac/collections?q=winds"),
    "stac collection": Probe(f"/stac/collections/{HIDDEN}"),
    "stac items": Probe(f"/stac/collections/{HIDDEN}/items"),
    "stac item": Probe(f"/stac/collections/{HIDDEN}/items/{HIDDEN}"),
    "stac search": Probe("/stac/search"),
    "stac search ids": Probe(f"/stac/search?ids={HIDDEN}"),
    "stac search bbox": Probe("/stac/search?bbox=-10,40,10,50"),
    "stac post": Probe("/stac/search", json.dumps({"q": ["winds"]}), is_json=True),
    "stac post ids": Probe("/stac/search", json.dumps({"collections": [HIDDEN]}), is_json=True),
}
# Name -> request -> where the number of records is told: they differ by the hidden one.
COUNTS: dict[str, tuple[Probe, str]] = {
    "csw2 hits": (
        Probe(f"{CSW}&request=GetRecords&{LIST.replace('results', 'hits')}"),
        'numberOfRecordsMatched="{}"',
    ),
    "csw2 post hits or": (
        get_records(OR.replace("%navy%", "%"), results="hits"),
        'numberOfRecordsMatched="{}"',
    ),
    "csw3 hits": (
        Probe(f"{CSW3}&request=GetRecords&typenames=csw:Record&resulttype=hits"),
        'numberOfRecordsMatched="{}"',
    ),
    "opensearch": (Probe("/opensearch?q=&count=1"), "<os:totalResults>{}<"),
    "oai": (
        Probe("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"),
        'completeListSize="{}"',
    ),
    "records": (Probe(f"{ITEMS}?limit=1"), '"numberMatched": {}'),
    "records facets": (
        Probe(f"{ITEMS}?limit=1&facets=true"),
        '"property": "type", "buckets": [{{"value": "dataset", "count": {}}}]',
    ),
    "stac": (Probe("/stac/search?limit=1"), '"numberMatched":{}'),
    "stac collections": (Probe("/stac/collections?limit=1"), '"numberMatched":{}'),
}
