"""Exceptions to RFC 9457 problem documents, in one place."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from atoll.dialects.rest.codes import PROBLEM_MEDIA_TYPE, problem, render_problem
from atoll.dialects.rest.wire import Problem
from atoll.errors import BrokerError, InvalidParameter
from atoll.web.context import HEADER, Door
from atoll.web.observability import tell

# A part that is away; a slot that has to come free.
RETRY_AFTER_S = {HTTPStatus.SERVICE_UNAVAILABLE: 5, HTTPStatus.TOO_MANY_REQUESTS: 30}


def problems(*statuses: HTTPStatus) -> dict[int | str, dict[str, object]]:
    """For the OpenAPI document: these statuses answer with a problem."""
    content = {PROBLEM_MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {
        status.value: {"model": Problem, "content": content, "description": status.phrase}
        for status in statuses
    }


def handle_problems(app: FastAPI) -> None:
    """Let every exception leave the application as a problem document."""
    app.add_exception_handler(BrokerError, _broker_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unforeseen)


async def _broker_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, BrokerError)  # noqa: S101  registered for these alone
    door: Door = request.app.state.door
    document = render_problem(error, request.state.correlation_id)
    tell(door.telemetry, error, document.status)
    return _answer(document)


async def _validation_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    # A parameter that may come several times has a number, which nobody has written.
    place = ".".join(part for part in first["loc"][1:] if isinstance(part, str)) or "request"
    return await _broker_error(
        request, InvalidParameter(place, first.get("input"), str(first["msg"]))
    )


async def _http_exception(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    document = problem(
        status.phrase.lower().replace(" ", "-"),
        status,
        f"{request.method} {request.url.path}: {status.description or status.phrase}.",
        {},
        request.state.correlation_id,
    )
    return _answer(document, dict(error.headers or {}))


async def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    door: Door = request.app.state.door
    door.telemetry.failed(error)
    correlation_id = getattr(request.state, "correlation_id", None)
    document = problem(
        "internal-error",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "An unforeseen error; its operators find it under the correlation id.",
        {},
        correlation_id,
    )
    # This handler runs outside the middleware that names every other answer.
    return _answer(document, {HEADER: correlation_id} if correlation_id else None)


def _answer(document: Problem, headers: dict[str, str] | None = None) -> JSONResponse:
    extra = dict(headers or {})
    if document.status == HTTPStatus.UNAUTHORIZED:
        extra["www-authenticate"] = 'Bearer realm="atoll", error="invalid_token"'
    if document.status in RETRY_AFTER_S:
        retry_after_s = RETRY_AFTER_S[HTTPStatus(document.status)]
        extra["retry-after"] = str(document.__pydantic_extra__.get("retry_after_s", retry_after_s))
    return JSONResponse(
        document.model_dump(exclude_none=True),
        document.status,
        headers=extra,
        media_type=PROBLEM_MEDIA_TYPE,
    )
