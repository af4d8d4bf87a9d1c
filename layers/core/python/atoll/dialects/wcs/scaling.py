"""Scaling by whole strides (12-039): every n-th node is taken, and none is made up."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from atoll.dialects.wcs.exceptions import Code, OwsException
from atoll.dialects.wcs.offer import LATITUDE, LONGITUDE, Offer
from atoll.dialects.wcs.requests import Scaling
from atoll.errors import shorten

# Labels of the grid and of the reference system alike: GDAL sends the first, OWSLib either.
_AXES: Mapping[str, str] = {"i": LONGITUDE, "j": LATITUDE, "lon": LONGITUDE}
_ROLES = {LONGITUDE: "longitude", LATITUDE: "latitude"}
_FACTOR_TOLERANCE = 1e-6  # of decimals such as 0.333333
_CODES: Mapping[str, Code] = {
    "scaleFactor": "InvalidScaleFactor",
    "scaleAxes": "InvalidScaleFactor",
    "scaleSize": "InvalidExtent",
    "scaleExtent": "InvalidExtent",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Every n-th node of an axis.

    Attributes:
        stride: n.
        size: how many of them; of a map's axis the last one may be left out.
    """

    stride: int
    size: int


def steps(scaling: Scaling, offer: Offer, counts: Mapping[str, int]) -> dict[str, Step]:
    """What is taken of each axis that is scaled, by its label.

    Args:
        scaling: as it was asked for.
        offer: the coverage.
        counts: axis label -> nodes that are taken of it without scaling.

    Raises:
        OwsException: ScaleAxisUndefined, InvalidScaleFactor, InvalidExtent.
    """
    found: dict[str, Step] = {}
    for said, value in _spread(scaling, counts):
        label = _label(said, offer)
        if label in found:
            raise OwsException(
                "ScaleAxisUndefined", said[:80], f"{scaling.kind}: axis {label} is scaled twice"
            )
        found[label] = _step(scaling, label, value, counts[label])
    return found


def stride_key(label: str, offer: Offer) -> str:
    """What a stride of an axis is said of: the word for its role, or its name."""
    return _ROLES.get(label) or offer.axes[label].name


def _spread(scaling: Scaling, counts: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """A factor of all axes is one of the map's: time and depth are sliced, or whole.

    Nor is a row or a column scaled that is all that a slice has left.
    """
    if scaling.kind != "scaleFactor":
        return scaling.values
    several = [label for label in (LATITUDE, LONGITUDE) if counts[label] > 1]
    return tuple((label, value) for label in several or [LATITUDE] for _, value in scaling.values)


def _label(said: str, offer: Offer) -> str:
    # The standard's own examples name an axis by its address, .../def/axis/OGC/1/i.
    name = said.rstrip("/").rpartition("/")[2].lower()
    label = {known.lower(): known for known in offer.axes}.get(name) or _AXES.get(name)
    if label is None:
        raise OwsException(
            "ScaleAxisUndefined",
            said[:80],
            f"{offer.coverage_id} has no axis {shorten(said)} to be scaled; "
            f"it has i, j, {', '.join(offer.axes)}",
        )
    return label


def _step(scaling: Scaling, label: str, value: str, count: int) -> Step:
    if scaling.kind in ("scaleFactor", "scaleAxes"):
        stride = _of_factor(scaling, label, value, count)
        return Step(stride, -(-count // stride))
    low, colon, high = value.partition(":")
    try:
        size = int(high) - int(low) + 1 if colon else int(low)
    except ValueError:
        size = 0
    if size < 1:
        raise _invalid(scaling, label, value, "whole numbers are, and at least one node")
    stride = -(-count // size)
    if size in _sizes(label, count, stride):
        return Step(stride, size)
    if stride > 1 and size in _sizes(label, count, stride - 1):
        return Step(stride - 1, size)
    raise _invalid(scaling, label, value, _possible(label, count, size))


def _sizes(label: str, count: int, stride: int) -> set[int]:
    """How many nodes a stride gives. GDAL halves 361 columns to 181, or to 180."""
    whole = -(-count // stride)
    return {whole, count // stride} if label in _ROLES else {whole}


def _of_factor(scaling: Scaling, label: str, value: str, count: int) -> int:
    try:
        factor = float(value)
    except ValueError:
        factor = math.nan
    if not 0 < factor <= 1:
        raise _invalid(scaling, label, value, "a factor above 0, and of 1 at most, is")
    stride = round(min(1 / factor, count + 1))
    if abs(factor * stride - 1) > _FACTOR_TOLERANCE * stride or stride > count:
        near = sorted({n for n in (stride - 1, stride, stride + 1) if 1 <= n <= count} or {count})
        shown = " and ".join(f"1/{n}" for n in near)
        raise _invalid(scaling, label, value, f"1/n with a whole n is; the nearest: {shown}")
    return stride


def _possible(label: str, count: int, size: int) -> str:
    """The sizes next to one that no stride gives."""
    stride = -(-count // size)
    sizes = _sizes(label, count, stride) | _sizes(label, count, max(1, stride - 1))
    less, more = [n for n in sizes if n < size], [n for n in sizes if n > size]
    near = [*([max(less)] if less else []), *([min(more)] if more else [])]
    shown = " and ".join(str(one) for one in near)
    return f"every n-th of {count} nodes is taken; the nearest sizes that this gives: {shown}"


def _invalid(scaling: Scaling, label: str, value: str, accepted: str) -> OwsException:
    detail = f"{scaling.kind}: {label}({shorten(value)}) is not accepted; {accepted}"
    return OwsException(_CODES[scaling.kind], value[:80], detail)
