"""Several files along time become one delivery."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from atoll.errors import DataError
from atoll.publication.axes import is_latitude
from atoll.publication.fields import Contents, Field, Number, Numbers, Reader, Region, same
from atoll.publication.times import check_time, in_units_of

POLE = 90.001  # degrees; float32 grids end a little beyond 90


def join(files: Sequence[Contents]) -> Contents:
    """One delivery, its times strictly increasing, the rest equal in every file.

    Args:
        files: repaired, at least one, in any order.

    Raises:
        DataError: the files do not belong together, or times are not strictly increasing.
    """
    newest = files[-1]
    if len(files) > 1:
        files = [in_units_of(each, files[0]) for each in files]
        files = sorted(files, key=_first_time)
        newest = files[-1]
        for each in files[:-1]:
            check_alike(each, newest)
    delivery = replace(newest, fields={name: _joined([each.fields[name] for each in files],
                                                     newest.time)
                                       for name in newest.fields})  # fmt: skip
    check_axes(delivery)
    check_time(delivery)
    return delivery


def check_alike(other: Contents, newest: Contents) -> None:
    """What belongs together has the same fields, types, fill, packing and places.

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
        _check_field(field, other.fields[name], newest, other)


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
        steps = np.diff(values)
        rising = bool(np.all(steps > 0))
        falling = bool(np.all(steps < 0)) and role != "T"
        if not np.isfinite(values).all() or not (rising or falling):
            wanted = "strictly increasing" if role == "T" else "strictly monotonic"
            raise DataError(
                f"{contents.origin}: coordinate {name} is not {wanted}: {_fault(values)}",
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


def _check_field(field: Field, other: Field, newest: Contents, older: Contents) -> None:
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
    fixed = newest.time not in field.dimensions
    if fixed and not same(field.whole(), other.whole()):
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


def _first_time(contents: Contents) -> Number:
    field = contents.time_field
    if field is None:
        raise DataError(f"{contents.origin}: several files of a dataset need a time axis")
    times = field.whole()
    if times.size == 0:
        raise DataError(f"{contents.origin}: no time in it")
    first: Number = times[0].item()
    return first


def _joined(parts: Sequence[Field], time: str | None) -> Field:
    first = parts[-1]
    if time not in first.dimensions or len(parts) == 1:
        return first
    axis = first.dimensions.index(time)
    lengths = [part.shape[axis] for part in parts]
    shape = (*first.shape[:axis], sum(lengths), *first.shape[axis + 1 :])
    return replace(first, shape=shape, read=_concatenated(parts, axis))


def _concatenated(parts: Sequence[Field], axis: int) -> Reader:
    """Read from the files whose steps a region touches."""

    def read(region: Region) -> Numbers:
        wanted, start, pieces = region[axis], 0, []
        for part in parts:
            stop = start + part.shape[axis]
            lower, upper = max(wanted.start, start), min(wanted.stop, stop)
            if lower < upper:
                inside = slice(lower - start, upper - start)
                pieces.append(part.read((*region[:axis], inside, *region[axis + 1 :])))
            start = stop
        return np.concatenate(pieces, axis=axis)

    return read


def _fault(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> str:
    """The first two neighbours that are out of order, or the first value that is no number."""
    finite = np.isfinite(values)
    if not finite.all():
        return f"{values[~finite][0]} at node {int(np.argmin(finite))}"
    signs = np.sign(np.diff(values))
    turn = int(np.argmax(signs != (signs[0] or 1)))
    return f"{values[turn]} is followed by {values[turn + 1]} at node {turn + 1}"
