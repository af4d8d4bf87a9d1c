"""A `put` changes nothing that is there: equal numbers are no change, others are refused."""

import numpy as np

from atoll.errors import DataError
from atoll.publication.chunks import regions
from atoll.publication.fields import Contents, Field, moved, same
from atoll.publication.timeline import Places, Run, runs_of


def check_unchanged(file: Contents, before: Contents, steps: Places, places: Places) -> None:
    """The file has the same numbers for the times that are there before it.

    Args:
        file: with times in the dataset's units.
        before: the dataset without it.
        steps: of `before`, that the file has too.
        places: of the file, one for each of `steps`.

    Raises:
        DataError: it has others.
    """
    runs = list(runs_of(steps, np.zeros_like(steps), places))
    for name, field in file.fields.items():
        if name != file.time and file.time in field.dimensions:
            for run in runs:
                _check(field, before, run, field.dimensions.index(file.time), file.origin)


def check_fixed(file: Contents, before: Contents) -> None:
    """The file of a dataset without time has the same numbers.

    Raises:
        DataError: it has others.
    """
    for name, field in file.fields.items():
        if not same_numbers(field, before.fields[name]):
            raise _changed(file.origin, name)


def same_numbers(field: Field, other: Field) -> bool:
    """Equal numbers, NaN equal to NaN, a region at a time: fields may be larger than memory."""
    if field.shape != other.shape:
        return False
    pieces = regions(field.shape, (1,) * len(field.shape), field.dtype.itemsize)
    return all(same(field.read(region), other.read(region)) for region in pieces)


def _check(field: Field, before: Contents, run: Run, axis: int, origin: str) -> None:
    shape = (*field.shape[:axis], len(run.steps), *field.shape[axis + 1 :])
    here = tuple(run.place if each == axis else 0 for each in range(len(shape)))
    there = tuple(run.steps.start if each == axis else 0 for each in range(len(shape)))
    ones = (1,) * len(shape)
    other = before.fields[field.name]
    for region in regions(shape, ones, field.dtype.itemsize):
        if not same(field.read(moved(region, here)), other.read(moved(region, there))):
            times = before.fields[before.time or ""].whole()[run.steps.start : run.steps.stop]
            raise _changed(origin, field.name, f" at {times[0]} to {times[-1]}")


def _changed(origin: str, name: str, place: str = "") -> DataError:
    return DataError(
        f"{origin}: {name} has other values than there are already{place}; a put adds times;"
        " what corrects them is a replace",
        {"variable": name},
    )
