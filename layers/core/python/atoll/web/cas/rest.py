"""The REST protocol of CAS servers: what programs sign in with, a password in a form."""

from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from atoll.dialects.cas.pages import render_grant
from atoll.errors import InvalidParameter
from atoll.services.cas import grant_ticket, issue_ticket, revoke_grant
from atoll.services.passwords import Credentials
from atoll.web.cas.context import Address, DoorHere, Form

router = APIRouter(prefix="/v1/tickets", include_in_schema=False)


@router.post("")
def post_grant(form: Form, address: Address, door: DoorHere) -> Response:
    """A ticket-granting ticket for a user name and a password."""
    credentials = Credentials(_given(form, "username"), _given(form, "password"), address)
    grant = grant_ticket(credentials, door.ports)
    location = f"{door.url}/v1/tickets/{grant}"
    return HTMLResponse(render_grant(location), HTTPStatus.CREATED, headers={"location": location})


@router.post("/{grant}")
def post_ticket(grant: str, form: Form, door: DoorHere) -> Response:
    """A service ticket for a ticket-granting ticket, as a line that does not end."""
    ticket = issue_ticket(grant, _given(form, "service"), door.ports)
    if ticket is None:
        return PlainTextResponse(
            "There is no such ticket-granting ticket, or not any more: sign in again.",
            HTTPStatus.NOT_FOUND,
        )
    return PlainTextResponse(ticket)


@router.delete("/{grant}")
def delete_grant(grant: str, door: DoorHere) -> Response:
    """The end of a ticket-granting ticket."""
    revoke_grant(grant, door.ports)
    return PlainTextResponse("Signed out.")


def _given(form: dict[str, str], name: str) -> str:
    value = form.get(name, "")
    if not value:
        raise InvalidParameter(name, "", "it must be in the form")
    return value
