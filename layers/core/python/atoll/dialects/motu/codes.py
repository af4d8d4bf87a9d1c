"""Errors at the Motu door: a number and a sentence. The table is total; a test sees to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from atoll import errors
from atoll.errors import BrokerError, Fact
from atoll.model.job import Reason

OK, SYSTEM, INCONSISTENT, TOO_LARGE, NOT_IMPLEMENTED, UNKNOWN_REQUEST = 0, 1, 2, 7, 10, 19
BAD_PARAMETER, GENERATION, UNKNOWN_ACTION, UNKNOWN_PRODUCT, UNKNOWN_SERVICE = 26, 27, 28, 29, 30
DATE, DATE_RANGE, BOX, DEPTH_RANGE, NO_SUCH_VARIABLE, USER_CAPACITY = 3, 6, 8, 9, 13, 16

UNDETERMINED = "001"
ACTION_CODES: Mapping[str, str] = {
    "ping": "002",
    "debug": "003",
    "queue-server": "003",
    "getreqstatus": "004",
    "getsize": "005",
    "describeproduct": "006",
    "gettimecov": "007",
    "logout": "008",
    "productdownload": "010",
    "waitfor": "010",
    "listcatalog": "011",
    "listproductmetadata": "012",
    "productmetadatainfo": "012",
    "productdownloadhome": "013",
    "listservices": "014",
    "describecoverage": "015",
    "about": "016",
    "httperror": "017",
    "welcome": "018",
    "refreshcache": "019",
    "healthz": "020",
    "cachestatus": "021",
}

# Motu has no number for what an account may not do: request and account do not go together.
CODES: Mapping[type[BrokerError], int] = {
    errors.InvalidParameter: BAD_PARAMETER,
    errors.UnknownVariable: NO_SUCH_VARIABLE,
    errors.UnknownAxis: INCONSISTENT,
    errors.EmptySelection: INCONSISTENT,
    errors.FormatUnfit: BAD_PARAMETER,
    errors.RequestTooLong: BAD_PARAMETER,
    errors.JobAlreadyEnded: INCONSISTENT,
    errors.KeyReused: INCONSISTENT,
    errors.DeliveryReused: INCONSISTENT,
    errors.QuoteInvalid: INCONSISTENT,
    errors.ConditionMissing: INCONSISTENT,
    errors.PolicyInvalid: INCONSISTENT,
    errors.PolicyChanged: INCONSISTENT,
    errors.ProductChanged: INCONSISTENT,
    errors.NotAuthenticated: INCONSISTENT,
    errors.NotEntitled: INCONSISTENT,
    errors.TooLarge: TOO_LARGE,
    errors.QuotaExceeded: USER_CAPACITY,
    errors.TooManyJobs: USER_CAPACITY,
    errors.TooManyRequests: USER_CAPACITY,
    errors.LicenceNotAccepted: INCONSISTENT,
    errors.Embargoed: DATE_RANGE,
    errors.UnknownDataset: UNKNOWN_PRODUCT,
    errors.UnknownJob: UNKNOWN_REQUEST,
    errors.UnknownDelivery: UNKNOWN_REQUEST,
    errors.ResultNotReady: UNKNOWN_REQUEST,
    errors.Unavailable: SYSTEM,
    errors.WorkerLost: GENERATION,
    errors.UploadGone: GENERATION,
    errors.DataError: GENERATION,
}
# What Motu tells apart by the parameter, which our errors name. What does not read as a date or
# a number is a bad parameter, whatever it bounds; a date that does may be none of the calendar's.
BY_PARAMETER: Mapping[tuple[type[BrokerError], Fact], int] = {
    (errors.EmptySelection, "datetime"): DATE_RANGE,
    (errors.EmptySelection, "bbox"): BOX,
    (errors.EmptySelection, "depth"): DEPTH_RANGE,
    (errors.InvalidParameter, "action"): UNKNOWN_ACTION,
    (errors.InvalidParameter, "datetime"): DATE,
    (errors.UnknownDataset, "service"): UNKNOWN_SERVICE,
}
SENTENCES: Mapping[int, str] = {
    SYSTEM: "Sorry, the system is currently not available. Please try again later.",
    DATE: "The date is invalid.",
    DATE_RANGE: "The date range is invalid.",
    BOX: "The latitude/longitude range is invalid.",
    DEPTH_RANGE: "The depth range is invalid.",
    USER_CAPACITY: "You have reached the limit of extraction requests.",
    UNKNOWN_REQUEST: "The request id is not valid.",
}
# Our parameters as this door's users know them.
NAMES: Mapping[str, str] = {
    "bbox": "x_lo, x_hi, y_lo, y_hi",
    "datetime": "t_lo, t_hi",
    "depth": "z_lo, z_hi",
    "variables": "variable",
    "format": "output",
    "dataset": "product",
    "job_id": "requestid",
}
MIB = 2**20
MOST_NAMES = 20
LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, as Motu says it.

    Attributes:
        number: of the kind of error.
        text: one line.
        passes: whether to ask again is right.
    """

    number: int
    text: str
    passes: bool = False

    def line(self, action_code: str) -> str:
        """`010-29 : ...`: what stands in a message, and on a page."""
        return f"{action_code}-{self.number} : {self.text}"


UNFORESEEN = Fault(SYSTEM, SENTENCES[SYSTEM])


@dataclass(frozen=True, slots=True)
class _Told:
    """An error, raised here or left behind by a worker."""

    kind: type[BrokerError]
    detail: str
    facts: Mapping[str, Fact]

    @property
    def number(self) -> int:
        return BY_PARAMETER.get((self.kind, self.parameter), CODES[self.kind])

    @property
    def parameter(self) -> Fact:
        """What it is about. Of the axes told by name this door bounds vertical ones alone."""
        parameter = self.facts.get("parameter")
        return "depth" if f"{parameter}".startswith("axes.") else parameter


def fault_of(error: BrokerError) -> Fault:
    """An error as Motu says it: its sentence, and our detail."""
    return _fault(_Told(type(error), error.detail, error.facts))


def fault_of_reason(reason: Reason) -> Fault:
    """Why a job failed, as Motu says it."""
    kind = next((kind for kind in CODES if kind.code() == reason.code), None)
    if kind is None:  # an unforeseen error of the worker
        return Fault(SYSTEM, one_line(f"{SENTENCES[SYSTEM]} {reason.detail}"))
    return _fault(_Told(kind, reason.detail, reason.facts))


def one_line(text: str) -> str:
    """A text for an attribute: one line of characters that XML 1.0 has, and not endless."""
    shown = "".join(" " if c.isspace() else c if c.isprintable() else "?" for c in text)
    shown = " ".join(shown.split())
    return shown if len(shown) <= LONGEST_TEXT else f"{shown[:LONGEST_TEXT]}..."


def _fault(told: _Told) -> Fault:
    number = told.number
    if number == TOO_LARGE:
        text = _too_large(told)
    elif number in {UNKNOWN_PRODUCT, UNKNOWN_SERVICE}:
        text = _unknown(told)
    elif number == UNKNOWN_ACTION:
        text = f"The requested action is unknown: {told.facts.get('value')}"
    else:
        text = f"{SENTENCES.get(number, '')} {_detail(told)}"
    return Fault(number, one_line(text), passes=told.kind is errors.Unavailable)


def _detail(told: _Told) -> str:
    """The error's sentence, its parameter by the name that it has here."""
    facts, parameter = told.facts, told.parameter
    if told.kind is errors.EmptySelection and parameter in {"datetime", "depth"}:
        return _beside(facts, "date" if parameter == "datetime" else "depth")
    if not isinstance(parameter, str):
        return told.detail
    name = NAMES.get(parameter, parameter)
    if told.kind is errors.InvalidParameter:
        value, accepted = facts.get("value"), facts.get("accepted")
        fault = "is not defined" if value == "None" else f"has not a valid value {value}"
        return f"Parameter '{name}' {fault}. {accepted}"
    return f"{name}: {told.detail.removeprefix(f'{parameter}: ')}"


def _beside(facts: Mapping[str, Fact], what: str) -> str:
    """Nothing lies in the range: it is off the axis, or between two of its values."""
    lower, upper, below, above, first, last = (
        _bound(facts.get(key)) for key in ("lower", "upper", "below", "above", "first", "last")
    )
    if not (first and last):
        return f"No data in {what} range: [{lower},{upper}]. There are none at all."
    if not (below and above):
        return f"Invalid {what} range: [{lower},{upper}]. Valid range is: [{first},{last}]."
    return (
        f"No data in {what} range: [{lower},{upper}]. "
        f"Surrounding {what}s with data are values <= {below} and values >= {above}. "
        f"For information, dataset range is: [{first},{last}]."
    )


def _bound(bound: Fact) -> str:
    """A bound; a date as `yyyy-MM-dd HH:mm:ss`."""
    if not isinstance(bound, str):
        return "" if bound is None else f"{bound}"
    return bound.removesuffix("Z").removesuffix(".000").replace("T", " ")


def _too_large(told: _Told) -> str:
    size_bytes, limit_bytes = told.facts.get("output_bytes"), told.facts.get("limit_bytes")
    if not isinstance(size_bytes, int) or not isinstance(limit_bytes, int):
        return told.detail
    return (
        f"The result file size, {-(-size_bytes // MIB)}Mb, is too big and shall be less than "
        f"{limit_bytes / MIB:.10g}Mb. Please narrow your request. {told.detail}"
    )


def _unknown(told: _Told) -> str:
    what = "service" if told.number == UNKNOWN_SERVICE else "product/dataset"
    asked, accepted = errors.shorten(told.facts.get("value")), told.facts.get("accepted")
    if not isinstance(accepted, list):
        return f"The requested {what} is unknown: {asked}"
    names = [f"{name}" for name in accepted]
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    known = ", ".join(names[:MOST_NAMES]) or "none"
    return f"The requested {what} is unknown: {asked}. Known to this account: {known}{more}."
