"""Times of one file told in another's units, to the same instants. All CF calendars."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from atoll.errors import DataError
from atoll.model.coverage import Attributes
from atoll.planning.calendars import calendar_named
from atoll.planning.clock import Clock, clock_of
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region

_PER_SECOND = 1000
_TOLD = ("units", "calendar", "time_origin")


def check_time(contents: Contents) -> None:
    """The T axis tells moments.

    Raises:
        DataError: its calendar or units cannot be understood.
    """
    field = contents.time_field
    if field is not None:
        _Told.by(field, contents.origin).clock()


def in_units_of(contents: Contents, reference: Contents) -> Contents:
    """The same contents, every time in the units that the reference's field of that name has.

    Raises:
        DataError: the calendars differ, or units cannot be understood.
    """
    fields = dict(contents.fields)
    for name, field in contents.fields.items():
        other = reference.fields.get(name)
        if other is None or " since " not in field.text("units"):
            continue
        source, target = _Told.by(field, contents.origin), _Told.by(other, reference.origin)
        if source.words != target.words:
            for each in (name, field.text("bounds"), field.text("climatology")):
                if each in fields:
                    fields[each] = replace(fields[each], read=_read(fields[each], source, target))
        fields[name] = replace(fields[name], attributes=_retold(field.attributes, other))
    return replace(contents, fields=fields)


@dataclass(frozen=True, slots=True)
class _Told:
    """How a field tells time."""

    words: tuple[str, str]
    origin: str

    @classmethod
    def by(cls, field: Field, origin: str) -> "_Told":
        """By the field's attributes; the calendar is `standard` where none is told (CF 4.4.1)."""
        return cls((field.text("units"), field.text("calendar") or "standard"), origin)

    def clock(self) -> Clock:
        """What the numbers count."""
        clock = clock_of(*self.words)
        if clock is None:
            raise DataError(
                f"{self.origin}: units {self.words[0]!r} in calendar {self.words[1]!r} tell no"
                " moments; set the variable's units, or time.calendar, in the product"
            )
        return clock


def _retold(attributes: Attributes, other: Field) -> Attributes:
    """Attributes with the other's units, calendar and what tells them a second time."""
    retold = {key: value for key, value in attributes.items() if key not in _TOLD}
    retold.update((key, other.attributes[key]) for key in _TOLD if key in other.attributes)
    return retold


def _read(field: Field, source: _Told, target: _Told) -> Reader:
    if calendar_named(source.words[1]) is not calendar_named(target.words[1]):
        raise DataError(
            f"{field.name}: calendar {source.words[1]} in {source.origin} and"
            f" {target.words[1]} in {target.origin}; set time.calendar in the product"
        )
    old, new = source.clock(), target.clock()

    def read(region: Region) -> Numbers:
        numbers = field.read(region)
        if not np.isfinite(numbers.astype("<f8")).all():
            raise DataError(f"{source.origin}: {field.name} holds a time that is no number")
        told = [_told_anew(each, old, new) for each in numbers.ravel().tolist()]
        return np.array(told, dtype=field.dtype).reshape(numbers.shape)

    return read


def _told_anew(number: float, old: Clock, new: Clock) -> float:
    """The instant, to the millisecond: a third of a day in float64 is half a microsecond off."""
    instant_s = Fraction(number) * old.unit_s + old.origin_s
    snapped_s = Fraction(round(instant_s * _PER_SECOND), _PER_SECOND)
    return float((snapped_s - new.origin_s) / new.unit_s)
