"""Units of length as files spell them. A table; UDUNITS is not at hand at request time."""

from collections.abc import Mapping

LENGTHS_M: Mapping[str, float] = {
    spelling: length_m
    for spellings, length_m in (
        ("m meter meters metre metres", 1.0),
        ("km kilometer kilometers kilometre kilometres", 1000.0),
        ("dm decimeter decimeters decimetre decimetres", 0.1),
        ("cm centimeter centimeters centimetre centimetres", 0.01),
        ("mm millimeter millimeters millimetre millimetres", 0.001),
        ("ft foot feet", 0.3048),
        ("fathom fathoms", 1.8288),
    )
    for spelling in spellings.split()
}


def length_m(units: str) -> float | None:
    """Metres of one unit; None = not a unit of length.

    Examples:
        >>> length_m("METERS"), length_m("km"), length_m("hPa")
        (1.0, 1000.0, None)
    """
    return LENGTHS_M.get(units.strip().lower())
