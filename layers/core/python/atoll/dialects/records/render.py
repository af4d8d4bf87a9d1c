"""A record as OGC API - Records has it (20-004r1, clause 7.2, record core)."""

from collections.abc import Iterator

from pydantic import JsonValue

from atoll.dialects.addresses import is_address, is_email, spdx_of
from atoll.dialects.documents import Document, links_of, present
from atoll.dialects.records.geometry import geometry_of
from atoll.model.record import Contact, Record

RECORD_CORE = "http://www.opengis.net/spec/ogcapi-records-1/1.0/req/record-core"
CF_NAMES = "https://cfconventions.org/Data/cf-standard-names/"


def render_record(record: Record) -> Document:
    """The document."""
    return {
        "id": record.identifier,
        "type": "Feature",
        "conformsTo": [RECORD_CORE],
        "geometry": None if record.box is None else geometry_of(record.box),
        "time": _time(record),
        "properties": present(_properties(record)),
        "links": links_of(record, "records", _links(record)),
    }


def _time(record: Record) -> Document | None:
    if record.times is None:
        return None
    return present(
        {
            "interval": [record.times.start, record.times.end],
            "resolution": record.resolution.time,
        }
    )


def _properties(record: Record) -> Document:
    """Those of the standard; then what it has no member for: depths, variables and access."""
    depths = record.depths
    return {
        "type": "dataset",
        "title": record.title,
        "description": record.abstract,
        "language": {"code": "en", "name": "English"},
        "keywords": [word for word in dict.fromkeys((*record.keywords, record.product)) if word],
        "themes": _themes(record),
        "updated": record.updated_at,
        "contacts": [_contact(record.contact)],
        "license": spdx_of(record.licence),
        "rights": record.licence,
        "externalIds": [{"scheme": "https://doi.org", "value": record.doi}] if record.doi else [],
        "version": record.revision,
        "citation": record.citation,
        "lineage": record.lineage,
        "access": record.access,
        "depth_m": [depths.shallowest_m, depths.deepest_m] if depths else [],
        "variables": [
            present(
                {
                    "name": variable.name,
                    "standard_name": variable.standard_name,
                    "long_name": variable.long_name,
                    "units": variable.units,
                }
            )
            for variable in record.variables
        ],
    }


def _themes(record: Record) -> list[JsonValue]:
    concepts: list[JsonValue] = [{"id": name} for name in record.standard_names]
    return [{"scheme": CF_NAMES, "concepts": concepts}] if record.standard_names else []


def _contact(contact: Contact) -> JsonValue:
    address: Document = {"rel": "about", "type": "text/html", "href": contact.url}
    return present(
        {
            "organization": contact.organisation,
            "name": contact.person,
            "emails": [{"value": contact.email}] if is_email(contact.email) else [],
            "links": [address] if is_address(contact.url) else [],
            "roles": ["pointOfContact"],
        }
    )


def _links(record: Record) -> Iterator[Document]:
    """To the dataset, and to each door of its data."""
    yield {"rel": "about", "type": "application/json", "href": record.url}
    for point in record.access_points:
        title = f"{point.door} ({point.protocol}): {point.description}"
        yield {"rel": "service", "href": point.url, "title": title}
