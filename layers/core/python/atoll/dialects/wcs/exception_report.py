"""Exceptions as a document (06-121r9, clause 8)."""

from atoll.dialects.wcs.exceptions import OwsException
from atoll.dialects.wcs.xml import document, element


def render_exception(fault: OwsException) -> bytes:
    """The exception report of one exception."""
    attributes: dict[str, str] = {"exceptionCode": fault.code}
    if fault.locator:
        attributes["locator"] = fault.locator
    told = element(
        "ows:Exception", element("ows:ExceptionText", fault.detail), attributes=attributes
    )
    version = {"version": "2.0.0", "xml:lang": "en"}
    return document(element("ows:ExceptionReport", told, attributes=version))
