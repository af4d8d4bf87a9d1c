"""Periods of a search, as texts that sort as the instants do."""

from datetime import UTC, datetime, timedelta

from atoll.dialects.iso8601 import parse_datetime
from atoll.errors import InvalidParameter
from atoll.model.moment import Moment

YEARS = range(1, 10_000)


def period_of(text: str) -> tuple[str, str]:
    """The first and the last second of an OGC `datetime`; empty = open.

    Raises:
        InvalidParameter: it is none, or of years that records do not tell.

    Examples:
        >>> period_of("1982-02/..")
        ('1982-02-01T00:00:00Z', '')
        >>> period_of("1982-01-16T01:00:00+02:00")
        ('1982-01-15T23:00:00Z', '1982-01-15T23:00:00Z')
        >>> period_of("1982")[1]
        '1982-12-31T23:59:59Z'
    """
    period = parse_datetime(text)
    for moment in (period.start, period.end):
        if moment is not None and moment.year not in YEARS:
            raise InvalidParameter("datetime", text, "years 0001 to 9999 are")
    start = "" if period.start is None else _text(period.start, text, is_end=False)
    end = "" if period.end is None else _text(period.end, text, is_end=True)
    if start and end and start > end:
        raise InvalidParameter("datetime", text, "an interval ends after it begins")
    return start, end


def _text(moment: Moment, said: str, *, is_end: bool) -> str:
    month = moment.month or (12 if is_end else 1)
    # Texts are compared, not dates: there is none after the 31st of any month.
    if moment.second is None:
        day = moment.day or (31 if is_end else 1)
        clock = "23:59:59" if is_end else "00:00:00"
        return f"{moment.year:04}-{month:02}-{day:02}T{clock}Z"
    try:
        of_day = datetime(moment.year, month, moment.day or 1, tzinfo=UTC)
        instant = of_day + timedelta(seconds=moment.second)
    except (ValueError, OverflowError) as fault:
        raise InvalidParameter("datetime", said, "dates of the calendar are") from fault
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
