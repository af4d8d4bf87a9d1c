"""Routes: OGC API - Records, by pycsw; its documents without what it cannot hold here."""

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from atoll.catalogue.pycsw_server import RECORDS, RecordsPath, Reply
from atoll.dialects.records.catalogued import linked
from atoll.dialects.records.facets import render_facets
from atoll.dialects.records.search import searched
from atoll.errors import InvalidParameter, UnknownDataset
from atoll.web.catalogue.classic import Query
from atoll.web.catalogue.context import HEADERS, CatalogueHere, IndexHere, Profiles

router = APIRouter(prefix="/records", include_in_schema=False)

GEOJSON = "application/geo+json"
_FORMS = ("json", "xml")
# Nothing is written here, and no pages are made.
_NOT_HERE = ("/html", "create-replace-delete")
_PLACES: Mapping[str, RecordsPath] = {
    "": "landing_page",
    "/": "landing_page",
    "/conformance": "conformance",
    "/openapi": "openapi",
    "/queryables": "queryables",
    "/collections": "collections",
    f"/collections/{RECORDS}": "collection",
    f"/collections/{RECORDS}/queryables": "queryables",
    f"/collections/{RECORDS}/schema": "queryables",
}


def _document(place: RecordsPath) -> Callable[..., Response]:
    def answer(
        index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query
    ) -> Response:
        _form(dict(pairs))
        reply = index.pycsw.records(place, {}, profiles)
        return _answer(reply, _amended(json.loads(reply.content), catalogue.url))

    return answer


for _path, _place in _PLACES.items():
    router.add_api_route(_path, _document(_place), name=f"{_place}{_path}")


@router.get(f"/collections/{RECORDS}/items")
def items(index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query) -> Response:
    """A search."""
    said = dict(pairs)
    form = _form(said)
    if form == "xml":
        raise InvalidParameter("f", form, "json is; each record by itself is to be had as XML")
    reply = index.pycsw.records("items", searched(said), profiles)
    page = json.loads(reply.content)
    if reply.status == HTTPStatus.OK:
        here = f"{catalogue.url}/records/collections/{RECORDS}"
        page["features"] = [linked(feature, here) for feature in page["features"]]
        del page["distributedFeatures"]  # none is asked
        if "facets" in page:
            page["facets"] = render_facets(page["facets"])
    return _answer(reply, _amended(page, catalogue.url), GEOJSON)


@router.get(f"/collections/{RECORDS}/items/{{record}}")
def item(
    record: str, index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query
) -> Response:
    """A record, as JSON or as ISO 19139."""
    form = _form(dict(pairs))
    reply = index.pycsw.records("item", {"f": form}, profiles, record)
    if reply.status != HTTPStatus.OK:
        raise UnknownDataset(
            f"item: there is no record {record[:200]!r} that this account may see.",
            {"parameter": "item", "value": record[:200]},
        )
    if form == "xml":
        return Response(reply.content, reply.status, HEADERS, "application/xml")
    here = f"{catalogue.url}/records/collections/{RECORDS}"
    return _answer(reply, linked(json.loads(reply.content), here), GEOJSON)


def _form(said: Mapping[str, str]) -> str:
    form = said.get("f", _FORMS[0])
    if form not in _FORMS:
        raise InvalidParameter("f", form, f"{' and '.join(_FORMS)} are")
    return form


def _amended(document: Any, url: str) -> Any:  # noqa: ANN401  JSON
    """Without links to what there is not, and with those to the doors beside it."""
    if "links" in document:
        document["links"] = [
            moved for one in document["links"] if (moved := _moved(one, url)) is not None
        ]
    if "conformsTo" in document:
        document["conformsTo"] = [
            one for one in document["conformsTo"] if not one.endswith(_NOT_HERE)
        ]
    for part in document.get("collections", []):
        _amended(part, url)
    return document


def _moved(link: dict[str, Any], url: str) -> dict[str, Any] | None:
    """For pycsw takes its doors to be under one address; here they are side by side."""
    beside = f"{url}/records"
    if link.get("type") == "text/html" or link["href"] in {f"{beside}/sru", f"{beside}/search"}:
        return None
    for name, true in (("csw", "csw"), ("opensearch", "opensearch"), ("oaipmh", "oai")):
        if link["href"].partition("?")[0] == f"{beside}/{name}":
            return link | {"href": link["href"].replace(f"{beside}/{name}", f"{url}/{true}", 1)}
    return link


def _answer(reply: Reply, document: Any, media_type: str | None = None) -> Response:  # noqa: ANN401  JSON
    fault = reply.status >= HTTPStatus.BAD_REQUEST
    named = "application/json" if fault else media_type or reply.media_type
    return Response(json.dumps(document), reply.status, HEADERS, named)
