"""XML as ISO/TS 19139 has it: properties that hold objects, texts and codes."""

from xml.etree.ElementTree import Element, indent, tostring

from atoll.dialects.characters import writable

NAMESPACES = {
    "xmlns:gmd": "http://www.isotc211.org/2005/gmd",
    "xmlns:gco": "http://www.isotc211.org/2005/gco",
    "xmlns:gmx": "http://www.isotc211.org/2005/gmx",
    "xmlns:gml": "http://www.opengis.net/gml/3.2",
    "xmlns:xlink": "http://www.w3.org/1999/xlink",
}
_CODES = "http://standards.iso.org/iso/19139/resources/gmxCodelists.xml"


def element(
    name: str, *content: Element | str | None, attributes: dict[str, str] | None = None
) -> Element:
    """An element.

    Args:
        name: with its prefix; the root declares them all.
        content: texts and elements, in this order; None = nothing.
        attributes: by name, with a prefix or without.
    """
    made = Element(name, {key: writable(value) for key, value in (attributes or {}).items()})
    for part in content:
        if isinstance(part, str):
            made.text = writable(part)
        elif part is not None:
            made.append(part)
    return made


def text(name: str, value: str) -> Element | None:
    """A property that holds a text; None where that is empty."""
    return element(name, element("gco:CharacterString", value)) if value else None


def anchor(name: str, value: str, address: str) -> Element:
    """A property that holds a text with an address that says what it means."""
    return element(name, element("gmx:Anchor", value, attributes={"xlink:href": address}))


def number(name: str, value: float, kind: str = "gco:Decimal") -> Element:
    """A property that holds a number, without an exponent.

    Args:
        name: of the property.
        value: up to 9 decimals of it are written.
        kind: of the number.
    """
    digits = f"{value + 0.0:.9f}".rstrip("0")
    return element(name, element(kind, f"{digits}0" if digits.endswith(".") else digits))


def code(name: str, code_list: str, value: str) -> Element:
    """A property that holds a value of one of ISO's code lists."""
    attributes = {"codeList": f"{_CODES}#{code_list}", "codeListValue": value}
    return element(name, element(f"gmd:{code_list}", value, attributes=attributes))


def language(name: str) -> Element:
    """The language of our own words: English, by ISO 639-2 as INSPIRE asks."""
    attributes = {"codeList": "http://www.loc.gov/standards/iso639-2/", "codeListValue": "eng"}
    return element(name, element("gmd:LanguageCode", "English", attributes=attributes))


def moment(name: str, value: str) -> Element:
    """A property that holds an instant; nil where none is known."""
    if not value:
        return element(name, attributes={"gco:nilReason": "unknown"})
    return element(name, element("gco:DateTime", value))


def document(root: Element) -> bytes:
    """The document, indented, in UTF-8."""
    indent(root)
    declaration = b'<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + tostring(root, encoding="unicode").encode() + b"\n"
