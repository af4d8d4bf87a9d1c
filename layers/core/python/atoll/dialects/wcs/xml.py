"""XML as the WCS door writes it: names by their prefixes, one declaration of each at the root."""

from collections.abc import Iterable

from lxml import etree

from atoll.dialects.characters import writable
from atoll.dialects.wcs.namespaces import PREFIXES

type Element = etree._Element  # noqa: SLF001  lxml has no other name for it
TEXT_XML, APPLICATION_XML = "text/xml", "application/xml"


def element(
    name: str, *content: Element | str | None, attributes: dict[str, str] | None = None
) -> Element:
    """An element.

    Args:
        name: with a prefix of ours.
        content: texts and elements, in this order; None = nothing.
        attributes: by name, with a prefix or without.
    """
    given = {_tag(key): writable(value) for key, value in (attributes or {}).items()}
    made = etree.Element(_tag(name), given, nsmap=PREFIXES)
    for part in content:
        if isinstance(part, str):
            made.text = writable(part)
        elif part is not None:
            made.append(part)
    return made


def texts(name: str, values: Iterable[str]) -> list[Element]:
    """An element for each text."""
    return [element(name, value) for value in values]


def document(root: Element) -> bytes:
    """The document, indented, in UTF-8."""
    etree.cleanup_namespaces(root, top_nsmap=PREFIXES)
    etree.indent(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def number(value: float) -> str:
    """A number in as few digits as give it back: clients send what they read as bounds.

    Examples:
        >>> number(20.0), number(-0.0), number(90 - 1 / 24)
        ('20', '0', '89.95833333333333')
    """
    return f"{value + 0.0!r}".removesuffix(".0")


def _tag(name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{PREFIXES[prefix]}}}{local}" if colon else name
