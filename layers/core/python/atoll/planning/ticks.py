"""Steps of time axes, in whole ticks and as ISO 8601 durations."""

from dataclasses import dataclass
from fractions import Fraction

from atoll.model.coverage import Axis, RegularValues
from atoll.planning.period import shown_clock

_SHORTEST_TICK_S = Fraction(1, 1000)  # what the text of a time shows
_TICKS_OF_A_NUMBER = 1_000_000
_DURATIONS_S = (("Y", 365 * 86_400), ("M", 30 * 86_400), ("D", 86_400))
_CLOCK_S = (("H", 3600), ("M", 60))


@dataclass(frozen=True, slots=True)
class Ticks:
    """A time axis counted in whole ticks, in which equal steps are equal.

    Attributes:
        per_unit: ticks of one unit of the axis.
        tick_s: None = its numbers are no dates.
    """

    per_unit: int
    tick_s: Fraction | None

    def count(self, value: float) -> int:
        """Ticks of a number of the axis."""
        return round(value * self.per_unit)

    def step_text(self, ticks: int) -> str:
        """A step: a duration, or a number of the axis."""
        if self.tick_s is None:
            return f"{ticks / self.per_unit}"
        return duration_text(ticks * self.tick_s)


def ticks_of(axis: Axis) -> Ticks:
    """The ticks of a time axis: milliseconds, or the axis's units where they are shorter."""
    clock = shown_clock(axis)
    if clock is None:
        return Ticks(_TICKS_OF_A_NUMBER, None)
    tick_s = min(_SHORTEST_TICK_S, clock.unit_s)
    return Ticks(int(clock.unit_s / tick_s), tick_s)


def step_duration(axis: Axis) -> str | None:
    """The step of a time axis as a duration; None where it varies or is none."""
    ticks = ticks_of(axis)
    if not isinstance(axis.values, RegularValues) or axis.size <= 1 or ticks.tick_s is None:
        return None
    return duration_text(ticks.count(abs(axis.values.step)) * ticks.tick_s)


def duration_text(seconds: Fraction) -> str:
    """An ISO 8601 duration in which a month is 30 days and a year 365.

    Examples:
        >>> duration_text(Fraction(86400)), duration_text(Fraction(6 * 3600))
        ('P1D', 'PT6H')
        >>> duration_text(Fraction(730.5) * 3600), duration_text(Fraction(3, 2))
        ('P1MT10H30M', 'PT1.5S')
    """
    parts: dict[str, str] = {"date": "", "clock": ""}
    for name, units in (("date", _DURATIONS_S), ("clock", _CLOCK_S)):
        for letter, length_s in units:
            count, seconds = divmod(seconds, length_s)
            parts[name] += f"{count}{letter}" if count else ""
    if seconds or not any(parts.values()):
        parts["clock"] += f"{float(seconds):.9f}".rstrip("0").rstrip(".") + "S"
    return f"P{parts['date']}" + (f"T{parts['clock']}" if parts["clock"] else "")
