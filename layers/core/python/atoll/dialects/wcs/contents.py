"""The contents of a Capabilities document: coverages in short."""

from collections.abc import Sequence

from atoll.dialects.wcs.describe import SUBTYPE, title_of
from atoll.dialects.wcs.domain import Span, whole
from atoll.dialects.wcs.offer import LATITUDE, LONGITUDE, Offer
from atoll.dialects.wcs.xml import Element, element, number

_TURN, _HALF = 360.0, 180.0
_POLE = 90.0


def contents(offers: Sequence[Offer]) -> Element:
    """All coverages that the caller may see."""
    return element("wcs:Contents", *(_summary(offer) for offer in offers))


def _summary(offer: Offer) -> Element:
    # Each once: a dataset is often called as its product is.
    names = (offer.variable.standard_name, offer.dataset.dataset, offer.dataset.product)
    words = [element("ows:Keyword", word) for word in dict.fromkeys(names) if word]
    return element(
        "wcs:CoverageSummary",
        element("ows:Title", title_of(offer)),
        element("ows:Keywords", *words),
        _box(offer),
        element("wcs:CoverageId", offer.coverage_id),
        element("wcs:CoverageSubtype", SUBTYPE),
    )


def _box(offer: Offer) -> Element:
    """The box that all cells lie in, in -180..180: its west may exceed its east."""
    domain = whole(offer)
    west, east = _edges(domain[LONGITUDE])
    south, north = _edges(domain[LATITUDE])
    if east - west >= _TURN:
        west, east = -_HALF, _HALF
    else:
        west, east = _normal(west, -_HALF), _normal(east, _HALF)
    low, high = max(south, -_POLE), min(north, _POLE)
    return element(
        "ows:WGS84BoundingBox",
        element("ows:LowerCorner", f"{number(west)} {number(low)}"),
        element("ows:UpperCorner", f"{number(east)} {number(high)}"),
    )


def _edges(span: Span) -> tuple[float, float]:
    """Edges of the outer cells."""
    half = abs(span.step) / 2
    return span.low - half, span.high + half


def _normal(longitude: float, dateline: float) -> float:
    """A longitude in -180..180; the dateline by the one of its names that is asked for."""
    within = longitude if abs(longitude) <= _HALF else (longitude + _HALF) % _TURN - _HALF
    return dateline if abs(within) == _HALF else within
