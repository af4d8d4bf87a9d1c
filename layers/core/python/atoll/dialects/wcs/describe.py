"""DescribeCoverage: coverages and how they may be cut."""

from collections.abc import Iterable, Iterator

from atoll.dialects.wcs.domain import (
    bounded_by,
    domain_set,
    grid_id,
    value_text,
    values_shown,
    whole,
)
from atoll.dialects.wcs.offer import Offer, default_value
from atoll.dialects.wcs.presentation import NATIVE
from atoll.dialects.wcs.range_type import range_type
from atoll.dialects.wcs.xml import Element, document, element
from atoll.planning.nodes import Nodes

SUBTYPE = "RectifiedGridCoverage"
LONGEST_VALUES = 200


def render_descriptions(offers: Iterable[Offer]) -> bytes:
    """The document of some coverages."""
    return document(element("wcs:CoverageDescriptions", *(_description(one) for one in offers)))


def title_of(offer: Offer) -> str:
    """One line for a person."""
    title = offer.dataset.title or offer.dataset.dataset
    long_name = offer.variable.attributes.get("long_name")
    return f"{title}: {long_name or offer.variable.standard_name or offer.variable.name}"


def words_of(offer: Offer) -> str:
    """What a coverage is, and what is delivered of axes that a request does not cut."""
    return " ".join([f"{title_of(offer)}.", *_axes(offer)])


def _description(offer: Offer) -> Element:
    name, domain = offer.coverage_id, whole(offer)
    parameters = element(
        "wcs:ServiceParameters",
        element("wcs:CoverageSubtype", SUBTYPE),
        element("wcs:nativeFormat", NATIVE),
    )
    return element(
        "wcs:CoverageDescription",
        element("gml:description", words_of(offer)),
        element("gml:name", title_of(offer)),
        bounded_by(domain),
        element("wcs:CoverageId", name),
        domain_set(domain, grid_id(name)),
        range_type(offer),
        parameters,
        attributes={"gml:id": name},
    )


def _axes(offer: Offer) -> Iterator[str]:
    for label, axis in offer.further.items():
        shown = values_shown(axis) if axis.size <= LONGEST_VALUES else []
        nodes = Nodes(axis)
        where = ", ".join(shown) or f"{value_text(axis, nodes[0])} to {value_text(axis, nodes[-1])}"
        yield (
            f"Axis {label} has {axis.size} nodes: {where}. Where a request does not cut it, "
            f"{value_text(axis, default_value(axis))} is delivered; NetCDF holds any trim of it."
        )
