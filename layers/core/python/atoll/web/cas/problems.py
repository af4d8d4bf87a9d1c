"""Errors as the three kinds of callers read them: XML for services, text for programs, pages."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from starlette.exceptions import HTTPException

from atoll.dialects.cas.codes import status_of
from atoll.dialects.cas.pages import render_message
from atoll.dialects.cas.validation import MEDIA_TYPE, render_failure
from atoll.errors import BrokerError
from atoll.model.ticket import InvalidCode, InvalidTicket
from atoll.web.cas.context import HEADERS, door_of
from atoll.web.context import HEADER
from atoll.web.observability import tell

RETRY_AFTER_S = 5
UNFORESEEN = "An unforeseen error; its operators find it under the correlation id."


def handle_problems(app: FastAPI) -> None:
    """Let every exception leave the application in its caller's format."""
    app.add_exception_handler(BrokerError, _broker_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unforeseen)


async def _broker_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BrokerError)  # noqa: S101  registered for these alone
    status = status_of(error)
    tell(door_of(request).telemetry, error, status)
    shown = UNFORESEEN if status == HTTPStatus.INTERNAL_SERVER_ERROR else error.detail
    return _answer(request, status, shown)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    answer = _answer(request, status, f"{status.phrase}: {status.description or status.phrase}.")
    answer.headers.update(dict(error.headers or {}))
    return answer


async def _unforeseen(request: Request, error: Exception) -> Response:
    door_of(request).telemetry.failed(error)
    answer = _answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, UNFORESEEN)
    # This handler runs outside the middleware that gives every other answer its headers.
    answer.headers.update({**HEADERS, HEADER: request.state.correlation_id})
    return answer


def _answer(request: Request, status: HTTPStatus, text: str) -> Response:
    path = request.url.path
    answer: Response
    if path.endswith("/serviceValidate"):
        code: InvalidCode = (
            "INTERNAL_ERROR" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "INVALID_REQUEST"
        )
        failure = render_failure(InvalidTicket(code=code, reason=text))
        answer = Response(failure, status, media_type=MEDIA_TYPE)
    elif "/v1/" in path:
        answer = PlainTextResponse(text, status)
    else:
        answer = HTMLResponse(render_message(status.phrase, text), status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["retry-after"] = str(RETRY_AFTER_S)
    return answer
