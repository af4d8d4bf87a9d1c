"""What can go wrong, as facts. No HTTP status, no Motu number, no OWS code lives here.

BrokerError
├── InvalidRequest          the caller said something that cannot be meant
│   ├── InvalidParameter        a value is malformed or out of its range
│   ├── UnknownVariable         a variable the dataset does not have
│   ├── UnknownAxis             an axis the dataset does not have
│   ├── EmptySelection          nothing lies within the bounds
│   ├── FormatUnfit             the format cannot hold the result
│   ├── RequestTooLong          the request itself is too large to be read
│   ├── JobAlreadyEnded         a job that has ended cannot be changed
│   ├── KeyReused               an idempotency key that stood for another order
│   ├── QuoteInvalid            a quote's token is altered, expired, or another's
│   ├── ConditionMissing        a change that does not say what it was based on
│   ├── PolicyInvalid           a policy that cannot be put in force
│   ├── DeliveryReused          a delivery's id that stood for another note
│   ├── PolicyChanged           the policy was changed by another meanwhile
│   └── ProductChanged          so were a dataset's settings
├── Refused                 understood, and not allowed
│   ├── NotAuthenticated        no token, or one that is not valid
│   ├── NotEntitled             the account's profile may not do this
│   ├── TooLarge                above the limit that the operator has set
│   ├── QuotaExceeded           more bytes than the account has left this month
│   ├── TooManyJobs             more jobs than the account may have waiting
│   ├── TooManyRequests         more requests than the account may make in a minute
│   ├── LicenceNotAccepted      the account has not accepted the dataset's licence
│   └── Embargoed               the newest of the dataset is kept back from the account
├── Missing                 there is no such thing, or the caller may not know of it
│   ├── UnknownDataset
│   ├── UnknownJob
│   ├── UnknownDelivery
│   └── ResultNotReady          the job has no result (yet, or any more)
├── Unavailable             a part did not answer; trying again is right
├── WorkerLost              a worker ended without a result; a new order may succeed
├── UploadGone              an upload was completed or aborted meanwhile; there is nothing to do
└── DataError               the data are not what their description says; trying again is vain

Step Functions sees the class's name as the error name: it retries `Unavailable` only.
"""

from collections.abc import Mapping

type Fact = str | int | float | bool | list[str] | list[float] | None


class BrokerError(Exception):
    """An error that a user may be told about.

    Attributes:
        detail: one sentence for a person: the parameter, the value, what would be accepted.
        facts: the same for a program, e.g. `{"parameter": "bbox", "value": "91"}`.
    """

    def __init__(self, detail: str, facts: Mapping[str, Fact] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts: dict[str, Fact] = dict(facts or {})

    @classmethod
    def code(cls) -> str:
        """The error's stable name on every wire, e.g. `empty-selection`."""
        name = cls.__name__
        return "".join(f"-{c.lower()}" if c.isupper() else c for c in name).removeprefix("-")


class InvalidRequest(BrokerError):
    """The caller said something that cannot be meant."""


class InvalidParameter(InvalidRequest):
    """A value is malformed or out of its range."""

    def __init__(self, parameter: str, value: object, accepted: str) -> None:
        shown = shorten(value)
        super().__init__(
            f"{parameter}: {shown} is not accepted; {accepted}",
            {"parameter": parameter, "value": shown, "accepted": accepted},
        )


class UnknownVariable(InvalidRequest):
    """A variable the dataset does not have."""


class UnknownAxis(InvalidRequest):
    """An axis the dataset does not have."""


class EmptySelection(InvalidRequest):
    """Nothing lies within the bounds; the facts name the nearest values on both sides."""


class FormatUnfit(InvalidRequest):
    """The format cannot hold the result; the facts say which can."""


class RequestTooLong(InvalidRequest):
    """The request itself is too large to be read."""


class JobAlreadyEnded(InvalidRequest):
    """A job that has ended cannot be changed."""


class KeyReused(InvalidRequest):
    """An idempotency key that stood for another order."""


class QuoteInvalid(InvalidRequest):
    """A quote's token is altered, expired, or another's."""


class ConditionMissing(InvalidRequest):
    """A change that does not say what it was based on."""


class PolicyInvalid(InvalidRequest):
    """A policy that cannot be put in force; the detail names line and key."""


class DeliveryReused(InvalidRequest):
    """A delivery's id that stood for another note."""


class PolicyChanged(InvalidRequest):
    """The policy was changed by another meanwhile."""


class ProductChanged(InvalidRequest):
    """A dataset's settings were changed by another meanwhile."""


class Refused(BrokerError):
    """Understood, and not allowed."""


class NotAuthenticated(Refused):
    """No token, or one that is not valid."""


class NotEntitled(Refused):
    """The account's profile may not do this."""


class TooLarge(Refused):
    """Above the limit that the operator has set."""


class QuotaExceeded(Refused):
    """More bytes than the account has left this month."""


class TooManyJobs(Refused):
    """More jobs than the account may have waiting."""


class TooManyRequests(Refused):
    """More requests than the account may make in a minute."""


class LicenceNotAccepted(Refused):
    """The account has not accepted the dataset's licence in its present revision."""


class Embargoed(Refused):
    """The newest of the dataset is kept back from the account."""


class Missing(BrokerError):
    """There is no such thing, or the caller may not know of it."""


class UnknownDataset(Missing):
    """No dataset of that name, for this caller."""


class UnknownJob(Missing):
    """No job of that name, for this caller."""


class UnknownDelivery(Missing):
    """No delivery of that name, for this caller."""


class ResultNotReady(Missing):
    """The job has no result: not yet, or not any more."""


class Unavailable(BrokerError):
    """A part did not answer; trying again is right."""


class WorkerLost(BrokerError):
    """A worker ended without a result; a new order may succeed."""


class UploadGone(BrokerError):
    """An upload was completed or aborted meanwhile; there is nothing to do."""


class DataError(BrokerError):
    """The data are not what their description says; trying again is vain."""


def shorten(value: object, longest: int = 80) -> str:
    """Show a value in a message: as Python writes it, cut after `longest` characters."""
    shown = repr(value)
    return shown if len(shown) <= longest else f"{shown[:longest]}... ({len(shown)} characters)"


def family(root: type[BrokerError] = BrokerError) -> list[type[BrokerError]]:
    """Every class of the tree that is raised as itself: its leaves, in order of definition."""
    branches = root.__subclasses__()
    return [leaf for branch in branches for leaf in family(branch)] if branches else [root]
