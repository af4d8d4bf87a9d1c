"""A record as it is among those of all units: OGC API - Records, in a catalogue."""

from pydantic import JsonValue

from atoll.dialects.records.render import render_record
from atoll.model.record import Record

type Document = dict[str, JsonValue]


def render_catalogued(record: Record) -> Document:
    """The document, but for links to a catalogue that it is in; the unit's own is canonical."""
    document = render_record(record)
    told = document["links"]
    links: list[JsonValue] = [
        {**one, "rel": "canonical"} if isinstance(one, dict) and one.get("rel") == "self" else one
        for one in (told if isinstance(told, list) else [])
    ]
    return document | {"id": record.catalogue_id, "links": links}


def linked(feature: Document, url: str) -> Document:
    """The document with its links in the collection at `url`."""
    told = feature.get("links")
    own: list[JsonValue] = [
        {"rel": "self", "type": "application/geo+json", "href": f"{url}/items/{feature['id']}"},
        {"rel": "collection", "type": "application/json", "href": url},
    ]
    return feature | {"links": [*own, *(told if isinstance(told, list) else [])]}
