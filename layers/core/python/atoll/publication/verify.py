"""Reads a revision that nobody sees yet, and compares it with what a delivery brought."""

from collections.abc import Iterator
from dataclasses import dataclass

from atoll.errors import DataError
from atoll.model.product import LayoutName
from atoll.publication.fields import Contents, Field, Numbers, Region, same
from atoll.publication.layout import moves_of, time_axis, written
from atoll.publication.merge import Merged
from atoll.publication.moves import regions_of
from atoll.publication.ranges import Ranges
from atoll.publication.scratch import as_read_for
from atoll.publication.stored import Stored
from atoll.publication.timeline import STORED


def verify(merged: Merged, before: Stored | None, after: Stored, recorded: Ranges) -> None:
    """Every number that was written, all times and all sizes are what they shall be.

    Of chunks whose references were moved the first and last steps of each run are read.

    Args:
        merged: the dataset as it shall be; the files are read once more.
        before: the revision that it was.
        after: the revision that was written.
        recorded: ranges of what was written.

    Raises:
        DataError: something is not what it shall be.
    """
    _check_times(merged, before)
    for layout in after.arrays:
        old = None if before is None else before.of(layout)
        with as_read_for(layout, merged) as source:
            seen = _ranges_of(layout, source, old, after)
        if seen.found != recorded.found:
            raise DataError(f"{layout} ranges over {seen.found}, and the files {recorded.found}")


def _ranges_of(layout: LayoutName, merged: Merged, old: Contents | None, after: Stored) -> Ranges:
    """The ranges of a layout's numbers, after all of them have been compared."""
    wanted, found, seen = merged.contents(old), after.of(layout), Ranges(merged)
    for name, field in wanted.fields.items():
        place = _Place(merged, old, after.arrays[layout][name].chunks)
        _check(found.fields[name], field, place, seen)
    return seen


def _check_times(merged: Merged, before: Stored | None) -> None:
    """Times that are no file's are those that were there."""
    timeline = merged.timeline
    if timeline is None or before is None or before.contents.time_field is None:
        return
    kept = timeline.sources == STORED
    old = before.contents.time_field.whole()
    if not same(old[timeline.places[kept]], timeline.times[kept]):
        raise DataError("times that the delivery does not touch would change")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an array lies.

    Attributes:
        merged: the dataset as it shall be.
        old: what its layout held before.
        chunks: shape of its chunks.
    """

    merged: Merged
    old: Contents | None
    chunks: tuple[int, ...]

    def beside(self, field: Field) -> Iterator[Region]:
        """What is read besides what was written: all coordinates, and ends of moved runs."""
        axis = time_axis(field, self.merged)
        if len(field.shape) == 1:
            yield (slice(0, field.shape[0]),)
        elif axis is not None and self.old is not None:
            for steps in moves_of(self.merged, self.chunks[axis]).looked_at():
                yield from regions_of(field, self.chunks, axis, steps)


def _check(found: Field, wanted: Field, place: _Place, seen: Ranges) -> None:
    if found.shape != wanted.shape:
        raise DataError(f"{wanted.name}: {list(found.shape)} nodes were read back,"
                        f" {list(wanted.shape)} were written")  # fmt: skip
    for region in written(wanted, place.chunks, place.merged, place.old):
        values = found.read(region)
        seen.see(wanted, region, values)
        _compare(values, wanted, region)
    for region in place.beside(wanted):
        _compare(found.read(region), wanted, region)


def _compare(values: Numbers, wanted: Field, region: Region) -> None:
    if not same(values, wanted.read(region)):
        raise DataError(f"{wanted.name}: what was read back is not what was written")
