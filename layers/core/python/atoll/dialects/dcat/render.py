"""A record as a Dataset of DCAT-AP 3, in JSON-LD 1.1."""

from pydantic import JsonValue

from atoll.dialects.addresses import is_address, is_email
from atoll.dialects.documents import Document, present
from atoll.model.record import AccessPoint, Box, Contact, Record

CONTEXT: dict[str, JsonValue] = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "adms": "http://www.w3.org/ns/adms#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_AUTHORITY = "http://publications.europa.eu/resource/authority"
ENGLISH = f"{_AUTHORITY}/language/ENG"
ENVIRONMENT = f"{_AUTHORITY}/data-theme/ENVI"
_METRES_A_DEGREE = 111_320  # of latitude; DCAT has no resolution in degrees


def render_dataset(record: Record) -> Document:
    """The document."""
    return present(
        {
            "@context": CONTEXT,
            "@id": record.url,
            "@type": "dcat:Dataset",
            "dct:identifier": record.identifier,
            "dct:title": _english(record.title),
            "dct:description": _english(record.abstract),
            "dcat:keyword": _keywords(record),
            "dcat:theme": {"@id": ENVIRONMENT},
            "dct:language": {"@id": ENGLISH},
            "dct:modified": _typed(record.updated_at, "dateTime"),
            "dcat:version": record.revision,
            "dct:accessRights": _access(record),
            "dct:publisher": _agent(record.publisher.name, record.publisher.url),
            "dct:creator": _creator(record),
            "dcat:contactPoint": _contact(record.contact),
            "dct:spatial": None if record.box is None else _place(record.box),
            "dct:temporal": _period(record),
            "dcat:temporalResolution": _typed(record.resolution.time or "", "duration"),
            "dcat:spatialResolutionInMeters": _metres(record),
            "dct:provenance": _statement("dct:ProvenanceStatement", record.lineage),
            "dct:bibliographicCitation": record.citation,
            "adms:identifier": _doi(record),
            "foaf:page": [{"@id": one.url} for one in record.documents if is_address(one.url)],
            "dcat:distribution": [_distribution(point, record) for point in record.access_points],
        }
    )


def _keywords(record: Record) -> list[JsonValue]:
    words = (*record.keywords, *record.standard_names, record.product)
    return [_english(word) for word in dict.fromkeys(words) if word]


def _access(record: Record) -> Document:
    return {"@id": f"{_AUTHORITY}/access-right/{record.access.upper()}"}


def _agent(name: str, address: str) -> Document:
    page: Document | None = {"@id": address} if is_address(address) else None
    return present({"@type": "foaf:Organization", "foaf:name": name, "foaf:homepage": page})


def _creator(record: Record) -> Document | None:
    """Who made the data; None = the source does not tell."""
    contact = record.contact
    if contact.organisation == record.publisher.name:
        return None
    return _agent(contact.organisation, contact.url)


def _contact(contact: Contact) -> Document:
    mail: Document | None = None
    if is_email(contact.email):
        mail = {"@id": f"mailto:{contact.email}"}
    name = contact.person or contact.organisation
    return present({"@type": "vcard:Kind", "vcard:fn": name, "vcard:hasEmail": mail})


def _place(box: Box) -> Document:
    """A location with its box as WKT, longitudes first; two where it crosses the dateline."""
    halves = [(box.west, box.east)]
    if box.west > box.east:
        halves = [(box.west, 180.0), (-180.0, box.east)]
    rings = (
        f"(({w} {box.south}, {e} {box.south}, {e} {box.north}, {w} {box.north}, {w} {box.south}))"
        for w, e in halves
    )
    text = f"MULTIPOLYGON({', '.join(rings)})"
    return {"@type": "dct:Location", "dcat:bbox": {"@value": text, "@type": "geo:wktLiteral"}}


def _period(record: Record) -> Document | None:
    if record.times is None:
        return None
    return {
        "@type": "dct:PeriodOfTime",
        "dcat:startDate": _typed(record.times.start, "dateTime"),
        "dcat:endDate": _typed(record.times.end, "dateTime"),
    }


def _metres(record: Record) -> Document | None:
    step = record.resolution.latitude_deg
    return None if step is None else _typed(f"{step * _METRES_A_DEGREE:.0f}", "decimal")


def _doi(record: Record) -> Document | None:
    if record.doi is None:
        return None
    return {"@type": "adms:Identifier", "rdfs:label": f"https://doi.org/{record.doi}"}


def _distribution(point: AccessPoint, record: Record) -> Document:
    licence = record.licence
    if is_address(licence):
        document: Document | None = {"@id": licence}
    else:
        document = _statement("dct:LicenseDocument", licence)
    return present(
        {
            "@type": "dcat:Distribution",
            "dct:title": _english(point.door),
            "dct:description": _english(point.description),
            "dcat:accessURL": {"@id": point.url},
            "dct:conformsTo": {"@type": "dct:Standard", "dct:title": _english(point.protocol)},
            "dct:license": document,
        }
    )


def _statement(kind: str, text: str) -> Document | None:
    return {"@type": kind, "rdfs:label": _english(text)} if text else None


def _english(text: str) -> Document:
    return {"@value": text, "@language": "en"}


def _typed(text: str, kind: str) -> Document | None:
    return {"@value": text, "@type": f"xsd:{kind}"} if text else None
