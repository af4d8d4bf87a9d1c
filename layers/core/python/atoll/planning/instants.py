"""Times that everybody's calendar has: what documents of other standards can hold of an axis."""

from atoll.model.coverage import Axis
from atoll.planning.calendar import moment_text
from atoll.planning.calendars import PROLEPTIC_GREGORIAN
from atoll.planning.period import shown_clock


def instant_text(axis: Axis, value: float) -> str | None:
    """A time as RFC 3339 and `xsd:dateTime` have it, UTC; None = it is no such instant.

    Such are the numbers of a climatology, units that count months, 30 February of `360_day`,
    years before 1.

    Examples:
        >>> from atoll.model.coverage import ExplicitValues
        >>> axis = Axis(name="t", role="T", dtype="<f8", values=ExplicitValues(values=(59.0,)),
        ...             units="days since 2000-01-01", calendar="360_day")
        >>> instant_text(axis, 58.0), instant_text(axis, 59.0)
        ('2000-02-29T00:00:00Z', None)
    """
    if shown_clock(axis) is None:
        return None
    text = moment_text(value, axis.units, axis.calendar)
    date = text.partition("T")[0]
    if date.startswith("-"):
        return None
    year, month, day = (int(part) for part in date.split("-"))
    if year < 1 or PROLEPTIC_GREGORIAN.day_number((year, month, day)) is None:
        return None
    return text
