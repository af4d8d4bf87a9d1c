"""The answer to whom a ticket is of (CAS 3.0, section 2.5 and appendix A), written and read."""

from datetime import UTC
from xml.etree.ElementTree import Element, ParseError, SubElement, fromstring, indent, tostring

from atoll.errors import DataError, NotAuthenticated, Unavailable
from atoll.model.job import Account
from atoll.model.ticket import InvalidTicket, ServiceTicket

MEDIA_TYPE = "application/xml; charset=UTF-8"
NAMESPACE = "http://www.yale.edu/tp/cas"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
# Ours has less than 2 KB beside the groups of a user, of which Cognito allows 100.
LONGEST_DOCUMENT_BYTES = 65_536


def render_success(ticket: ServiceTicket) -> str:
    """The document of a ticket that is valid."""
    answer = _answer()
    success = SubElement(answer, "cas:authenticationSuccess")
    identity = ticket.identity
    SubElement(success, "cas:user").text = identity.username
    attributes = SubElement(success, "cas:attributes")
    moment = ticket.authenticated_at.astimezone(UTC)
    told = {
        "authenticationDate": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "longTermAuthenticationRequestTokenUsed": "false",
        "isFromNewLogin": str(ticket.is_from_new_login).lower(),
        "accountId": identity.account.account_id,
        "profiles": ",".join(identity.account.profiles),
        "status": "active",
    }
    for name, text in told.items():
        SubElement(attributes, f"cas:{name}").text = text
    return _document(answer)


def render_failure(failure: InvalidTicket) -> str:
    """The document of a ticket that is not."""
    answer = _answer()
    SubElement(answer, "cas:authenticationFailure", {"code": failure.code}).text = failure.reason
    return _document(answer)


def parse_validation(document: bytes) -> Account:
    """Whose ticket it was.

    Args:
        document: what `serviceValidate` has answered.

    Raises:
        NotAuthenticated: the ticket is not valid; with CAS's own reason.
        Unavailable: CAS has a fault of its own.
        DataError: it is no such document, or does not tell the account.
    """
    answer = _read(document)
    failure = answer.find(_named("authenticationFailure"))
    if failure is not None:
        code, reason = failure.get("code", ""), " ".join((failure.text or "").split())
        if code == "INTERNAL_ERROR":
            raise Unavailable("The sign-in did not answer; try again in a moment.")
        raise NotAuthenticated(f"The ticket is not valid: {code}: {reason}", {"code": code})
    success = answer.find(_named("authenticationSuccess"))
    if success is None:
        raise _no_document()
    attributes = {name: success.findtext(f"{_named('attributes')}/{_named(name)}", "").strip()
                  for name in ("accountId", "profiles", "status")}  # fmt: skip
    if not attributes["accountId"]:
        raise _no_document()
    if attributes["status"] != "active":
        raise NotAuthenticated("The account is not active.", {"code": attributes["status"]})
    profiles = attributes["profiles"].split(",")
    return Account(
        account_id=attributes["accountId"],
        profiles=tuple(profile for profile in profiles if profile),
    )


def _read(document: bytes) -> Element:
    # Without a document type nothing is declared in it, so nothing can expand; in UTF-16 it
    # could not be seen.
    foreign = b"<!DOCTYPE" in document or b"\0" in document
    if foreign or len(document) > LONGEST_DOCUMENT_BYTES:
        raise _no_document()
    try:
        answer = fromstring(document)  # noqa: S314  short, and see above
    except (ParseError, ValueError, LookupError) as fault:
        raise _no_document() from fault
    if answer.tag != _named("serviceResponse"):
        raise _no_document()
    return answer


def _answer() -> Element:
    return Element("cas:serviceResponse", {"xmlns:cas": NAMESPACE})


def _document(answer: Element) -> str:
    indent(answer)
    return f"{_DECLARATION}{tostring(answer, encoding='unicode')}\n"


def _named(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _no_document() -> DataError:
    return DataError("The sign-in has answered with something that says of nobody who it is.")
