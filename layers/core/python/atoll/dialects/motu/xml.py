"""XML as Motu writes it: no namespace, data in attributes, those that are absent left out."""

from collections.abc import Mapping
from xml.etree.ElementTree import Element, indent, tostring

from atoll.dialects.characters import writable

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MEDIA_TYPE = "text/xml; charset=UTF-8"


def element(
    name: str, attributes: Mapping[str, str | None], *children: Element, text: str | None = None
) -> Element:
    """An element.

    Args:
        name: of the element, without a prefix: the client looks for it so.
        attributes: in this order; those that are None are left out.
        children: in this order.
        text: between its tags.
    """
    given = {key: writable(value) for key, value in attributes.items() if value is not None}
    made = Element(name, given)
    made.text = None if text is None else writable(text)
    made.extend(children)
    return made


def document(root: Element) -> str:
    """The document, indented; its characters are escaped where XML 1.0 demands it."""
    indent(root, "    ")
    return f"{DECLARATION}\n{tostring(root, encoding='unicode')}\n"
