"""Errors on the CAS door: statuses, by branch of the tree, so that every error has one."""

from http import HTTPStatus

from atoll import errors

# The first that fits. A sign-in that is refused is 400: clients of MOTU's time ask again for
# minutes when they are told 401 or 403, and each time with the same password.
_STATUSES: tuple[tuple[type[errors.BrokerError], HTTPStatus], ...] = (
    (errors.RequestTooLong, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    (errors.InvalidRequest, HTTPStatus.BAD_REQUEST),
    (errors.Refused, HTTPStatus.BAD_REQUEST),
    (errors.Missing, HTTPStatus.NOT_FOUND),
    (errors.Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
)


def status_of(error: errors.BrokerError) -> HTTPStatus:
    """The status of an error; what is not the caller's business is 500."""
    fitting = (status for kind, status in _STATUSES if isinstance(error, kind))
    return next(fitting, HTTPStatus.INTERNAL_SERVER_ERROR)
