"""When deliveries are due. Pure: what time it is now is said.

A product promises a delivery every so often; each span of that length is a cycle. Cycles of
months and years begin with the calendar's, those of days and hours are counted from a Monday:
weeks begin as those of ISO 8601 do. A cycle's delivery is due at the last target time of day
within it; where cycles are shorter than a day, the target time tells when within each.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from atoll.errors import InvalidParameter
from atoll.model.delivery import DeliveryNote
from atoll.model.product import Timeliness

MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
_EVERY = re.compile(r"P(?:(\d{1,3})([YMWD]))?(?:T(\d{1,4})([HM]))?", re.ASCII)
_ACCEPTED = (
    "a duration from a minute to a year is, in years or months alone, or in weeks, days, hours "
    "and minutes, such as P1D"
)
_MONTHS_A_YEAR = 12
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A span in which a delivery is due.

    Attributes:
        start: included.
        end: not included.
        due: by when, within (start, end].
    """

    start: datetime
    end: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Promise:
    """What a product promises.

    Attributes:
        months: length of its cycles; 0 = it is `length`.
        length: of its cycles; zero = it is `months`.
        target: since midnight, UTC.
    """

    months: int
    length: timedelta
    target: timedelta

    @classmethod
    def of(cls, timeliness: Timeliness) -> Self:
        """What a product's settings promise.

        Raises:
            InvalidParameter: `timeliness.every` is no length of a cycle.
        """
        hours, minutes = timeliness.target.split(":")
        target = timedelta(hours=int(hours), minutes=int(minutes))
        found = _EVERY.fullmatch(timeliness.every)
        count, unit, time_count, time_unit = found.groups() if found else (None,) * 4
        number, time_number = int(count or 0), int(time_count or 0)
        months = {"Y": _MONTHS_A_YEAR, "M": 1}.get(unit or "", 0) * number
        days = {"W": 7, "D": 1}.get(unit or "", 0) * number
        length = timedelta(days=days, minutes=time_number * (60 if time_unit == "H" else 1))
        # One of the two.
        if bool(months) == bool(length) or months > _MONTHS_A_YEAR or length > _LONGEST:
            raise InvalidParameter("timeliness.every", timeliness.every, _ACCEPTED)
        return cls(months, length, target)

    def cycle_at(self, moment: datetime) -> Cycle:
        """The cycle that a moment lies in."""
        if self.months:
            utc = moment.astimezone(UTC)
            first = (utc.year * _MONTHS_A_YEAR + utc.month - 1) // self.months * self.months
            return self._cycle(_month(first), _month(first + self.months))
        start = MONDAY + (moment - MONDAY) // self.length * self.length
        return self._cycle(start, start + self.length)

    def due_within(self, first: datetime, end: datetime) -> Iterator[Cycle]:
        """Cycles that are due from `first` on and before `end`, the earliest first."""
        cycle = self.cycle_at(first)
        # One that ends where this one begins may be due there.
        cycle = self.cycle_at(cycle.start - timedelta(microseconds=1))
        while cycle.due < end:
            if cycle.due >= first:
                yield cycle
            cycle = self.cycle_at(cycle.end)

    def last_due(self, now: datetime) -> Cycle:
        """The newest cycle whose target time is over."""
        cycle = self.cycle_at(now)
        while cycle.due >= now:
            cycle = self.cycle_at(cycle.start - timedelta(microseconds=1))
        return cycle

    def _cycle(self, start: datetime, end: datetime) -> Cycle:
        # Target times come once a day; where cycles are shorter, once in each.
        period = min(DAY, self.length) if self.length else DAY
        return Cycle(start, end, end - (end - MONDAY - self.target) % period)


def target_of(
    timeliness: Timeliness | None, note: DeliveryNote, received_at: datetime
) -> datetime | None:
    """When a delivery is due; None = nothing is promised of it.

    Its cycle is that of its reference time, else of its production time, else of its receipt.
    What lies after its receipt is not believed: it would be in time for ever.

    Args:
        timeliness: the product's.
        note: what is delivered; of what only takes away nothing is promised.
        received_at: when.
    """
    if timeliness is None or all(one.action == "delete" for one in note.operations):
        return None
    said = note.reference_time or note.production_time
    made = received_at if said is None else datetime.fromisoformat(said)
    return Promise.of(timeliness).cycle_at(min(made, received_at)).due


def _month(number: int) -> datetime:
    """The first moment of a month, counted from January of year 0."""
    return datetime(number // _MONTHS_A_YEAR, number % _MONTHS_A_YEAR + 1, 1, tzinfo=UTC)
