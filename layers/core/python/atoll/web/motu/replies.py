"""Answers of the Motu door. None is kept by anybody: all of them change from one to the next."""

from http import HTTPStatus

from fastapi.responses import Response

from atoll.dialects.motu.codes import Fault
from atoll.dialects.motu.pages.download import Door, State, render_download
from atoll.dialects.motu.pages.error import render_error
from atoll.dialects.motu.xml import MEDIA_TYPE
from atoll.model.coverage import Coverage
from atoll.web.motu.door import Call

HTML = "text/html; charset=UTF-8"
TEXT = "text/plain; charset=UTF-8"
JSON = "application/json"
# Addresses hold tickets and handles, which no other host is to be told.
HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def answer(content: str, media_type: str, status: int = HTTPStatus.OK) -> Response:
    """An answer."""
    return Response(content.encode(), status, HEADERS, media_type)


def xml(document: str) -> Response:
    """A document; its status says nothing, for clients end with any but 200."""
    return answer(document, MEDIA_TYPE)


def page(document: str, status: int = HTTPStatus.OK) -> Response:
    """A page for a browser."""
    return answer(document, HTML, status)


def nothing() -> Response:
    """What HEAD gets. An answer to GET is known when its action was carried out, and not before.

    So it has neither a type nor a length here: RFC 9110, 9.3.2, leaves them to us.
    """
    found = Response(headers=HEADERS)
    del found.headers["content-length"]
    return found


def show_download(call: Call, coverage: Coverage, state: State) -> Response:
    """The form that orders a subset, and what became of an order."""
    door = Door(f"{call.door.welcome.url}{call.path}", "cas" if call.is_by_cas else "none")
    return page(render_download(coverage, state, door))


def moved(url: str) -> Response:
    """On to another address (302)."""
    headers = {"cache-control": "no-store", "location": url}
    return Response(status_code=HTTPStatus.FOUND, headers=headers)


def error_page(fault: Fault, action_code: str, status: int = HTTPStatus.OK) -> Response:
    """What a browser is told of an error; 200, as Motu has it, where nothing else is said."""
    return page(render_error(fault.line(action_code)), status)
