"""Documents of the STAC API 1.0: a dataset is a Collection of one Item, its present revision."""

from collections.abc import Iterable, Mapping

from pydantic import JsonValue

from atoll.dialects.records.geometry import geometry_of
from atoll.dialects.stac.render import DATACUBE, render_collection
from atoll.model.record import Record
from atoll.model.search import RecordPage, RecordQuery

type Document = dict[str, JsonValue]

JSON = "application/json"
GEOJSON = "application/geo+json"
SCHEMA = "application/vnd.oai.openapi+json;version=3.1"
_API = "https://api.stacspec.org/v1.0.0"
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
CONFORMS_TO = (
    f"{_API}/core",
    f"{_API}/collections",
    f"{_API}/ogcapi-features",
    f"{_API}/item-search",
    "https://api.stacspec.org/v1.0.0-rc.1/item-search#free-text",
    "https://api.stacspec.org/v1.0.0-rc.1/collection-search",
    "https://api.stacspec.org/v1.0.0-rc.1/collection-search#free-text",
    "http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/simple-query",
    f"{_FEATURES}/core",
    f"{_FEATURES}/geojson",
)


def link(rel: str, href: str, media_type: str = JSON, **more: JsonValue) -> Document:
    """A link."""
    return {"rel": rel, "type": media_type, "href": href, **more}


def landing(url: str, title: str, description: str, records: Iterable[Record]) -> Document:
    """The landing page, a Catalog.

    Args:
        url: absolute, of the API, without a slash at its end.
        title: for a person.
        description: likewise.
        records: its children.
    """
    children = [
        link("child", f"{url}/collections/{one.catalogue_id}", title=one.title) for one in records
    ]
    links = [
        link("self", url),
        link("root", url),
        link("service-desc", f"{url}/api", SCHEMA),
        link("conformance", f"{url}/conformance"),
        link("data", f"{url}/collections"),
        link("search", f"{url}/search", GEOJSON, method="GET"),
        link("search", f"{url}/search", GEOJSON, method="POST"),
        *children,
    ]
    return {
        "type": "Catalog",
        "stac_version": "1.1.0",
        "id": "atoll",
        "title": title,
        "description": description,
        "conformsTo": list[JsonValue](CONFORMS_TO),
        "links": list[JsonValue](links),
    }


def collection(record: Record, url: str) -> Document:
    """A dataset."""
    document = render_collection(record)
    here = f"{url}/collections/{record.catalogue_id}"
    links = [
        link("self", here),
        link("root", url),
        link("parent", url),
        link("items", f"{here}/items", GEOJSON),
        *_elsewhere(document["links"]),
    ]
    return document | {"id": record.catalogue_id, "links": list[JsonValue](links)}


def _elsewhere(links: JsonValue) -> list[JsonValue]:
    """The links of the unit's own rendering, which is the one that others are made of."""
    told = links if isinstance(links, list) else []
    return [
        {**one, "rel": "canonical"} if isinstance(one, dict) and one["rel"] == "self" else one
        for one in told
    ]


def collections(page: RecordPage, query: RecordQuery, url: str, said: str) -> Document:
    """A page of the datasets.

    Args:
        page: what was found.
        query: by what.
        url: see `landing`.
        said: the query's parameters but for `offset`, encoded.
    """
    here = f"{url}/collections"
    links = [link("self", _at(here, said, query.offset)), link("root", url), link("parent", url)]
    links += [link("next", _at(here, said, _after(page, query)))] if _after(page, query) else []
    return {
        "collections": [collection(one, url) for one in page.records],
        "links": list[JsonValue](links),
        "numberMatched": page.matched,
        "numberReturned": len(page.records),
    }


def item(record: Record, url: str) -> Document:
    """The present revision of a dataset."""
    whole = render_collection(record)
    parent = f"{url}/collections/{record.catalogue_id}"
    box, times = record.box, record.times
    properties: Document = {
        "title": record.title,
        "description": record.abstract,
        "datetime": None if times else record.updated_at,
        "updated": record.updated_at,
        "version": record.revision,
        "cube:dimensions": whole["cube:dimensions"],
        "cube:variables": whole["cube:variables"],
    }
    if times:
        properties |= {"start_datetime": times.start, "end_datetime": times.end}
    found: Document = {
        "type": "Feature",
        "stac_version": "1.1.0",
        "stac_extensions": [DATACUBE],
        "id": record.catalogue_id,
        "collection": record.catalogue_id,
        "geometry": geometry_of(box) if box else None,
        "properties": properties,
        "assets": _assets(record),
        "links": [
            link("self", f"{parent}/items/{record.catalogue_id}", GEOJSON),
            link("root", url),
            link("parent", parent),
            link("collection", parent),
        ],
    }
    return found | ({"bbox": [box.west, box.south, box.east, box.north]} if box else {})


def _assets(record: Record) -> Document:
    doors: Document = {
        point.door.lower(): {"href": point.url, "title": point.description, "roles": ["data"]}
        for point in record.access_points
    }
    iso: Document = {
        "href": record.rendered_at("iso"),
        "type": "application/xml",
        "title": "ISO 19139",
        "roles": ["metadata"],
    }
    return {**doors, "iso": iso}


def items(page: RecordPage, url: str, links: Iterable[Document]) -> Document:
    """A page of what was found."""
    return {
        "type": "FeatureCollection",
        "features": [item(one, url) for one in page.records],
        "links": [link("root", url), *links],
        "numberMatched": page.matched,
        "numberReturned": len(page.records),
    }


def links_of_get(here: str, page: RecordPage, query: RecordQuery, said: str) -> list[Document]:
    """Where this page is and the next one, as the same parameters; see `collections`."""
    after = _after(page, query)
    links = [link("self", _at(here, said, query.offset), GEOJSON)]
    return [*links, link("next", _at(here, said, after), GEOJSON)] if after else links


def links_of_post(
    here: str, page: RecordPage, query: RecordQuery, body: Mapping[str, JsonValue]
) -> list[Document]:
    """The next page, as another body to be sent."""
    after = _after(page, query)
    if not after:
        return []
    return [link("next", here, GEOJSON, method="POST", body={**body, "offset": after})]


def _after(page: RecordPage, query: RecordQuery) -> int:
    """The offset of the next page; 0 = this is the last."""
    seen = query.offset + len(page.records)
    return seen if page.records and seen < page.matched else 0


def _at(here: str, said: str, offset: int) -> str:
    parameters = [said, f"offset={offset}" if offset else ""]
    text = "&".join(part for part in parameters if part)
    return f"{here}?{text}" if text else here
