"""OAI-PMH 2.0 answers: pycsw's, mended, and refusals (section 3.6)."""

from datetime import datetime

from lxml import etree

from atoll.dialects.characters import writable
from atoll.dialects.csw.harvesting import EVERYTHING, Harvest
from atoll.dialects.plain_xml import Element
from atoll.errors import BrokerError, EmptySelection, InvalidParameter, UnknownDataset

OAI = "http://www.openarchives.org/OAI/2.0/"
_OF_PARAMETER = {
    "verb": "badVerb",
    "resumptionToken": "badResumptionToken",
    "metadataPrefix": "cannotDisseminateFormat",
}


def mended(content: bytes, asked: Harvest, url: str) -> bytes:
    """The answer with tokens that say everything, and nothing but what was asked in it.

    Args:
        content: pycsw's.
        asked: what it was.
        url: of the door.

    Raises:
        EmptySelection: the list is empty.
        InvalidParameter: nothing is where the token leads.
    """
    root = etree.fromstring(content)
    _tell_request(root, asked.said, url)
    for base in root.iter(f"{{{OAI}}}baseURL"):
        base.text = url
    for one in root.iterfind(f".//{{{OAI}}}header/{{{OAI}}}setSpec"):
        one.text = EVERYTHING
    listed = root.find(f"{{{OAI}}}{asked.verb}")
    token = None if listed is None else listed.find(f"{{{OAI}}}resumptionToken")
    if listed is not None and token is not None:
        if len(listed) == 1 or asked.subset != EVERYTHING:
            raise _nothing(asked)
        token.set("cursor", str(asked.position - 1))
        token.text = asked.token(int(token.text)) if token.text else None
    return _document(root)


def _nothing(asked: Harvest) -> BrokerError:
    token = asked.said.get("resumptionToken")
    if token is not None:
        return InvalidParameter("resumptionToken", token, "the list has become shorter; begin anew")
    return EmptySelection("from, until, set: no records match.")


def harvest_code(error: BrokerError) -> str | None:
    """The error's code in OAI-PMH; None = it is told by HTTP alone."""
    if isinstance(error, EmptySelection):
        return "noRecordsMatch"
    if isinstance(error, UnknownDataset):
        return "idDoesNotExist"
    if isinstance(error, InvalidParameter):
        # "''" = what is needed was not said.
        said = error.facts["value"] != repr("")
        name = str(error.facts["parameter"])
        return _OF_PARAMETER.get(name, "badArgument") if said or name == "verb" else "badArgument"
    return None


def render_harvest_refusal(code: str, detail: str, url: str, now: datetime) -> bytes:
    """An error; without the arguments, which may be no arguments."""
    root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap={"oai": OAI})
    etree.SubElement(root, f"{{{OAI}}}responseDate").text = f"{now:%Y-%m-%dT%H:%M:%SZ}"
    etree.SubElement(root, f"{{{OAI}}}request").text = url
    etree.SubElement(root, f"{{{OAI}}}error", {"code": code}).text = writable(detail)
    return _document(root)


def _tell_request(root: Element, said: dict[str, str], url: str) -> None:
    for request in root.iterfind(f"{{{OAI}}}request"):
        request.attrib.clear()
        request.attrib.update({name: writable(value) for name, value in said.items()})
        request.text = url


def _document(root: Element) -> bytes:
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
