"""What belongs together: files of one dataset, alike but for their times."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from atoll.errors import DataError
from atoll.publication.axes import is_latitude
from atoll.publication.compare import same_numbers
from atoll.publication.fields import Contents, Field
from atoll.publication.timeline import Times

POLE = 90.001  # degrees; float32 grids end a little beyond 90


def check_alike(other: Contents, newest: Contents, free: Collection[str] = ()) -> None:
    """What belongs together has the same fields, types, fill, packing and places.

    Args:
        other: what is there, times in the newest's units.
        newest: what comes to it.
        free: fields whose numbers may differ though they do not depend on time.

    Raises:
        DataError: it has not; the message names both sides.
    """
    if other.fields.keys() != newest.fields.keys() or other.roles != newest.roles:
        only = sorted(other.fields.keys() ^ newest.fields.keys())
        raise DataError(
            f"{newest.origin} and {other.origin} do not hold the same variables and axes:"
            f" {', '.join(only) or dict(newest.roles)}"
        )
    for name, field in newest.fields.items():
        _check_signature(field, other.fields[name], newest, other)
        _check_numbers(field, other.fields[name], newest, other, may_differ=name in free)


def check_axes(contents: Contents) -> None:
    """Axes are finite and strictly monotonic, times increase, latitudes end at the poles.

    Raises:
        DataError: they are not.
    """
    for each in contents.fields.values():
        if is_latitude(each):
            _check_poles(each, contents.origin)
    for name, role in contents.roles.items():
        field = contents.fields.get(name)
        if field is None:
            continue
        values = field.whole().astype("<f8")
        if not values.size:
            raise DataError(f"{contents.origin}: coordinate {name} is empty", {"variable": name})
        if role == "T":
            check_increasing(contents, values)
        elif not _monotonic(values) and not _monotonic(-values):
            raise _no_axis(contents, name, "monotonic", values)


def check_increasing(contents: Contents, times: Times) -> None:
    """Times are finite and strictly increase.

    Raises:
        DataError: they do not.
    """
    if not _monotonic(times):
        raise _no_axis(contents, contents.time or "", "increasing", times)


def _monotonic(values: Times) -> bool:
    return bool(np.isfinite(values).all() and np.all(np.diff(values) > 0))


def _no_axis(contents: Contents, name: str, wanted: str, values: Times) -> DataError:
    return DataError(
        f"{contents.origin}: coordinate {name} is not strictly {wanted}: {_fault(values)}",
        {"variable": name},
    )


def _check_poles(field: Field, origin: str) -> None:
    values = field.whole()
    known = values[np.isfinite(values) & (values != field.fill_value)].astype("<f8")
    farthest = known[np.argmax(np.abs(known))] if known.size else 0.0
    if abs(farthest) > POLE:
        raise DataError(
            f"{origin}: {field.name}: {farthest} degrees lies beyond a pole",
            {"variable": field.name},
        )


@dataclass(frozen=True, slots=True)
class _Signature:
    """What two fields must agree in before their numbers may stand in one array."""

    dimensions: tuple[str, ...]
    dtype: str
    fill_value: str
    scale_factor: object
    add_offset: object
    unsigned: object
    units: object
    calendar: object


def _signature(field: Field) -> _Signature:
    told = field.attributes.get
    return _Signature(field.dimensions, field.dtype.str, repr(field.fill_value),
                      told("scale_factor"), told("add_offset"), told("_Unsigned"),
                      told("units"), told("calendar"))  # fmt: skip


def _check_signature(field: Field, other: Field, newest: Contents, older: Contents) -> None:
    mine, theirs = _signature(field), _signature(other)
    for key in _Signature.__slots__:
        if getattr(mine, key) != getattr(theirs, key):
            advice = "; packing: decode in the product stores physical values"
            packed = key in {"scale_factor", "add_offset"}
            raise DataError(
                f"{field.name}: {key} is {getattr(mine, key)} in {newest.origin} and"
                f" {getattr(theirs, key)} in {older.origin}{advice if packed else ''}",
                {"variable": field.name, "attribute": key},
            )


def _check_numbers(
    field: Field, other: Field, newest: Contents, older: Contents, *, may_differ: bool
) -> None:
    fixed = newest.time not in field.dimensions and not may_differ
    if fixed and not same_numbers(field, other):
        raise DataError(
            f"{field.name} differs between {newest.origin} and {older.origin},"
            " and does not depend on time",
            {"variable": field.name},
        )
    if not fixed and _other_sizes(field, newest.time) != _other_sizes(other, newest.time):
        raise DataError(
            f"{field.name}: shape {list(field.shape)} in {newest.origin}"
            f" and {list(other.shape)} in {older.origin}"
        )


def _other_sizes(field: Field, time: str | None) -> list[int]:
    return [size for name, size in zip(field.dimensions, field.shape, strict=True) if name != time]


def _fault(values: Times) -> str:
    """The first two neighbours that are out of order, or the first value that is no number."""
    finite = np.isfinite(values)
    if not finite.all():
        return f"{values[~finite][0]} at node {int(np.argmin(finite))}"
    signs = np.sign(np.diff(values))
    turn = int(np.argmax(signs != (signs[0] or 1)))
    return f"{values[turn]} is followed by {values[turn + 1]} at node {turn + 1}"
