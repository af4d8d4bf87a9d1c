"""What a raster's bands are: their type, what is no data in all of them, what is said of each."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from atoll.errors import FormatUnfit
from atoll.extraction.formats.signs import shown_dtype
from atoll.extraction.formats.texts import as_text
from atoll.extraction.netcdf_file import AttributeValue
from atoll.extraction.stream import Stream
from atoll.extraction.values import written_attributes
from atoll.model.coverage import Coverage, Variable
from atoll.model.plan import SubsetPlan
from atoll.planning.calendar import moment_text
from atoll.planning.clock import clock_of

NO_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Band:
    """One data variable.

    Attributes:
        variable: described.
        stream: of its values.
        dtype: in which their bits are shown.
    """

    variable: Variable
    stream: Stream
    dtype: np.dtype[np.generic]


def bands_of(coverage: Coverage, streams: Sequence[Stream]) -> list[Band]:
    """A band for each data variable.

    Raises:
        FormatUnfit: there is none, or they have several types.
    """
    found = []
    for stream in streams:
        variable = coverage.variable_by_name[stream.name]
        if variable.role == "data":
            found.append(Band(variable, stream, shown_dtype(variable, stream.meant.dtype)))
    if len({band.dtype for band in found}) != 1:
        shown = ", ".join(f"{band.variable.name} {band.dtype}" for band in found)
        raise FormatUnfit(f"bands of a raster have one type of value, not several: {shown or '-'}")
    return found


def no_data(bands: Sequence[Band]) -> float | int | None:
    """The one value that is no data in every band; None = there is none.

    Raises:
        FormatUnfit: packed bands have several.
    """
    if bands[0].dtype.kind == "f":
        return float("nan")
    missing = {band.variable.name: band.stream.meant.missing for band in bands}
    first = {
        name: values[0].astype(band.stream.meant.dtype).view(band.dtype).item() if values else None
        for (name, values), band in zip(missing.items(), bands, strict=True)
    }
    if len(set(first.values())) > 1:
        raise FormatUnfit(
            f"bands of a raster have one fill value, not several: {first}; with packing 'decode' "
            "they can have one"
        )
    return next(iter(first.values()))


def metadata(
    coverage: Coverage,
    plan: SubsetPlan,
    bands: Sequence[Band],
    attributes: dict[str, AttributeValue],
) -> str:
    """GDAL's metadata: global attributes, and those of each band, with its place."""
    items = [_item(name, value) for name, value in attributes.items()]
    for number, band in enumerate(bands):
        items += _of_band(number, band)
        items += [
            _item(name, value, f' sample="{number}"')
            for name, value in _place(coverage, plan, band.variable)
        ]
    return "<GDALMetadata>\n" + "\n".join(items) + "\n</GDALMetadata>\n"


def _of_band(number: int, band: Band) -> Iterator[str]:
    said = written_attributes(band.variable, band.stream.meant, frozenset())
    roles = {"description": band.variable.name}
    roles |= {"unittype": as_text(said["units"])} if "units" in said else {}
    for name, role in (("scale_factor", "scale"), ("add_offset", "offset")):
        roles |= {role: as_text(said[name])} if name in said else {}
    for role, value in roles.items():
        yield _item(role.upper(), value, f' sample="{number}" role="{role}"')
    for name, found in said.items():
        if name != "_FillValue":
            yield _item(name, found, f' sample="{number}"')


def _place(coverage: Coverage, plan: SubsetPlan, variable: Variable) -> Iterator[tuple[str, str]]:
    """Where the map lies on the other axes."""
    for taken in plan.axes:
        axis = coverage.axis_by_name[taken.name]
        if axis.name in variable.dimensions and axis.role not in "XY" and axis.has_coordinate:
            counted = axis.role == "T" and not axis.climatology
            if counted and clock_of(axis.units, axis.calendar) is not None:
                yield axis.name, moment_text(taken.first, axis.units, axis.calendar)
            else:
                yield axis.name, f"{taken.first!r} {axis.units}".strip()


def _item(name: str, value: AttributeValue, more: str = "") -> str:
    text = html.escape(NO_XML.sub(" ", as_text(value)), quote=False)
    return f'  <Item name="{html.escape(name)}"{more}>{text}</Item>'
