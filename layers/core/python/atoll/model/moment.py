"""A date as a person writes it, before any calendar has given it a meaning."""

from typing import Self

from pydantic import model_validator

from atoll.model.value import Value


class Moment(Value):
    """A year, or a month, a day or an instant in it, in UTC and in no calendar yet.

    Planning gives it a number on a time axis, in that axis's calendar: 30 February is a
    day in `360_day` and an error in `gregorian`.

    Attributes:
        year: astronomical; year 0 is the year before year 1.
        month: 1..12; None = the whole year.
        day: 1..31; None = the whole month.
        second: seconds since that day began, UTC; None = the whole day. An offset from
            UTC may bring it below 0 or above 86,400.
    """

    year: int
    month: int | None = None
    day: int | None = None
    second: float | None = None

    @model_validator(mode="after")
    def _no_gap(self) -> Self:
        parts = (self.month, self.day, self.second)
        given = [part is not None for part in parts]
        if given != sorted(given, reverse=True):
            raise ValueError("a day needs a month, and an hour needs a day")
        return self


class Period(Value):
    """Two moments, both included; None = open."""

    start: Moment | None = None
    end: Moment | None = None
