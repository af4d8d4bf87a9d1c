"""A dataset and the operations of a delivery become the dataset as it shall be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from atoll.errors import DataError
from atoll.model.coverage import Axis, ExplicitValues
from atoll.model.moment import Period
from atoll.planning.clock import clock_of
from atoll.planning.period import time_range
from atoll.publication.alike import check_alike, check_axes, check_increasing
from atoll.publication.assemble import assemble
from atoll.publication.companions import variable_roles
from atoll.publication.compare import check_fixed, check_unchanged
from atoll.publication.fields import Contents
from atoll.publication.timeline import STORED, Timeline, Times
from atoll.publication.times import check_time, in_units_of
from atoll.publication.work import Change

_AS_GOOD_AS_EQUAL_S = 0.0005  # times told anew are rounded to the millisecond

type Opened = tuple[Change, Contents | None]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a dataset shall be.

    Attributes:
        newest: attributes, and all that does not depend on time, are its.
        files: of the delivery, by number from 1, times in the dataset's units.
        timeline: source of every time; None = there is no T axis.
        renewed: there is no T axis, and all numbers are the newest file's.
    """

    newest: Contents
    files: Mapping[int, Contents]
    timeline: Timeline | None
    renewed: bool = False

    def contents(self, old: Contents | None) -> Contents:
        """The dataset as it shall be, where it was `old`."""
        if self.timeline is None:
            return self.newest
        stored = {} if old is None else {STORED: old}
        return assemble(self.newest, self.timeline, {**stored, **self.files})


def merge(stored: Contents | None, operations: Sequence[Opened]) -> Merged:
    """Do the operations in order, in thought; numbers are read to be compared alone.

    Args:
        stored: the dataset as it is; None = there is none yet.
        operations: each with its file's contents, repaired; None = it has no file.

    Raises:
        DataError: a file does not belong to the dataset, a `put` would change it, or no time
            would be left.
        EmptySelection: nothing lies in a `delete`'s period; it names the nearest times.
        InvalidParameter: a period cannot be meant in the dataset's calendar.
    """
    reference = next((each for each in (stored, *_files(operations)) if each is not None), None)
    if reference is None:
        raise DataError("there is no dataset yet to delete times of")
    if reference.time is None:
        return _without_time(stored, operations, reference)
    times = np.empty(0) if stored is None else _times(stored)
    merged = Merged(reference, {}, Timeline.of_stored(times))
    for operation in operations:
        merged = _done(merged, stored, operation, reference)
    if merged.timeline is not None and not len(merged.timeline.times):
        raise DataError("the delivery deletes every time; a dataset keeps one at least")
    return merged


def _files(operations: Iterable[Opened]) -> list[Contents]:
    return [contents for _, contents in operations if contents is not None]


def _times(contents: Contents) -> Times:
    field = contents.time_field
    return np.empty(0) if field is None else field.whole().astype("<f8")


def _done(
    merged: Merged, stored: Contents | None, operation: Opened, reference: Contents
) -> Merged:
    """With one operation more."""
    change, contents = operation
    timeline = merged.timeline
    if timeline is None:
        return merged
    if contents is None:
        steps = _steps(change.period or Period(), merged.newest, timeline)
        return replace(merged, timeline=timeline.without(steps))
    check_axes(contents)
    check_time(contents)
    file = in_units_of(contents, reference)
    check_alike(reference, file)
    times = timeline.near(_times(file), _apart(file))
    check_increasing(file, times)
    number = len(merged.files) + 1
    if change.action == "put":
        before = merged.contents(stored)
        check_unchanged(file, before, *timeline.shared(times))
        timeline = timeline.put(number, times)
    else:
        timeline = timeline.replaced(number, times)
    last = bool(times[-1] >= timeline.times[-1])
    files = {**merged.files, number: file}
    return Merged(file if last else merged.newest, files, timeline)


def _apart(file: Contents) -> float:
    """As much as the same time may differ after it has been told in other units."""
    field = file.time_field
    clock = None if field is None else clock_of(field.text("units"), field.text("calendar"))
    return 0.0 if clock is None else float(_AS_GOOD_AS_EQUAL_S / clock.unit_s)


def _steps(period: Period, newest: Contents, timeline: Timeline) -> range:
    """The steps of a period, ends included."""
    field = newest.time_field
    if field is None or not len(timeline.times):
        raise DataError("no time is left to delete")
    axis = Axis(
        name=field.name,
        role="T",
        dtype=field.dtype.str,
        values=ExplicitValues(values=tuple(timeline.times.tolist())),
        units=field.text("units"),
        calendar=field.text("calendar") or None,
    )
    return time_range(axis, _without_neighbours(period), "inside")


def _without_neighbours(period: Period) -> Period:
    """A period that takes an instant itself alone: who orders an instant is given the nearest."""
    start, end = period.start, period.end
    if start is None or start != end or start.second is None:
        return period
    apart_s = _AS_GOOD_AS_EQUAL_S
    ends = [start.model_copy(update={"second": start.second + way * apart_s}) for way in (-1, 1)]
    return Period(start=ends[0], end=ends[1])


def _without_time(
    stored: Contents | None, operations: Sequence[Opened], reference: Contents
) -> Merged:
    """Of a dataset without a T axis the whole is there, or another whole."""
    data = {name for name, role in variable_roles(reference).items() if role == "data"}
    current = stored
    for change, contents in operations:
        if contents is None:
            raise DataError("a dataset without a time axis has no times to delete")
        check_axes(contents)
        check_alike(reference, contents, data)
        if current is not None and change.action == "put":
            check_fixed(contents, current)
        current = contents
    renewed = any(change.action == "replace" for change, _ in operations)
    return Merged(current or reference, {}, None, renewed=renewed)
