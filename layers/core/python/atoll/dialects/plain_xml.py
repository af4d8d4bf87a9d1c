"""XML without a document type: nothing to expand, nothing to fetch."""

from lxml import etree

type Element = etree._Element  # noqa: SLF001  lxml has no other name for it

_NO_TYPE = "give it without a document type and entities"


class NotPlainXml(Exception):
    """A text is not such a document; whoever reads it says so in words of its own.

    Attributes:
        value: what was found.
        accepted: what would be.
    """

    def __init__(self, value: str, accepted: str) -> None:
        super().__init__(f"{value}: {accepted}")
        self.value = value
        self.accepted = accepted


def read_root(body: bytes) -> Element:
    """The root of a document, without comments and processing instructions.

    Raises:
        NotPlainXml: it is not well-formed, or has a document type.
    """
    # Entities in attributes are expanded while a document is read: none may be declared at all.
    # NUL bytes are of UTF-16 and UTF-32.
    if b"<!DOCTYPE" in body.replace(b"\0", b""):
        raise NotPlainXml("<!DOCTYPE", _NO_TYPE)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise NotPlainXml(f"{fault}", "give one well-formed XML document") from fault
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotPlainXml("a document type", _NO_TYPE)
    return root
