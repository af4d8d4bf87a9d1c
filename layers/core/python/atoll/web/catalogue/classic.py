"""Routes: CSW, OpenSearch and OAI-PMH, by pycsw."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from atoll.catalogue.pycsw_server import CswMode, Reply, Sent
from atoll.dialects.csw.harvesting import resumed, with_tokens
from atoll.dialects.csw.safe import LONGEST_BODY_BYTES, encoded, safe_post, safe_query
from atoll.web.body import read_body
from atoll.web.catalogue.context import HEADERS, CatalogueHere, IndexHere, Profiles
from atoll.web.context import header_of

router = APIRouter(include_in_schema=False)

type Pairs = list[tuple[str, str]]
# What an answer may be called; pycsw calls it whatever the caller likes to.
_MEDIA_TYPES = {"application/json", "application/atom+xml", "application/opensearchdescription+xml"}
_XML = "application/xml"
_SEARCH = {
    "service": "CSW",
    "version": "3.0.0",
    "request": "GetRecords",
    "typenames": "csw:Record",
    "elementsetname": "full",
    "resulttype": "results",
}
_DESCRIPTION = {"service": "CSW", "version": "3.0.0", "request": "GetCapabilities"}


def pairs_of(request: Request) -> Pairs:
    """The query's parameters, made harmless."""
    # What is not ASCII is of a client that does not encode: latin-1 is what it was sent as.
    return safe_query(request.scope["query_string"].decode("latin-1"))


async def post_of(request: Request) -> bytes:
    """An XML document, made harmless."""
    return safe_post(await read_body(request, LONGEST_BODY_BYTES))


type Query = Annotated[Pairs, Depends(pairs_of)]
type Post = Annotated[bytes, Depends(post_of)]


@router.get("/csw")
def get_csw(request: Request, index: IndexHere, profiles: Profiles, pairs: Query) -> Response:
    """CSW 2.0.2 and 3.0.0 by keys and values."""
    modes: dict[str, CswMode] = {"opensearch": "opensearch", "oaipmh": "oai"}
    said = {name.lower(): value for name, value in pairs}
    mode = modes.get(said.get("mode", ""), "csw")
    sent = Sent(encoded(pairs), accept=header_of(request, "accept"))
    return _answer(index.pycsw.csw(mode, sent, profiles))


@router.post("/csw")
def post_csw(index: IndexHere, profiles: Profiles, body: Post) -> Response:
    """CSW 2.0.2 and 3.0.0 by XML."""
    return _answer(index.pycsw.csw("csw", Sent(body=body), profiles))


@router.get("/opensearch")
def search(index: IndexHere, profiles: Profiles, pairs: Query) -> Response:
    """The description without parameters, results with some."""
    said = {name.lower(): value for name, value in pairs}
    usual = {"mode": "opensearch"} | (_SEARCH if said else _DESCRIPTION)
    sent = Sent(encoded(list((usual | said).items())))
    return _answer(index.pycsw.csw("opensearch", sent, profiles))


@router.get("/oai")
def harvest(index: IndexHere, profiles: Profiles, pairs: Query) -> Response:
    """OAI-PMH 2.0."""
    wanted = resumed(pairs)
    said = [(name, value) for name, value in wanted if name != "mode"]
    reply = index.pycsw.csw("oai", Sent(encoded([*said, ("mode", "oaipmh")])), profiles)
    content = with_tokens(reply.content, said)
    return _answer(Reply(reply.status, reply.media_type, content))


@router.post("/oai")
def harvest_by_form(catalogue: CatalogueHere) -> Response:
    """What OAI-PMH says by a form it says by a query as well: ask there."""
    address = f"{catalogue.url}/oai"
    return Response(status_code=405, headers={**HEADERS, "allow": "GET", "location": address})


def _answer(reply: Reply) -> Response:
    named = reply.media_type.partition(";")[0].strip()
    media_type = named if named in _MEDIA_TYPES else _XML
    return Response(reply.content, reply.status, HEADERS, media_type)
