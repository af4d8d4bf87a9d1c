"""XML as Motu writes it: no namespace, data in attributes, those that are absent left out."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element, indent, tostring

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MEDIA_TYPE = "text/xml; charset=UTF-8"
# What no document of XML 1.0 may hold, escaped or not (section 2.2).
_NO_CHARACTERS = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def writable(text: str) -> str:
    """The text with U+FFFD in place of each character that XML cannot hold."""
    return _NO_CHARACTERS.sub("\N{REPLACEMENT CHARACTER}", text)


def document(root: Element) -> str:
    """The document, indented; its characters are escaped where XML 1.0 demands it."""
    indent(root, "    ")
    return f"{DECLARATION}\n{tostring(root, encoding='unicode')}\n"
