"""A dataset as it shall be, read from what it was and from a delivery's files."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from atoll.publication.fields import Contents, Field, Numbers, Reader, Region
from atoll.publication.timeline import Run, Timeline


def assemble(newest: Contents, timeline: Timeline, sources: Mapping[int, Contents]) -> Contents:
    """Contents whose steps come from several sources, each read where it is asked for.

    Args:
        newest: attributes, and all that does not depend on time, are its.
        timeline: source and place of every step.
        sources: by their numbers.
    """
    fields = {name: _assembled(field, newest.time, timeline, sources)
              for name, field in newest.fields.items()}  # fmt: skip
    return replace(newest, fields=fields)


def _assembled(
    field: Field, time: str | None, timeline: Timeline, sources: Mapping[int, Contents]
) -> Field:
    if time not in field.dimensions:
        return field
    axis = field.dimensions.index(time)
    shape = (*field.shape[:axis], len(timeline.times), *field.shape[axis + 1 :])
    if field.name == time:
        return replace(field, shape=shape, read=lambda region: timeline.times[region].copy())
    parts = {number: each.fields[field.name] for number, each in sources.items()}
    return replace(field, shape=shape, read=_reader(parts, axis, timeline))


def _reader(parts: Mapping[int, Field], axis: int, timeline: Timeline) -> Reader:
    def read(region: Region) -> Numbers:
        wanted = range(region[axis].start, region[axis].stop)
        runs = list(timeline.runs(wanted))
        if len(runs) == 1:
            return _piece(parts[runs[0].source], region, axis, runs[0])
        shape = [each.stop - each.start for each in region]
        numbers = np.empty(shape, next(iter(parts.values())).dtype)
        for run in runs:
            steps = slice(run.steps.start - wanted.start, run.steps.stop - wanted.start)
            piece = _piece(parts[run.source], region, axis, run)
            np.copyto(numbers[(slice(None),) * axis + (steps,)], piece, casting="equiv")
        return numbers

    return read


def _piece(field: Field, region: Region, axis: int, run: Run) -> Numbers:
    inside = slice(run.place, run.place + len(run.steps))
    return field.read((*region[:axis], inside, *region[axis + 1 :]))
