"""Which columns a long table has: axes in order, then auxiliary coordinates, then the data."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np
from arro3.core import Array as Cells
from arro3.core import DataType, Field

from atoll.errors import FormatUnfit
from atoll.extraction.array_reader import Workers
from atoll.extraction.attributes import OF_STORED_TYPE, PACKING, VALID, typed
from atoll.extraction.coordinates import axis_values
from atoll.extraction.formats.cells import Known, Read
from atoll.extraction.formats.moments import MOMENTS, moments
from atoll.extraction.formats.signs import shown_dtype
from atoll.extraction.formats.table import Column
from atoll.extraction.formats.texts import as_text
from atoll.extraction.netcdf_file import AttributeValue
from atoll.extraction.prepare import Preparation
from atoll.extraction.stream import Stream
from atoll.extraction.values import written_attributes
from atoll.model.coverage import Variable

IN_MEMORY_CELLS = 2**21  # larger auxiliary coordinates are read again for each box
# Empty cells are null, values are physical: what attributes say of stored values says nothing.
OF_STORED = OF_STORED_TYPE | {*PACKING, *VALID, "_Unsigned", "coordinates", "bounds", "climatology"}


def columns_of(
    prepared: Preparation, streams: Sequence[Stream], workers: Workers
) -> tuple[tuple[str, ...], list[Column]]:
    """The grid's dimensions, and the columns.

    Raises:
        FormatUnfit: the data variables have not all the same dimensions.
        DataError, Unavailable: see ArrayReader.
    """
    variables = prepared.coverage.variable_by_name
    data = [stream for stream in streams if prepared.is_data(stream)]
    grids = {variables[stream.name].dimensions for stream in data}
    if len(grids) != 1:
        shown = ", ".join(
            f"{one.name}({', '.join(variables[one.name].dimensions)})" for one in data
        )
        raise FormatUnfit(f"a table has one grid, and these variables have several: {shown}")
    (dimensions,) = grids
    lengths = dict(zip(dimensions, data[0].cut.shape, strict=True))
    auxiliary = [
        stream
        for stream in streams
        if variables[stream.name].role == "auxiliary"
        and set(variables[stream.name].dimensions) <= lengths.keys()
    ]
    read = [_read(variables[stream.name], stream, workers) for stream in (*auxiliary, *data)]
    taken = {column.field.name for column in read}
    axes = [_axis(prepared, name, lengths[name]) for name in dimensions if name not in taken]
    return dimensions, [*axes, *read]


def in_words(column: Column) -> Column:
    """The same column; cells in memory are text: it is made once for all rows they are in."""
    source = column.source
    if isinstance(source, Read):
        return column
    words = replace(source, cells=source.cells.cast(DataType.string()))
    return replace(column, field=column.field.with_type(DataType.string()), source=words)


def _axis(prepared: Preparation, name: str, length: int) -> Column:
    """Coordinates of one dimension; node numbers where it has none."""
    axis = prepared.coverage.axis_by_name.get(name)
    plan = next((plan for plan in prepared.plan.axes if plan.name == name), None)
    said: dict[str, AttributeValue] = {}
    if axis is None or plan is None:
        cells = Cells.from_numpy(np.arange(length, dtype=np.int32))
    else:
        values = axis_values(axis, plan)
        said = typed(axis.attributes, values.dtype, ())
        cells = moments(axis, values) or Cells.from_numpy(values)
    field = Field(name, cells.type, nullable=False, metadata=_said(said, cells.type))
    return Column(field, (name,), Known(cells, None, (range(length),)))


def _read(variable: Variable, stream: Stream, workers: Workers) -> Column:
    """The column of a variable."""
    dtype = shown_dtype(variable, stream.meant.dtype)
    kind = Cells.from_numpy(np.empty(0, dtype)).type
    said = _said(written_attributes(variable, stream.meant, frozenset()), kind)
    is_data = variable.role == "data"
    read = Read(stream, dtype)
    field = Field(variable.name, kind, metadata=said)
    if is_data or prod(stream.cut.shape) > IN_MEMORY_CELLS:
        return Column(field, variable.dimensions, read, is_data)
    whole = read.begin(tuple(map(range, stream.cut.shape)), workers)
    return Column(field, variable.dimensions, whole.known())


def _said(attributes: dict[str, AttributeValue], kind: DataType) -> dict[str, str]:
    """What a column is, as text, by the attributes of its variable."""
    gone = OF_STORED | ({"units", "calendar"} if kind in MOMENTS else set())
    return {name: as_text(value) for name, value in attributes.items() if name not in gone}
