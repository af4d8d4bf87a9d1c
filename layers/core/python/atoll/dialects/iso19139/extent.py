"""Where and when a dataset lies: geographic, temporal and vertical extents."""

from xml.etree.ElementTree import Element

from atoll.dialects.iso19139.xml import element, number
from atoll.model.record import Box, Depths, Record, Times

# Depths below mean sea level, metres, positive down.
MSL_DEPTH = "http://www.opengis.net/def/crs/EPSG/0/5715"


def extent(record: Record) -> Element | None:
    """The property `gmd:extent`; None = nothing is known."""
    box, times, depths = record.box, record.times, record.depths
    if box is None and times is None and depths is None:
        return None
    held = element(
        "gmd:EX_Extent",
        None if box is None else _geographic(box),
        None if times is None else _temporal(times),
        None if depths is None else _vertical(depths),
    )
    return element("gmd:extent", held)


def _geographic(box: Box) -> Element:
    bounds = element(
        "gmd:EX_GeographicBoundingBox",
        number("gmd:westBoundLongitude", box.west),
        number("gmd:eastBoundLongitude", box.east),
        number("gmd:southBoundLatitude", box.south),
        number("gmd:northBoundLatitude", box.north),
    )
    return element("gmd:geographicElement", bounds)


def _temporal(times: Times) -> Element:
    period = element(
        "gml:TimePeriod",
        element("gml:beginPosition", times.start),
        element("gml:endPosition", times.end),
        attributes={"gml:id": "period"},
    )
    held = element("gmd:EX_TemporalExtent", element("gmd:extent", period))
    return element("gmd:temporalElement", held)


def _vertical(depths: Depths) -> Element:
    held = element(
        "gmd:EX_VerticalExtent",
        number("gmd:minimumValue", depths.shallowest_m, "gco:Real"),
        number("gmd:maximumValue", depths.deepest_m, "gco:Real"),
        element("gmd:verticalCRS", attributes={"xlink:href": MSL_DEPTH}),
    )
    return element("gmd:verticalElement", held)
