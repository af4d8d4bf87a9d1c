"""A dataset as it shall be, read from what it was and from a delivery's files."""

from collections.abc import Mapping, Sequence
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
        pieces = [_piece(parts[run.source], region, axis, run) for run in timeline.runs(wanted)]
        return _joined(pieces, axis)

    return read


def _piece(field: Field, region: Region, axis: int, run: Run) -> Numbers:
    inside = slice(run.place, run.place + len(run.steps))
    return field.read((*region[:axis], inside, *region[axis + 1 :]))


def _joined(pieces: Sequence[Numbers], axis: int) -> Numbers:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=axis)
