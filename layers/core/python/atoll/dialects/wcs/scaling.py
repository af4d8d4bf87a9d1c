"""Scaling by whole strides (12-039): every n-th node is taken, and none is made up."""

import math
from collections.abc import Mapping

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


def strides(scaling: Scaling, offer: Offer, counts: Mapping[str, int]) -> dict[str, int]:
    """The stride of each axis that is scaled, by role word or name; those of 1 are left out.

    Args:
        scaling: as it was asked for.
        offer: the coverage.
        counts: axis label -> nodes that are taken of it without scaling.

    Raises:
        OwsException: ScaleAxisUndefined, InvalidScaleFactor, InvalidExtent.
    """
    found: dict[str, int] = {}
    for said, value in _spread(scaling, counts):
        label = _label(said, offer)
        key = _ROLES.get(label) or offer.axes[label].name
        if key in found:
            raise OwsException(
                "ScaleAxisUndefined", said[:80], f"{scaling.kind}: axis {label} is scaled twice"
            )
        found[key] = _stride(scaling, label, value, counts[label])
    return {key: stride for key, stride in found.items() if stride > 1}


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


def _stride(scaling: Scaling, label: str, value: str, count: int) -> int:
    if scaling.kind in ("scaleFactor", "scaleAxes"):
        return _of_factor(scaling, label, value, count)
    low, colon, high = value.partition(":")
    try:
        size = int(high) - int(low) + 1 if colon else int(low)
    except ValueError:
        size = 0
    if size < 1:
        raise _invalid(scaling, label, value, "whole numbers are, and at least one node")
    stride = -(-count // size)
    if -(-count // stride) != size:
        raise _invalid(scaling, label, value, _possible(stride, count))
    return stride


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


def _possible(stride: int, count: int) -> str:
    """The sizes next to one that no stride gives."""
    sizes = {-(-count // n) for n in (stride - 1, stride) if n >= 1}
    shown = " and ".join(str(size) for size in sorted(sizes))
    return f"every n-th of {count} nodes is taken; the nearest sizes that this gives: {shown}"


def _invalid(scaling: Scaling, label: str, value: str, accepted: str) -> OwsException:
    detail = f"{scaling.kind}: {label}({shorten(value)}) is not accepted; {accepted}"
    return OwsException(_CODES[scaling.kind], value[:80], detail)
