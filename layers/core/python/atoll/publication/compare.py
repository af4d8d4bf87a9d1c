"""What a delivery changes: everything, some steps more, or nothing; all else is refused."""

import numpy as np

from atoll.errors import DataError
from atoll.publication.chunks import regions
from atoll.publication.fields import Contents, Field, moved, same
from atoll.publication.join import check_alike


def new_steps_start(delivery: Contents, stored: Contents) -> int | None:
    """Where the delivery's steps go on the stored T axis; None = all of it is stored already.

    Args:
        delivery: its times in the stored units.
        stored: the dataset as it is.

    Raises:
        DataError: the delivery does not belong to the dataset, or it would change what is
            stored, or come before it.
    """
    check_alike(stored, delivery)
    if delivery.time is None:
        return None
    times = delivery.fields[delivery.time].whole()
    before = stored.fields[delivery.time].whole()
    if times[0] > before[-1]:
        return len(before)
    start = int(np.searchsorted(before, times[0]))
    if not same(before[start : start + len(times)], times):
        raise DataError(
            f"{delivery.origin}: its times {times[0]} to {times[-1]} overlap or precede what is"
            f" stored, {before[0]} to {before[-1]}; a delivery adds later times",
            {"first": float(times[0].item()), "last_stored": float(before[-1].item())},
        )
    for field in delivery.fields.values():
        if delivery.time in field.dimensions:
            axis = field.dimensions.index(delivery.time)
            place = tuple(start if each == axis else 0 for each in range(len(field.shape)))
            _check_same(field, stored.fields[field.name], place)
    return None


def _check_same(field: Field, stored: Field, place: tuple[int, ...]) -> None:
    for region in regions(field.shape, tuple(1 for _ in field.shape), field.dtype.itemsize):
        if not same(field.read(region), stored.read(moved(region, place))):
            raise DataError(
                f"{field.name}: the delivery has other values for times that are stored already;"
                " a delivery adds later times",
                {"variable": field.name},
            )
