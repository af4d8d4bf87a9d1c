"""Whose a ticket is: what services ask."""

from fastapi import APIRouter, Response

from atoll.dialects.cas.validation import MEDIA_TYPE, render_failure, render_success
from atoll.model.ticket import InvalidTicket
from atoll.services.cas import validate_ticket
from atoll.web.cas.context import DoorHere, Query

router = APIRouter(include_in_schema=False)


@router.get("/serviceValidate")
@router.get("/p3/serviceValidate")
def get_validation(query: Query, door: DoorHere) -> Response:
    """The document of CAS 3.0; a ticket that is not valid is an answer, and no error of HTTP."""
    ticket, service = query.get("ticket", ""), query.get("service", "")
    if not (ticket and service) or query.get("format", "XML").upper() != "XML":
        found = InvalidTicket(
            code="INVALID_REQUEST",
            reason="Both service and ticket must be given; the only format is XML.",
        )
        return _answer(render_failure(found))
    renew = query.get("renew", "").lower() not in {"", "false"}
    answer = validate_ticket(ticket, service, door.ports, renew=renew)
    if isinstance(answer, InvalidTicket):
        return _answer(render_failure(answer))
    return _answer(render_success(answer))


def _answer(document: str) -> Response:
    return Response(document, media_type=MEDIA_TYPE)
