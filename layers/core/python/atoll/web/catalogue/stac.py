"""Routes: the STAC API, from the same records."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from pydantic import JsonValue

from atoll.catalogue.library import Index
from atoll.dialects.csw.safe import encoded
from atoll.dialects.stac_api import documents
from atoll.dialects.stac_api.parse import parse_body, parse_query
from atoll.errors import UnknownDataset
from atoll.model.record import Record
from atoll.model.search import LONGEST_PAGE, RecordQuery
from atoll.web.body import read_body
from atoll.web.catalogue.classic import Query
from atoll.web.catalogue.context import HEADERS, CatalogueHere, IndexHere, Profiles

router = APIRouter(prefix="/stac", tags=["STAC API"])

LONGEST_BODY_BYTES = 65_536


async def body_of(request: Request) -> bytes:
    """A search as JSON."""
    return await read_body(request, LONGEST_BODY_BYTES)


type Body = Annotated[bytes, Depends(body_of)]


@router.get("", summary="Landing page")
def landing(index: IndexHere, profiles: Profiles, catalogue: CatalogueHere) -> Response:
    """The catalogue, and its first datasets."""
    first = index.search.search(RecordQuery(limit=LONGEST_PAGE), profiles)
    url = f"{catalogue.url}/stac"
    return _json(documents.landing(url, catalogue.title, catalogue.abstract, first.records))


@router.get("/conformance", summary="Conformance classes")
def conformance() -> Response:
    """What this API keeps to."""
    return _json({"conformsTo": list[JsonValue](documents.CONFORMS_TO)})


@router.get("/collections", summary="Datasets")
def collections(
    index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query
) -> Response:
    """All datasets, or those that are looked for by bbox, datetime and q."""
    query = parse_query(dict(pairs))
    page = index.search.search(query, profiles)
    return _json(documents.collections(page, query, f"{catalogue.url}/stac", _said(pairs)))


@router.get("/collections/{collection}", summary="A dataset")
def collection(
    collection: str, index: IndexHere, profiles: Profiles, catalogue: CatalogueHere
) -> Response:
    """A dataset."""
    record = _find(collection, index, profiles)
    return _json(documents.collection(record, f"{catalogue.url}/stac"))


@router.get("/collections/{collection}/items", summary="A dataset's present revision")
def items(
    collection: str,
    index: IndexHere,
    profiles: Profiles,
    catalogue: CatalogueHere,
    pairs: Query,
) -> Response:
    """One item, if bbox and datetime meet it."""
    found = _find(collection, index, profiles)
    asked = parse_query(dict(pairs))
    query = asked.model_copy(update={"ids": (found.catalogue_id,)})
    page = index.search.search(query, profiles)
    url = f"{catalogue.url}/stac"
    here = f"{url}/collections/{found.catalogue_id}/items"
    links = documents.links_of_get(here, page, query, _said(pairs))
    return _json(documents.items(page, url, links), documents.GEOJSON)


@router.get("/collections/{collection}/items/{item}", summary="A dataset's present revision")
def item(
    collection: str, item: str, index: IndexHere, profiles: Profiles, catalogue: CatalogueHere
) -> Response:
    """The item, which is called as its collection is."""
    if item != collection:
        raise _unknown(item)
    record = _find(collection, index, profiles)
    return _json(documents.item(record, f"{catalogue.url}/stac"), documents.GEOJSON)


@router.get("/search", summary="Search")
def search(
    index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query
) -> Response:
    """Datasets by bbox, intersects, datetime, ids, collections and q."""
    query = parse_query(dict(pairs))
    page = index.search.search(query, profiles)
    url = f"{catalogue.url}/stac"
    links = documents.links_of_get(f"{url}/search", page, query, _said(pairs))
    return _json(documents.items(page, url, links), documents.GEOJSON)


@router.post("/search", summary="Search")
def search_by_post(
    index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, body: Body
) -> Response:
    """The same, said as JSON."""
    query, said = parse_body(body)
    page = index.search.search(query, profiles)
    url = f"{catalogue.url}/stac"
    links = documents.links_of_post(f"{url}/search", page, query, said)
    return _json(documents.items(page, url, links), documents.GEOJSON)


def _find(record: str, index: Index, profiles: frozenset[str]) -> Record:
    """A record that the caller may see.

    Raises:
        UnknownDataset: there is none; in the same words as one that is kept from them.
    """
    page = index.search.search(RecordQuery(ids=(record,)), profiles)
    if not page.records:
        raise _unknown(record)
    return page.records[0]


def _unknown(record: str) -> UnknownDataset:
    shown = record[:200]
    return UnknownDataset(
        f"collection: there is no dataset {shown!r} that this account may see.",
        {"parameter": "collection", "value": shown},
    )


def _said(pairs: list[tuple[str, str]]) -> str:
    return encoded([(name, value) for name, value in pairs if name != "offset"])


def _json(document: dict[str, JsonValue], media_type: str = documents.JSON) -> Response:
    return JSONResponse(document, headers=HEADERS, media_type=media_type)
