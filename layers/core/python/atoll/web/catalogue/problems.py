"""Errors as each door of the catalogue tells them; none has a trace of our code in it."""

import json
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from atoll.dialects.csw.harvested import harvest_code, render_harvest_refusal
from atoll.dialects.csw.refusals import MEDIA_TYPE, code_of, render_refusal, version_of
from atoll.dialects.rest.codes import CODES
from atoll.errors import BrokerError
from atoll.web.catalogue.context import HEADERS, catalogue_of, door_of
from atoll.web.context import HEADER
from atoll.web.observability import tell

RETRY_AFTER_S = 5
UNFORESEEN = "An unforeseen error; its operators find it under the correlation id."


def handle_problems(app: FastAPI) -> None:
    """Let every exception leave the application in its door's own format."""
    app.add_exception_handler(BrokerError, _broker_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unforeseen)


async def _broker_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BrokerError)  # noqa: S101  registered for these alone
    status = CODES[type(error)]
    tell(door_of(request).telemetry, error, status)
    code = harvest_code(error)
    if code is not None and _is_harvest(request):
        now = door_of(request).ports.now()
        address = f"{catalogue_of(request).url}/oai"
        content = render_harvest_refusal(code, error.detail, address, now)
        # Errors of the protocol are no errors of HTTP (OAI-PMH 2.0, section 3.6).
        return Response(content, HTTPStatus.OK, HEADERS, MEDIA_TYPE)
    locator = str(error.facts.get("parameter", ""))
    return _answer(request, status, code_of(error), locator, error.detail)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    detail = f"{request.method} {request.scope['path']}: {status.description or status.phrase}."
    answer = _answer(request, status, "NoApplicableCode", "", detail)
    answer.headers.update(dict(error.headers or {}))
    return answer


async def _unforeseen(request: Request, error: Exception) -> Response:
    door_of(request).telemetry.failed(error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    answer = _answer(request, status, "NoApplicableCode", "", UNFORESEEN)
    # This handler runs outside the middleware that names every other answer.
    answer.headers[HEADER] = request.state.correlation_id
    return answer


def _answer(request: Request, status: int, code: str, locator: str, detail: str) -> Response:
    headers = dict(HEADERS)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = 'Bearer realm="atoll", error="invalid_token"'
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["retry-after"] = str(RETRY_AFTER_S)
    if _door(request) in {"csw", "opensearch"} and not _is_harvest(request):
        of_query = version_of(request.scope["query_string"].decode("latin-1"))
        version = getattr(request.state, "csw_version", of_query)
        content = render_refusal(version, code, locator, detail)
        return Response(content, status, headers, MEDIA_TYPE)
    document = json.dumps({"code": code, "description": detail})
    return Response(document, status, headers, "application/json")


def _door(request: Request) -> str:
    path: str = request.scope["path"]
    return path.split("/")[1]


def _is_harvest(request: Request) -> bool:
    return _door(request) == "oai" or b"mode=oaipmh" in request.scope["query_string"]
