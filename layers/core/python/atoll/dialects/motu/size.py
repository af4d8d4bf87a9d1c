"""`requestSize`: what a request would make, and the largest that is made (getsize)."""

from decimal import Decimal

from atoll.admission.decide import Limits
from atoll.dialects.motu.codes import ACTION_CODES, OK, Fault
from atoll.dialects.motu.xml import document, element
from atoll.model.coverage import Coverage
from atoll.model.parts import MOST_FILE_BYTES
from atoll.model.plan import SubsetPlan
from atoll.model.policy import Allowance

KIB = 1024
ACTION = ACTION_CODES["getsize"]


def render_size(size_bytes: int, most_bytes: int, fault: Fault | None = None) -> str:
    """Sizes in KiB, which Motu has always called kB.

    Args:
        size_bytes: of the uncompressed result.
        most_bytes: of what an order may make.
        fault: why it would be refused; None = it would not.
    """
    return _document(size_bytes / KIB, most_bytes / KIB, fault)


def render_no_size(fault: Fault) -> str:
    """There is no size to be told: it is negative, as in Motu."""
    return _document(-1.0, None, fault)


def most_bytes(plan: SubsetPlan, coverage: Coverage, limits: Limits, allowance: Allowance) -> int:
    """The largest result of such a request that is made at this door, which has one file each.

    Args:
        plan: of the request.
        coverage: of its revision.
        limits: the operator's.
        allowance: of the account.
    """
    found = [MOST_FILE_BYTES, limits.hard_limit_bytes, allowance.bytes_per_job]
    time = coverage.axis_of("T")
    if any(time is not None and axis.name == time.name and axis.count > 1 for axis in plan.axes):
        # It would be divided along time: see `planning.files`.
        found.append(max(limits.file_bytes, limits.small_bytes))
    return min(bound for bound in found if bound is not None)


def double_text(value: float) -> str:
    """A number as Java prints a double, which clients have learnt to read (JLS 4.2.3).

    Examples:
        >>> double_text(151049330.0), double_text(1152.0), double_text(0.00012)
        ('1.5104933E8', '1152.0', '1.2E-4')
    """
    if value == 0 or 1e-3 <= abs(value) < 1e7 or value != value:  # noqa: PLR0124, PLR2004  NaN
        return "NaN" if value != value else repr(float(value))  # noqa: PLR0124
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    first, *rest = (f"{digit}" for digit in digits)
    power = int(exponent) + len(digits) - 1
    return f"{'-' * sign}{first}.{''.join(rest) or '0'}E{power}"


def _document(size_kib: float, most_kib: float | None, fault: Fault | None) -> str:
    attributes = {
        "code": f"{ACTION}-{fault.number if fault else OK}",
        "msg": fault.line(ACTION) if fault else "OK",
        "unit": "kB",
        "size": double_text(size_kib),
        "maxAllowedSize": None if most_kib is None else double_text(most_kib),
    }
    return document(element("requestSize", attributes))
