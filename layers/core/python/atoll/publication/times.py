"""Times of one file told in another's units, to the same instants. All CF calendars."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from atoll.errors import DataError
from atoll.model.coverage import Attributes
from atoll.planning.calendars import calendar_named
from atoll.planning.clock import Clock, clock_of
from atoll.publication.axes import counts_time
from atoll.publication.fields import Contents, Field, Numbers, Reader, Region

_PER_SECOND = 1000
_TOLD = ("units", "calendar", "time_origin")
_LIMITS = ("valid_min", "valid_max", "valid_range", "actual_range")


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
        teller, other = _teller(name, contents), _teller(name, reference)
        if teller is None or other is None:
            continue
        source, target = _Told.by(teller, contents.origin), _Told.by(other, reference.origin)
        anew = source.words != target.words
        attributes = _retold(field.attributes, reference.fields[name], anew=anew)
        fields[name] = replace(field, attributes=attributes)
        if anew:
            gaps = teller.dimensions != (teller.name,)
            fields[name] = replace(fields[name], read=_read(field, source, target, gaps=gaps))
    return replace(contents, fields=fields)


def _teller(name: str, contents: Contents) -> Field | None:
    """The field that tells a field's units of time: itself, or the one whose bounds it is."""
    field = contents.fields.get(name)
    if field is None or counts_time(field):
        return field
    return next((each for each in contents.fields.values() if counts_time(each)
                 and name in (each.text("bounds"), each.text("climatology"))), None)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Told:
    """How a field tells time.

    Attributes:
        words: its units and calendar.
        origin: of the contents that it is in, for messages.
    """

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


def _retold(attributes: Attributes, other: Field, *, anew: bool) -> Attributes:
    """Attributes with the other's units, calendar and what tells them a second time.

    Limits told in units that are no longer there would call every time invalid.
    """
    dropped = {*_TOLD, *_LIMITS} if anew else set(_TOLD)
    retold = {key: value for key, value in attributes.items() if key not in dropped}
    retold.update((key, other.attributes[key]) for key in _TOLD if key in other.attributes)
    return retold


def _read(field: Field, source: _Told, target: _Told, *, gaps: bool) -> Reader:
    """Reads times told anew; where there may be gaps, "no time" stays as it is."""
    if calendar_named(source.words[1]) is not calendar_named(target.words[1]):
        raise DataError(
            f"{field.name}: calendar {source.words[1]} in {source.origin} and"
            f" {target.words[1]} in {target.origin}; set time.calendar in the product"
        )
    old, new = source.clock(), target.clock()

    def read(region: Region) -> Numbers:
        numbers = field.read(region)
        told = np.isfinite(numbers.astype("<f8"))
        if not gaps and not told.all():
            raise DataError(f"{source.origin}: {field.name} holds a time that is no number")
        if gaps and field.fill_value is not None:
            told &= numbers != field.fill_value
        distinct, places = np.unique(numbers[told], return_inverse=True)  # pixels share times
        anew = np.array([_told_anew(each, old, new) for each in distinct.tolist()], field.dtype)
        if gaps and field.fill_value in anew:
            raise DataError(
                f"{source.origin}: {field.name} in {target.words[0]} holds {field.fill_value} as a"
                f" time: it cannot be the fill; set fill_values.{field.name} in the product"
            )
        numbers[told] = anew[places]
        return numbers

    return read


def _told_anew(number: float, old: Clock, new: Clock) -> float:
    """The instant, to the millisecond: a third of a day in float64 is half a microsecond off."""
    instant_s = Fraction(number) * old.unit_s + old.origin_s
    snapped_s = Fraction(round(instant_s * _PER_SECOND), _PER_SECOND)
    return float((snapped_s - new.origin_s) / new.unit_s)
