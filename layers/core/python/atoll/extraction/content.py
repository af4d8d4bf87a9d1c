"""The result as a file: dimensions, coordinates, variables, in order."""

from collections.abc import Sequence

from atoll.errors import FormatUnfit
from atoll.extraction.array_reader import Workers
from atoll.extraction.attributes import VALID
from atoll.extraction.coordinates import coordinate
from atoll.extraction.netcdf_file import AttributeValue, FileContent, FileVariable
from atoll.extraction.prepare import Preparation
from atoll.extraction.stream import Stream, whole
from atoll.extraction.values import written_attributes


def file_content(
    prepared: Preparation,
    streams: Sequence[Stream],
    attributes: dict[str, AttributeValue],
    workers: Workers,
) -> tuple[FileContent, int]:
    """Describe the file; small variables are read for it.

    Returns:
        the description; how many cells of data that were read here have data.

    Raises:
        FormatUnfit: a variable of several dimensions is named like one of them.
        DataError, Unavailable: see ArrayReader.
    """
    coverage, plan = prepared.coverage, prepared.plan
    taken = {axis.name: axis for axis in plan.axes}
    present = frozenset(
        {stream.name for stream in streams}
        | {name for name in taken if coverage.axis_by_name[name].has_coordinate}
    )
    dimensions: dict[str, int] = {}
    variables = []
    with_data = 0
    for stream in streams:
        variable, count = _variable(prepared, stream, present, workers)
        dimensions |= dict(zip(variable.dimensions, stream.cut.shape, strict=True))
        variables.append(variable)
        with_data += count
    coordinates = [
        coordinate(coverage.axis_by_name[name], taken[name], present)
        for name in dimensions
        if name in present and name in taken
    ]
    return FileContent(dimensions, (*coordinates, *variables), attributes), with_data


def _variable(
    prepared: Preparation, stream: Stream, present: frozenset[str], workers: Workers
) -> tuple[FileVariable, int]:
    """One variable, read if it is small; its cells of data that were read."""
    variable = prepared.coverage.variable_by_name[stream.name]
    if variable.name in variable.dimensions and len(variable.dimensions) > 1:
        raise FormatUnfit(f"{variable.name}: CF 5 has no coordinate variable of 2 dimensions")
    chunked = prepared.in_chunks(stream)
    values, count = (None, 0) if chunked else whole(stream, workers)
    said = written_attributes(variable, stream.meant, present)
    if stream.shifts is not None:
        said = {name: value for name, value in said.items() if name not in VALID}
    described = FileVariable(
        name=variable.name,
        dtype=stream.meant.dtype,
        dimensions=variable.dimensions,
        attributes=said,
        values=values,
        chunk_shape=stream.cut.chunk if chunked else None,
        fill=stream.fill if "_FillValue" in said else None,
    )
    return described, count if prepared.is_data(stream) else 0
