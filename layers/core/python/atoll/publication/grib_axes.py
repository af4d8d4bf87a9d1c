"""The axes that the fields of a GRIB file span together, sorted; what does not fit is named."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from atoll.errors import DataError
from atoll.model.coverage import Attributes
from atoll.publication.fields import Field, Numbers, Region
from atoll.publication.grib_labels import Label, Level, Parameter, level_text
from atoll.publication.grib_names import level_attributes

_SELECT = "choose by grib.select in the product what belongs together"
_SECONDS: Attributes = {"units": "seconds since 1970-01-01", "calendar": "standard"}
_REFERENCE = "forecast_reference_time"
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Axes:
    """Sorted axes.

    Attributes:
        members: of an ensemble; empty = there is none.
        times: seconds since 1970, with the forecast's start of each.
        levels: of the vertical axis; empty = no parameter has more than one.
        level_type: of it.
        single: parameter -> its one level.
    """

    members: tuple[int, ...]
    times: dict[int, int]
    levels: tuple[Level, ...]
    level_type: str
    single: dict[Parameter, Level]

    def dimensions(self, parameter: Parameter) -> tuple[str, ...]:
        """Before those of the grid."""
        present = (("number", bool(self.members)), ("time", True),
                   ("level", self._has_levels(parameter)))  # fmt: skip
        return tuple(name for name, there in present if there)

    def size(self, dimension: str) -> int:
        """Nodes of one."""
        sizes = {"number": len(self.members), "time": len(self.times), "level": len(self.levels)}
        return sizes[dimension]

    def labels(self, parameter: Parameter, grid: str) -> list[Label]:
        """Of every field that the parameter must have, in the order of its cells."""
        single = self.single.get(parameter)
        levels = self.levels if self._has_levels(parameter) else (single,)
        return [Label(parameter, level, time_s, reference_s, member, grid)
                for member in self.members or (None,)
                for time_s, reference_s in self.times.items()
                for level in levels]  # fmt: skip

    def coordinates(self, parameter: Parameter) -> str:
        """Names of its coordinates that are no axes."""
        level = self.single.get(parameter)
        names = [_single_name(parameter, level)] if level is not None else []
        return " ".join([*names, *([_REFERENCE] if self._forecast else [])])

    def fields(self) -> list[Field]:
        """Coordinate variables."""
        found = [_field("time", ("time",), list(self.times),
                        {"standard_name": "time", "long_name": "time", **_SECONDS})]  # fmt: skip
        if self._forecast:
            told = {"standard_name": _REFERENCE, "long_name": "start of the forecast", **_SECONDS}
            found.append(_field(_REFERENCE, ("time",), list(self.times.values()), told))
        if self.members:
            told = {"standard_name": "realization", "long_name": "member", "units": "1"}
            found.append(_field("number", ("number",), list(self.members), told))
        if self.levels:
            found += _levels(self.levels, self.level_type)
        for parameter, level in self.single.items():
            told = level_attributes(parameter.level_type)
            found.append(_field(_single_name(parameter, level), (), float(np.mean(level)), told))
        return found

    @property
    def _forecast(self) -> bool:
        return any(time_s != reference_s for time_s, reference_s in self.times.items())

    def _has_levels(self, parameter: Parameter) -> bool:
        return (
            bool(self.levels)
            and parameter.level_type == self.level_type
            and (parameter not in self.single)
        )


def axes_of(labels: Sequence[Label], origin: str) -> Axes:
    """The axes of fields that make one dataset.

    Raises:
        DataError: they make several; the message lists what there is.
    """
    grids = {label.grid for label in labels}
    if len(grids) > 1:
        raise DataError(f"{origin}: its fields are on {len(grids)} grids; {_SELECT}")
    _check_names({label.parameter for label in labels}, origin)
    members = {label.member for label in labels}
    if None in members and len(members) > 1:
        raise DataError(f"{origin}: some fields are of an ensemble and some are not; {_SELECT}")
    heights: dict[Parameter, set[Level]] = {}
    for label in labels:
        if label.level is not None:
            heights.setdefault(label.parameter, set()).add(label.level)
    level_type, levels = _vertical(heights, origin)
    return Axes(
        members=tuple(sorted(member for member in members if member is not None)),
        times=_times(labels, origin),
        levels=levels,
        level_type=level_type,
        single={parameter: next(iter(each)) for parameter, each in heights.items()
                if len(each) == 1},
    )  # fmt: skip


def _check_names(parameters: set[Parameter], origin: str) -> None:
    holders: dict[str, list[str]] = {}
    for each in parameters:
        holders.setdefault(each.name, []).append(each.told)
    shared = {name: told for name, told in holders.items() if len(told) > 1}
    if shared:
        shown = " / ".join(f"{name} is {' and '.join(sorted(told))}"
                          for name, told in sorted(shared.items()))  # fmt: skip
        raise DataError(
            f"{origin}: parameters of one name: {shown}; {_SELECT}",
            {"variables": sorted(shared)},
        )


def _times(labels: Sequence[Label], origin: str) -> dict[int, int]:
    """Times, with the start of the forecast that each is from."""
    starts: dict[int, set[int]] = {}
    for label in labels:
        starts.setdefault(label.time_s, set()).add(label.reference_s)
    for label in labels:
        if len(starts[label.time_s]) > 1:
            raise DataError(
                f"{origin}: {label.told} is told by {len(starts[label.time_s])} forecasts;"
                f" {_SELECT}"
            )
    return {time_s: starts[time_s].pop() for time_s in sorted(starts)}


def _vertical(heights: dict[Parameter, set[Level]], origin: str) -> tuple[str, tuple[Level, ...]]:
    """The one vertical axis, and its type."""
    several = {each: sorted(levels) for each, levels in heights.items() if len(levels) > 1}
    if not several:
        return "", ()
    distinct = {(each.level_type, tuple(levels)) for each, levels in several.items()}
    if len(distinct) > 1:
        shown = " / ".join(f"{each.told} {_shown(levels)}" for each, levels in several.items())
        raise DataError(
            f"{origin}: its parameters have different levels: {shown}."
            f" {_SELECT[0].upper()}{_SELECT[1:]}"
        )
    return distinct.pop()


def _shown(levels: Sequence[Level]) -> str:
    texts = [level_text(level) for level in levels]
    if len(texts) > _MOST_SHOWN:
        texts = [*texts[: _MOST_SHOWN - 1], f"... {texts[-1]} ({len(levels)} levels)"]
    return " ".join(texts)


def _levels(levels: Sequence[Level], level_type: str) -> list[Field]:
    attributes = level_attributes(level_type)
    middles = [float(np.mean(level)) for level in levels]
    if all(top == bottom for top, bottom in levels):
        return [_field("level", ("level",), middles, attributes)]
    return [_field("level", ("level",), middles, {**attributes, "bounds": "level_bnds"}),
            _field("level_bnds", ("level", "bnds"), levels, {})]  # fmt: skip


def _single_name(parameter: Parameter, level: Level) -> str:
    return f"{parameter.level_type}_{level_text(level)}".replace("-", "_")


def _field(name: str, dimensions: tuple[str, ...], values: object, attributes: Attributes) -> Field:
    array = np.array(values, "<f8")

    def read(region: Region) -> Numbers:
        return np.array(array[region])

    return Field(name, dimensions, array.shape, array.dtype, attributes, read)
