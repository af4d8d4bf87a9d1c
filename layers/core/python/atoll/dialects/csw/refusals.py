"""What is refused before pycsw sees it, as its protocols tell errors."""

from typing import Literal
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from atoll.dialects.characters import writable
from atoll.errors import BrokerError, InvalidParameter

type Protocol = Literal["csw", "oai"]

OWS = "http://www.opengis.net/ows"
OAI = "http://www.openarchives.org/OAI/2.0/"
MEDIA_TYPE = "application/xml"

register_namespace("ows", OWS)
register_namespace("oai", OAI)


def code_of(error: BrokerError) -> str:
    """The code of an OWS exception (06-121r3, table 20)."""
    return "InvalidParameterValue" if isinstance(error, InvalidParameter) else "NoApplicableCode"


def render_refusal(protocol: Protocol, code: str, locator: str, detail: str) -> bytes:
    """An exception report (OWS 1.0, as of CSW 2.0.2), or an error of OAI-PMH 2.0, section 3.6."""
    said = writable(detail)
    if protocol == "oai":
        root = Element(f"{{{OAI}}}OAI-PMH")
        SubElement(root, f"{{{OAI}}}error", {"code": "badArgument"}).text = said
        return _document(root)
    root = Element(f"{{{OWS}}}ExceptionReport", {"version": "1.2.0", "language": "en-US"})
    named = {"exceptionCode": code} | ({"locator": writable(locator)} if locator else {})
    told = SubElement(root, f"{{{OWS}}}Exception", named)
    SubElement(told, f"{{{OWS}}}ExceptionText").text = said
    return _document(root)


def _document(root: Element) -> bytes:
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
