"""The `Accept` header (RFC 9110, 12.5.1): the form that is liked best."""

from collections.abc import Sequence


def preferred(header: str, offers: Sequence[str]) -> str:
    """The media type to answer with.

    Args:
        header: its value; those of several headers are joined by commas. What is malformed in it
            is ignored.
        offers: media types, our own favourite first: it is taken where none is liked better, and
            where none is accepted at all.
    """
    ranges = [_range(element) for element in header.split(",")]
    return max(offers, key=lambda offer: _liking(offer, ranges))


def _liking(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that has the offer in it."""
    for form in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        liked = [quality for name, quality in ranges if name == form]
        if liked:
            return max(liked)
    return 0.0


def _range(element: str) -> tuple[str, float]:
    """`text/csv;q=0.5` is `("text/csv", 0.5)`."""
    name, *parameters = (part.strip().lower() for part in element.split(";"))
    said = dict(parameter.partition("=")[::2] for parameter in parameters)
    try:
        quality = float(said.get("q", "1"))
    except ValueError:
        quality = 0.0
    return name, quality if 0 <= quality <= 1 else 0.0
