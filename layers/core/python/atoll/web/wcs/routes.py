"""Routes: one service behind two paths, by keys and values or by XML."""

from string import punctuation
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from atoll.dialects.wcs.kvp import parse_query
from atoll.dialects.wcs.post import LONGEST_BODY_BYTES, parse_post
from atoll.dialects.wcs.requests import DescribeCoverage, GetCapabilities, WcsRequest
from atoll.web.body import read_body
from atoll.web.context import DoorHere
from atoll.web.wcs.deliver import get_coverage
from atoll.web.wcs.documents import Asked, describe_coverage, get_capabilities
from atoll.web.wcs.place import Asker, PlaceHere

router = APIRouter()

PATHS = ("/wcs", "/motu-web/wcs")


def said_by_query(request: Request) -> WcsRequest:
    """The request of a query string, as it was sent: whatever else makes up no address."""
    return parse_query(quote(request.scope["query_string"], safe=punctuation))


async def said_by_post(request: Request) -> WcsRequest:
    """The request of a body, of which no more is read than may be one."""
    return parse_post(await read_body(request, LONGEST_BODY_BYTES))


def asked_here(request: Request, account: Asker, place: PlaceHere, door: DoorHere) -> Asked:
    """Who asks, and where."""
    return Asked(request, account, place, door)


type ByQuery = Annotated[WcsRequest, Depends(said_by_query)]
type ByPost = Annotated[WcsRequest, Depends(said_by_post)]
type AskedHere = Annotated[Asked, Depends(asked_here)]


@router.get(PATHS[0])
@router.get(PATHS[1])
async def get_wcs(
    said: Annotated[WcsRequest, Depends(said_by_query)], asked: AskedHere
) -> Response:
    """Answer a request by keys and values."""
    return await _answer(said, asked)


@router.post(PATHS[0])
@router.post(PATHS[1])
async def post_wcs(
    said: Annotated[WcsRequest, Depends(said_by_post)], asked: AskedHere
) -> Response:
    """Answer a request by XML."""
    return await _answer(said, asked)


async def _answer(said: WcsRequest, asked: Asked) -> Response:
    match said:
        case GetCapabilities():
            return await run_in_threadpool(get_capabilities, said, asked)
        case DescribeCoverage():
            return await run_in_threadpool(describe_coverage, said, asked)
        case _:
            return await get_coverage(said, asked)
