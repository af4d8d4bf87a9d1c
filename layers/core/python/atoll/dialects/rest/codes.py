"""Errors on the REST door: RFC 9457 problem documents. The table is total; a test sees to it."""

from collections.abc import Mapping
from http import HTTPStatus

from atoll import errors
from atoll.dialects.rest.wire import Problem

PROBLEM_MEDIA_TYPE = "application/problem+json"

CODES: Mapping[type[errors.BrokerError], HTTPStatus] = {
    errors.InvalidParameter: HTTPStatus.BAD_REQUEST,
    errors.UnknownVariable: HTTPStatus.BAD_REQUEST,
    errors.UnknownAxis: HTTPStatus.BAD_REQUEST,
    errors.EmptySelection: HTTPStatus.BAD_REQUEST,
    errors.FormatUnfit: HTTPStatus.BAD_REQUEST,
    errors.RequestTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.JobAlreadyEnded: HTTPStatus.CONFLICT,
    errors.KeyReused: HTTPStatus.CONFLICT,
    errors.DeliveryReused: HTTPStatus.CONFLICT,
    errors.QuoteInvalid: HTTPStatus.BAD_REQUEST,
    errors.ConditionMissing: HTTPStatus.PRECONDITION_REQUIRED,
    errors.PolicyInvalid: HTTPStatus.BAD_REQUEST,
    errors.PolicyChanged: HTTPStatus.PRECONDITION_FAILED,
    errors.ProductChanged: HTTPStatus.PRECONDITION_FAILED,
    errors.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    errors.NotEntitled: HTTPStatus.FORBIDDEN,
    errors.TooLarge: HTTPStatus.FORBIDDEN,
    errors.QuotaExceeded: HTTPStatus.FORBIDDEN,
    errors.TooManyJobs: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.LicenceNotAccepted: HTTPStatus.FORBIDDEN,
    errors.Embargoed: HTTPStatus.FORBIDDEN,
    errors.UnknownDataset: HTTPStatus.NOT_FOUND,
    errors.UnknownJob: HTTPStatus.NOT_FOUND,
    errors.UnknownDelivery: HTTPStatus.NOT_FOUND,
    errors.ResultNotReady: HTTPStatus.NOT_FOUND,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.WorkerLost: HTTPStatus.BAD_GATEWAY,
    errors.UploadGone: HTTPStatus.CONFLICT,
    errors.DataError: HTTPStatus.INTERNAL_SERVER_ERROR,
}


def render_problem(error: errors.BrokerError, correlation_id: str | None = None) -> Problem:
    """An error as a problem document; its facts become extension members."""
    status = CODES[type(error)]
    return problem(error.code(), status, error.detail, error.facts, correlation_id)


def problem(
    code: str,
    status: HTTPStatus,
    detail: str,
    facts: Mapping[str, errors.Fact],
    correlation_id: str | None = None,
) -> Problem:
    """A problem document of a stable type, `urn:atoll:error:<code>`."""
    return Problem(
        type=f"urn:atoll:error:{code}",
        title=code.replace("-", " ").capitalize(),
        status=status.value,
        detail=detail,
        correlation_id=correlation_id,
        **{key: value for key, value in facts.items() if key != "status"},
    )
