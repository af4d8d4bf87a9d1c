"""Times of a dataset as Motu's documents have them.

A time is written in its axis's own calendar, as every door writes and takes it. Where that is no
instant of XML Schema, the attribute is left out: the numbers of a climatology, units that count
months, 30 February of `360_day`, years before 1. What an axis tells in its own units is there
always.
"""

from atoll.model.coverage import Axis, Coverage
from atoll.planning.instants import instant_text
from atoll.planning.nodes import Nodes
from atoll.planning.period import shown_clock, time_text


def instant(axis: Axis, value: float) -> str | None:
    """A time as `xsd:dateTime`, UTC, to the millisecond; None = it is no such instant.

    Examples:
        >>> from atoll.model.coverage import ExplicitValues
        >>> axis = Axis(name="t", role="T", dtype="<f8", values=ExplicitValues(values=(59.0,)),
        ...             units="days since 2000-01-01", calendar="360_day")
        >>> instant(axis, 58.0), instant(axis, 59.0)
        ('2000-02-29T00:00:00.000Z', None)
    """
    text = instant_text(axis, value)
    return text if text is None or "." in text else f"{text.removesuffix('Z')}.000Z"


def time_ends(coverage: Coverage) -> tuple[str | None, str | None]:
    """The first and the last time of a dataset, see `instant`; none where it has no times."""
    axis = coverage.axis_of("T")
    if axis is None or not axis.size:
        return None, None
    nodes = Nodes(axis)
    return instant(axis, nodes[0]), instant(axis, nodes[-1])


def asked_ends(coverage: Coverage) -> tuple[str | None, str | None]:
    """The first and the last time as clients ask for them: to the second, and no time is lost."""
    axis = coverage.axis_of("T")
    clock = None if axis is None or not axis.size else shown_clock(axis)
    if axis is None or clock is None:
        return None, None
    nodes = Nodes(axis)
    start, end = instant(axis, nodes[0]), instant(axis, nodes[-1])
    if end is not None and not end.endswith(".000Z"):
        end = instant(axis, nodes[-1] + float(1 / clock.unit_s))
    return _to_the_second(start), _to_the_second(end)


def _to_the_second(instant: str | None) -> str | None:
    return None if instant is None else instant.partition(".")[0].replace("T", " ")


def shown_ends(coverage: Coverage) -> tuple[str, ...]:
    """The first and the last time to a person, as every door shows them; none without times."""
    axis = coverage.axis_of("T")
    if axis is None or not axis.size:
        return ()
    nodes = Nodes(axis)
    return time_text(axis, nodes[0]), time_text(axis, nodes[-1])
