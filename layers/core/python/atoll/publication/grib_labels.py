"""What a GRIB field is of: parameter, level, time, member and grid, never its place in a file."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

import eccodes

from atoll.errors import DataError
from atoll.model.product import GribSettings
from atoll.publication.grib_messages import FieldBytes
from atoll.publication.grib_names import ALONG_GRID, CELL_METHODS, LEVEL_TYPES, units_of

_UNKNOWN = "unknown"

type Level = tuple[float, float]  # top and bottom; the same where it is no layer


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a field's numbers are, in eccodes' words.

    Attributes:
        name: of the variable that it becomes.
        level_type: eccodes' typeOfLevel.
        attributes: CF.
    """

    name: str
    short_name: str
    level_type: str
    step_type: str
    attributes: tuple[tuple[str, str], ...]

    @property
    def told(self) -> str:
        """For messages."""
        return f"{self.short_name} ({self.level_type}, {self.step_type})"


@dataclass(frozen=True, slots=True)
class Label:
    """Where a field's numbers belong.

    Attributes:
        level: None = its type of level has no heights.
        time_s: that it is valid at, seconds since 1970.
        reference_s: that the forecast starts from; an analysis starts at its own time.
        member: of an ensemble; None = there is none.
        grid: digest of its definition.
    """

    parameter: Parameter
    level: Level | None
    time_s: int
    reference_s: int
    member: int | None
    grid: str

    @property
    def told(self) -> str:
        """For messages."""
        level = "" if self.level is None else f" level {level_text(self.level)}"
        member = "" if self.member is None else f" member {self.member}"
        time = datetime.fromtimestamp(self.time_s, UTC).strftime("%Y-%m-%dT%H:%MZ")
        return f"{self.parameter.short_name}{level} {time}{member}"


def level_text(level: Level) -> str:
    """A level, or a layer by both its ends."""
    top, bottom = level
    return f"{top:g}" if top == bottom else f"{top:g}-{bottom:g}"


@contextmanager
def opened(file: BinaryIO, field: FieldBytes, origin: str) -> Iterator[int]:
    """Eccodes' handle of a field; what it cannot do is an error.

    Raises:
        DataError: eccodes cannot read the field.
    """
    handle = None
    try:
        handle = eccodes.codes_new_from_message(field.read(file))
        yield handle
    except (eccodes.CodesInternalError, ValueError) as error:
        raise DataError(f"{origin}: field {field.number} cannot be read ({error})") from error
    finally:
        if handle is not None:
            eccodes.codes_release(handle)


def is_selected(handle: int, settings: GribSettings) -> bool:
    """Whether the product wants a field; one that has not a key has no value of it."""
    return all(_text(handle, key) in {str(value) for value in values}
               for key, values in settings.select.items())  # fmt: skip


def label_of(handle: int) -> Label:
    """A field's label, by its keys."""
    parameter = _parameter(handle)
    reference_s = _seconds(handle, "dataDate", "dataTime")
    return Label(
        parameter=parameter,
        level=_level(handle) if parameter.level_type in LEVEL_TYPES else None,
        time_s=_seconds(handle, "validityDate", "validityTime"),
        reference_s=reference_s,
        member=_member(handle),
        grid=_text(handle, "md5GridSection"),
    )


def _parameter(handle: int) -> Parameter:
    short_name = _text(handle, "shortName")
    name = _text(handle, "cfVarName")
    step_type = _text(handle, "stepType")
    attributes = {"long_name": _text(handle, "name"), "units": units_of(_text(handle, "units"))}
    standard_name = _standard_name(handle)
    if standard_name and standard_name != _UNKNOWN:
        attributes["standard_name"] = standard_name
    if step_type in CELL_METHODS:
        attributes["cell_methods"] = CELL_METHODS[step_type]
    if _UNKNOWN in {short_name, name}:
        name = short_name = _by_number(handle)
    return Parameter(
        name, short_name, _text(handle, "typeOfLevel"), step_type, tuple(attributes.items())
    )


def _standard_name(handle: int) -> str:
    """CF's name; winds that are told along a turned grid blow along its rows and columns."""
    name = _text(handle, "cfName")
    along_grid = _text(handle, "uvRelativeToGrid") == "1"
    if along_grid and not _text(handle, "gridType").startswith("regular_"):
        return ALONG_GRID.get(name, name)
    return name


def _by_number(handle: int) -> str:
    """A name for a parameter that eccodes has none for."""
    first = _text(handle, "edition") == "1"
    keys = (
        ("table2Version", "indicatorOfParameter")
        if first
        else ("discipline", "parameterCategory", "parameterNumber")
    )
    return "_".join(["parameter", *(_text(handle, key) for key in keys)])


def _text(handle: int, key: str) -> str:
    if not eccodes.codes_is_defined(handle, key):
        return ""
    return str(eccodes.codes_get_string(handle, key))


def _level(handle: int) -> Level:
    ends = [eccodes.codes_get_double(handle, key) for key in ("topLevel", "bottomLevel")]
    if _text(handle, "typeOfLevel").endswith("Layer"):
        return min(ends), max(ends)
    level = eccodes.codes_get_double(handle, "level")
    return level, level


def _member(handle: int) -> int | None:
    """An ensemble's member; deterministic runs tell a number of 0 of 0."""
    if not eccodes.codes_is_defined(handle, "number"):
        return None
    number = int(eccodes.codes_get_long(handle, "number"))
    single = _text(handle, "totalNumber") in {"0", "1"}
    return None if single and number == 0 else number


def _seconds(handle: int, date_key: str, time_key: str) -> int:
    date = int(eccodes.codes_get_long(handle, date_key))
    time = int(eccodes.codes_get_long(handle, time_key))
    day = datetime(date // 10000, date // 100 % 100, date % 100, tzinfo=UTC)
    return int(day.timestamp()) + time // 100 * 3600 + time % 100 * 60
