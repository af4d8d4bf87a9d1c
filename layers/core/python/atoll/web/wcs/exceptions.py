"""Exceptions to OWS exception reports, in one place."""

from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from atoll.dialects.wcs.exception_report import render_exception
from atoll.dialects.wcs.exceptions import OwsException, ows_exception
from atoll.dialects.wcs.xml import TEXT_XML
from atoll.errors import BrokerError, InvalidRequest
from atoll.web.context import HEADER, Door
from atoll.web.observability import tell
from atoll.web.problems import RETRY_AFTER_S


def handle_exceptions(app: FastAPI) -> None:
    """Let every exception leave the application as an exception report."""
    app.add_exception_handler(BrokerError, _broker_error)
    app.add_exception_handler(OwsException, _ows_exception)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unforeseen)


async def _broker_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, BrokerError)  # noqa: S101  registered for these alone
    fault = ows_exception(error)
    door: Door = request.app.state.door
    tell(door.telemetry, error, fault.status)
    return _answer(fault)


async def _ows_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, OwsException)  # noqa: S101
    door: Door = request.app.state.door
    facts = {"parameter": error.locator, "exception_code": error.code}
    door.telemetry.refused(InvalidRequest(error.detail, facts))
    return _answer(error)


async def _http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = HTTPStatus(error.status_code)
    detail = f"{request.method} {request.scope['path']}: {status.description or status.phrase}."
    return _answer(OwsException("NoApplicableCode", "", detail, status), dict(error.headers or {}))


async def _unforeseen(request: Request, error: Exception) -> Response:
    door: Door = request.app.state.door
    door.telemetry.failed(error)
    correlation_id = getattr(request.state, "correlation_id", None)
    detail = f"An unforeseen error; its operators find it under {correlation_id}."
    # This handler runs outside the middleware that names every other answer.
    headers = {HEADER: correlation_id} if correlation_id else {}
    return _answer(OwsException("NoApplicableCode", "", detail), headers)


def _answer(fault: OwsException, headers: dict[str, str] | None = None) -> Response:
    extra = {"cache-control": "no-store"} | (headers or {})
    if fault.status == HTTPStatus.UNAUTHORIZED:
        extra["www-authenticate"] = 'Bearer realm="atoll", error="invalid_token"'
    retry_after_s = fault.retry_after_s or RETRY_AFTER_S.get(fault.status)
    if retry_after_s:
        extra["retry-after"] = str(retry_after_s)
    return Response(render_exception(fault), fault.status, extra, media_type=TEXT_XML)
