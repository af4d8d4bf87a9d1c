"""What is refused before pycsw sees it, as CSW tells errors."""

from typing import Literal
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from atoll.dialects.characters import writable
from atoll.errors import BrokerError, InvalidParameter

type Version = Literal["2.0.2", "3.0.0"]

# Version of CSW -> namespace and version of its reports (OWS 1.0 and 2.0).
_REPORTS = {
    "2.0.2": ("http://www.opengis.net/ows", "1.2.0"),
    "3.0.0": ("http://www.opengis.net/ows/2.0", "3.0.0"),
}
_LANGUAGE = {"2.0.2": "language", "3.0.0": "{http://www.w3.org/XML/1998/namespace}lang"}
MEDIA_TYPE = "application/xml"

register_namespace("ows", _REPORTS["2.0.2"][0])
register_namespace("ows20", _REPORTS["3.0.0"][0])


def code_of(error: BrokerError) -> str:
    """The code of an OWS exception (06-121r3, table 20)."""
    return "InvalidParameterValue" if isinstance(error, InvalidParameter) else "NoApplicableCode"


def version_of(request: str) -> Version:
    """The version that a request is of, as pycsw finds it in a query or in a document."""
    return "2.0.2" if "2.0.2" in request else "3.0.0"


def render_refusal(version: Version, code: str, locator: str, detail: str) -> bytes:
    """An exception report."""
    namespace, reported = _REPORTS[version]
    root = Element(
        f"{{{namespace}}}ExceptionReport", {"version": reported, _LANGUAGE[version]: "en-US"}
    )
    named = {"exceptionCode": code} | ({"locator": writable(locator)} if locator else {})
    told = SubElement(root, f"{{{namespace}}}Exception", named)
    SubElement(told, f"{{{namespace}}}ExceptionText").text = writable(detail)
    written: bytes = tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
