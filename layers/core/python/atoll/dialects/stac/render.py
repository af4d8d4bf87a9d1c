"""A record as a Collection of STAC 1.1, with datacube, scientific and version extensions."""

from collections.abc import Iterator

from pydantic import JsonValue

from atoll.dialects.addresses import is_address, spdx_of
from atoll.dialects.documents import Document, links_of, present
from atoll.model.record import Box, Dimension, Record

_EXTENSIONS = "https://stac-extensions.github.io"
DATACUBE = f"{_EXTENSIONS}/datacube/v2.2.0/schema.json"
SCIENTIFIC = f"{_EXTENSIONS}/scientific/v1.0.0/schema.json"
VERSION = f"{_EXTENSIONS}/version/v1.2.0/schema.json"
# A Collection must have a box: this one holds wherever the data may be.
EARTH = Box(west=-180, south=-90, east=180, north=90)


def render_collection(record: Record) -> Document:
    """The document."""
    cited = present({"sci:doi": record.doi, "sci:citation": record.citation})
    extensions = [DATACUBE, VERSION, *([SCIENTIFIC] if cited else [])]
    keywords = dict.fromkeys((*record.keywords, *record.standard_names, record.product))
    named: Document = {
        "type": "Collection",
        "stac_version": "1.1.0",
        "stac_extensions": list[JsonValue](extensions),
        "id": record.identifier,
        "title": record.title,
        "description": record.abstract,
        "keywords": [word for word in keywords if word],
        "license": spdx_of(record.licence),
        "version": record.revision,
        "updated": record.updated_at,
    }
    return present(named | cited) | {
        "providers": _providers(record),
        "extent": _extent(record),
        "cube:dimensions": {one.name: _dimension(one, record) for one in record.dimensions},
        "cube:variables": _variables(record),
        "links": links_of(record, "stac", _links(record)),
    }


def _providers(record: Record) -> list[JsonValue]:
    """Who made the data, where the source tells it; and the unit."""
    contact, unit = record.contact, record.publisher
    host: Document = {"name": unit.name, "roles": ["host"], "url": unit.url}
    if contact.organisation == unit.name:
        return [host]
    address = contact.url if is_address(contact.url) else ""
    producer: Document = {"name": contact.organisation, "roles": ["producer"], "url": address}
    return [present(producer), host]


def _extent(record: Record) -> Document:
    box, times = record.box or EARTH, record.times
    period: list[JsonValue] = [times.start, times.end] if times else [None, None]
    return {
        "spatial": {"bbox": [[box.west, box.south, box.east, box.north]]},
        "temporal": {"interval": [period]},
    }


def _dimension(dimension: Dimension, record: Record) -> Document:
    """A dimension; one of no nodes, or in a projection nobody has told, is of no space."""
    extent: list[JsonValue] = [dimension.lower, dimension.upper]
    ranged: Document = {"extent": extent, "step": dimension.step, "unit": dimension.units}
    axes = {"longitude": "x", "latitude": "y", "vertical": "z"}
    if dimension.kind == "time":
        times = record.times
        period: list[JsonValue] = [times.start, times.end] if times else [None, None]
        return {"type": "temporal", "extent": period, "step": record.resolution.time}
    if dimension.kind in axes and dimension.size:
        return {"type": "spatial", "axis": axes[dimension.kind]} | _said(ranged)
    return {"type": "other"} | _said(ranged)


def _said(ranged: Document) -> Document:
    """Without an empty unit."""
    return {name: value for name, value in ranged.items() if value != ""}


def _variables(record: Record) -> Document:
    return {
        variable.name: present(
            {
                "type": "data",
                "description": variable.long_name or variable.standard_name,
                "unit": variable.units,
                "standard_name": variable.standard_name,
            }
        )
        | {"dimensions": list[JsonValue](variable.dimensions)}
        for variable in record.variables
    }


def _links(record: Record) -> Iterator[Document]:
    """To each door of its data."""
    for point in record.access_points:
        title = f"{point.door}: {point.description}"
        yield {"rel": "service", "href": point.url, "title": title}
