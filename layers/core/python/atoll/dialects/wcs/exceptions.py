"""What goes wrong on the WCS door: OWS exceptions (06-121r9, clause 8), and every error as one.

The table is total; a test sees to it.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from atoll import errors

type Code = Literal[
    "MissingParameterValue",
    "InvalidParameterValue",
    "OperationNotSupported",
    "OptionNotSupported",
    "VersionNegotiationFailed",
    "InvalidUpdateSequence",
    "NoApplicableCode",
    "NoSuchCoverage",
    "emptyCoverageIdList",
    "InvalidAxisLabel",
    "InvalidSubsetting",
    "SubsettingCrs-NotSupported",
    "OutputCrs-NotSupported",
    "InvalidScaleFactor",
    "InvalidExtent",
    "ScaleAxisUndefined",
    "NoSuchField",
    "IllegalFieldSequence",
    "InterpolationMethodNotSupported",
]

# 06-121r9, table 27; 09-110r4, tables 17 and 20; the extensions 11-053r1, 12-039, 12-040, 12-049.
STATUS: Mapping[Code, HTTPStatus] = {
    "MissingParameterValue": HTTPStatus.BAD_REQUEST,
    "InvalidParameterValue": HTTPStatus.BAD_REQUEST,
    "OperationNotSupported": HTTPStatus.NOT_IMPLEMENTED,
    "OptionNotSupported": HTTPStatus.NOT_IMPLEMENTED,
    "VersionNegotiationFailed": HTTPStatus.BAD_REQUEST,
    "InvalidUpdateSequence": HTTPStatus.BAD_REQUEST,
    "NoApplicableCode": HTTPStatus.INTERNAL_SERVER_ERROR,
    "NoSuchCoverage": HTTPStatus.NOT_FOUND,
    "emptyCoverageIdList": HTTPStatus.NOT_FOUND,
    "InvalidAxisLabel": HTTPStatus.NOT_FOUND,
    "InvalidSubsetting": HTTPStatus.NOT_FOUND,
    "SubsettingCrs-NotSupported": HTTPStatus.NOT_FOUND,
    "OutputCrs-NotSupported": HTTPStatus.NOT_FOUND,
    "InvalidScaleFactor": HTTPStatus.NOT_FOUND,
    "InvalidExtent": HTTPStatus.NOT_FOUND,
    "ScaleAxisUndefined": HTTPStatus.NOT_FOUND,
    "NoSuchField": HTTPStatus.NOT_FOUND,
    "IllegalFieldSequence": HTTPStatus.NOT_FOUND,
    "InterpolationMethodNotSupported": HTTPStatus.NOT_FOUND,
}

_BAD, _OUT = HTTPStatus.BAD_REQUEST, HTTPStatus.SERVICE_UNAVAILABLE
CODES: Mapping[type[errors.BrokerError], tuple[Code, HTTPStatus]] = {
    errors.InvalidParameter: ("InvalidParameterValue", _BAD),
    errors.UnknownVariable: ("NoSuchField", STATUS["NoSuchField"]),
    errors.UnknownAxis: ("InvalidAxisLabel", STATUS["InvalidAxisLabel"]),
    errors.EmptySelection: ("InvalidSubsetting", STATUS["InvalidSubsetting"]),
    errors.FormatUnfit: ("InvalidParameterValue", _BAD),
    errors.RequestTooLong: ("NoApplicableCode", HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    errors.JobAlreadyEnded: ("NoApplicableCode", HTTPStatus.CONFLICT),
    errors.KeyReused: ("NoApplicableCode", HTTPStatus.CONFLICT),
    errors.DeliveryReused: ("NoApplicableCode", HTTPStatus.CONFLICT),
    errors.QuoteInvalid: ("NoApplicableCode", _BAD),
    errors.ConditionMissing: ("NoApplicableCode", HTTPStatus.PRECONDITION_REQUIRED),
    errors.PolicyInvalid: ("NoApplicableCode", _BAD),
    errors.PolicyChanged: ("NoApplicableCode", HTTPStatus.PRECONDITION_FAILED),
    errors.ProductChanged: ("NoApplicableCode", HTTPStatus.PRECONDITION_FAILED),
    errors.NotAuthenticated: ("NoApplicableCode", HTTPStatus.UNAUTHORIZED),
    errors.NotEntitled: ("NoApplicableCode", HTTPStatus.FORBIDDEN),
    errors.TooLarge: ("NoApplicableCode", HTTPStatus.FORBIDDEN),
    errors.QuotaExceeded: ("NoApplicableCode", HTTPStatus.FORBIDDEN),
    errors.TooManyJobs: ("NoApplicableCode", HTTPStatus.TOO_MANY_REQUESTS),
    errors.TooManyRequests: ("NoApplicableCode", HTTPStatus.TOO_MANY_REQUESTS),
    errors.LicenceNotAccepted: ("NoApplicableCode", HTTPStatus.FORBIDDEN),
    errors.Embargoed: ("NoApplicableCode", HTTPStatus.FORBIDDEN),
    errors.UnknownDataset: ("NoSuchCoverage", STATUS["NoSuchCoverage"]),
    errors.UnknownJob: ("NoApplicableCode", HTTPStatus.NOT_FOUND),
    errors.UnknownDelivery: ("NoApplicableCode", HTTPStatus.NOT_FOUND),
    errors.ResultNotReady: ("NoApplicableCode", HTTPStatus.NOT_FOUND),
    errors.Unavailable: ("NoApplicableCode", _OUT),
    errors.WorkerLost: ("NoApplicableCode", HTTPStatus.BAD_GATEWAY),
    errors.UploadGone: ("NoApplicableCode", HTTPStatus.CONFLICT),
    errors.DataError: ("NoApplicableCode", HTTPStatus.INTERNAL_SERVER_ERROR),
}

# What planning calls the bounds of an axis; of a WCS request each is a `subset`.
_BOUNDS = ("bbox", "depth", "datetime", "axes.")
_LOCATORS: Mapping[str, str] = {"bbox": "subset", "datetime": "time", "variables": "rangeSubset"}
_NO_LABELS: Mapping[str, str] = {}


class OwsException(Exception):
    """An exception as the WCS door tells it.

    Attributes:
        code: `exceptionCode`.
        locator: the parameter, axis or value at fault; empty = there is none.
        detail: one sentence for a person.
        status: of HTTP.
        retry_after_s: when it may be tried again; None = it will be no better.
    """

    def __init__(
        self,
        code: Code,
        locator: str,
        detail: str,
        status: HTTPStatus | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.code: Code = code
        self.locator = locator
        self.detail = detail
        self.status = status or STATUS[code]
        self.retry_after_s = retry_after_s


def invalid(parameter: str, value: object, accepted: str) -> OwsException:
    """A value that is not accepted, in the words that every door has for it."""
    fault = errors.InvalidParameter(parameter, value, accepted)
    return OwsException("InvalidParameterValue", parameter, fault.detail)


def missing(parameter: str, accepted: str) -> OwsException:
    """A parameter that must be there."""
    return OwsException(
        "MissingParameterValue", parameter, f"{parameter}: this parameter must be there; {accepted}"
    )


def ows_exception(
    error: errors.BrokerError, labels: Mapping[str, str] = _NO_LABELS
) -> OwsException:
    """An error of the rooms below in OGC's words.

    Args:
        error: of any kind.
        labels: name of an axis -> its label in the coverage that was asked for.
    """
    code, status = CODES[type(error)]
    if isinstance(error, errors.UnknownDataset):
        # Which datasets there are is told by GetCapabilities, in coverages.
        detail = "coverageId: there is no such coverage that this account may use."
        return OwsException(code, "coverageId", detail)
    parameter, detail = str(error.facts.get("parameter", "")), error.detail
    locator = _LOCATORS.get(parameter, parameter.removeprefix("axes."))
    if parameter.startswith(_BOUNDS):
        if isinstance(error, errors.InvalidParameter):
            code, status = "InvalidSubsetting", STATUS["InvalidSubsetting"]
        axis = str(error.facts.get("axis", locator))
        locator = labels.get(axis, axis)
        detail = f"subset: {detail.removeprefix(f'{parameter}: ')}"
    retry_after_s = error.facts.get("retry_after_s")
    return OwsException(
        code, locator, detail, status, retry_after_s if isinstance(retry_after_s, int) else None
    )
