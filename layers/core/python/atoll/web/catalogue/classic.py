"""Routes: CSW, OpenSearch and OAI-PMH, by pycsw."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from atoll.catalogue.library import Index
from atoll.catalogue.pycsw_server import Reply, Sent
from atoll.catalogue.settings import Catalogue
from atoll.dialects.csw.harvested import mended
from atoll.dialects.csw.harvesting import parse_harvest
from atoll.dialects.csw.paged import ended
from atoll.dialects.csw.refusals import MEDIA_TYPE, version_of
from atoll.dialects.csw.safe import LONGEST_BODY_BYTES, encoded, safe_post, safe_query
from atoll.errors import InvalidParameter, UnknownDataset
from atoll.model.search import RecordQuery
from atoll.web.body import read_body
from atoll.web.catalogue.context import HEADERS, CatalogueHere, IndexHere, Profiles
from atoll.web.context import header_of

router = APIRouter(include_in_schema=False)

type Pairs = list[tuple[str, str]]
# What an answer may be called; pycsw calls it whatever the caller likes to.
_MEDIA_TYPES = {"application/json", "application/atom+xml", "application/opensearchdescription+xml"}
_SEARCH = {
    "service": "CSW",
    "version": "3.0.0",
    "request": "GetRecords",
    "typenames": "csw:Record",
    "elementsetname": "full",
    "resulttype": "results",
}
_MODES = ("", "opensearch", "oaipmh")
_DESCRIPTION = {"service": "CSW", "version": "3.0.0", "request": "GetCapabilities"}


def pairs_of(request: Request) -> Pairs:
    """The query's parameters, made harmless."""
    # What is not ASCII is of a client that does not encode: latin-1 is what it was sent as.
    return safe_query(request.scope["query_string"].decode("latin-1"))


async def post_of(request: Request) -> bytes:
    """An XML document, made harmless."""
    body = await read_body(request, LONGEST_BODY_BYTES)
    # A body is read once; what refuses it tells so in its version.
    request.state.csw_version = version_of(body.decode("latin-1"))
    return safe_post(body)


type Query = Annotated[Pairs, Depends(pairs_of)]
type Post = Annotated[bytes, Depends(post_of)]


@router.get("/csw")
def get_csw(
    request: Request, index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query
) -> Response:
    """CSW 2.0.2 and 3.0.0 by keys and values."""
    mode = next((value for name, value in pairs if name.lower() == "mode"), "")
    if mode not in _MODES:
        raise InvalidParameter("mode", mode, f"{' and '.join(_MODES[1:])} are")
    if mode == "oaipmh":
        return _harvest(index, profiles, catalogue, pairs)
    sent = Sent(encoded(pairs), accept=header_of(request, "accept"))
    return _answer(index.pycsw.csw("opensearch" if mode else "csw", sent, profiles))


@router.post("/csw")
def post_csw(index: IndexHere, profiles: Profiles, body: Post) -> Response:
    """CSW 2.0.2 and 3.0.0 by XML."""
    return _answer(index.pycsw.csw("csw", Sent(body=body), profiles))


@router.get("/opensearch")
def search(index: IndexHere, profiles: Profiles, pairs: Query) -> Response:
    """The description without parameters, results with some."""
    said = {name.lower(): value for name, value in pairs}
    usual = _SEARCH if said else _DESCRIPTION
    sent = Sent(encoded(list((usual | said | {"mode": "opensearch"}).items())))
    return _answer(index.pycsw.csw("opensearch", sent, profiles))


@router.get("/oai")
def harvest(
    index: IndexHere, profiles: Profiles, catalogue: CatalogueHere, pairs: Query
) -> Response:
    """OAI-PMH 2.0."""
    return _harvest(index, profiles, catalogue, pairs)


def _harvest(
    index: Index, profiles: frozenset[str], catalogue: Catalogue, pairs: Pairs
) -> Response:
    asked = parse_harvest(pairs)
    if asked.identifier:
        query = RecordQuery(ids=(asked.identifier,))
        if not index.search.search(query, profiles).matched:
            raise UnknownDataset(
                f"identifier: there is no record {asked.identifier[:200]!r} that this account may "
                "see."
            )
    reply = index.pycsw.csw("oai", Sent(encoded(asked.pairs())), profiles)
    content = mended(reply.content, asked, f"{catalogue.url}/oai")
    return _answer(Reply(reply.status, reply.media_type, content))


@router.post("/oai")
def harvest_by_form(catalogue: CatalogueHere) -> Response:
    """What OAI-PMH says by a form it says by a query as well: ask there."""
    address = f"{catalogue.url}/oai"
    return Response(status_code=405, headers={**HEADERS, "allow": "GET", "location": address})


def _answer(reply: Reply) -> Response:
    named = reply.media_type.partition(";")[0].strip()
    media_type = named if named in _MEDIA_TYPES else MEDIA_TYPE
    return Response(ended(reply.content), reply.status, HEADERS, media_type)
