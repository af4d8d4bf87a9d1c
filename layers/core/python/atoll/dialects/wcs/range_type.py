"""What a coverage's values are (SWE Common 2.0, 08-094r1)."""

import re

from atoll.dialects.wcs.offer import Offer
from atoll.dialects.wcs.xml import Element, element
from atoll.model.coverage import Attribute

CF_NAMES = "http://mmisw.org/ont/cf/parameter/"
NOTHING = "http://www.opengis.net/def/nil/OGC/0/missing"
_NO_UNIT = re.compile(r"[:\s]")


def range_type(offer: Offer) -> Element:
    """The one field of a coverage: its quantity, unit and missing value."""
    variable = offer.variable
    named = variable.standard_name
    quantity = element(
        "swe:Quantity",
        element("swe:label", variable.name),
        element("swe:description", _description(offer)),
        _nil_values(offer),
        element("swe:uom", attributes={"code": _unit(variable.attributes.get("units"))}),
        attributes={"definition": f"{CF_NAMES}{named}"} if named else {},
    )
    field = element("swe:field", quantity, attributes={"name": offer.field})
    return element("gmlcov:rangeType", element("swe:DataRecord", field))


def _description(offer: Offer) -> str:
    long_name = offer.variable.attributes.get("long_name")
    units = offer.variable.attributes.get("units")
    name = f"{long_name or offer.variable.standard_name or offer.variable.name}"
    return f"{name} ({units})" if units else name


def _nil_values(offer: Offer) -> Element | None:
    attributes = offer.variable.attributes
    said = attributes.get("_FillValue", attributes.get("missing_value"))
    value = said[0] if isinstance(said, list) and said else said
    if value is None or isinstance(value, list | bool):
        return None
    nil = element("swe:nilValue", f"{value}", attributes={"reason": NOTHING})
    return element("swe:nilValues", element("swe:NilValues", nil))


def _unit(units: Attribute | None) -> str:
    """A CF unit as UCUM writes products, `m.s-1`; its symbols have neither blanks nor colons."""
    said = f"{units}".strip() if units is not None else ""
    return _NO_UNIT.sub(".", said) or "1"
