"""Who asks: a guest, or whom a CAS ticket vouches for (CAS protocol 2.0, sections 2.1 and 2.5)."""

from dataclasses import dataclass
from http import HTTPMethod
from urllib.parse import quote

from fastapi.responses import Response

from atoll.errors import DataError, NotAuthenticated, RequestTooLong, Unavailable
from atoll.model.job import GUEST, Account
from atoll.web.motu.door import Welcome
from atoll.web.motu.parameters import by_name
from atoll.web.motu.replies import moved

# In the address of whoever was sent to sign in a second time: there is no third.
AGAIN = "signin=again"
# API Gateway passes 10,240 bytes of headers on, in each direction.
LONGEST_LOCATION = 8192
NO_GUESTS = "This door serves those alone who have signed in; its operator lets no guests in."


@dataclass(frozen=True, slots=True)
class Visit:
    """A request, as far as it matters who it is.

    Attributes:
        path: of the door.
        raw: parameters as they were sent, without a ticket; never empty.
        ticket: None = there is none.
        method: of HTTP.
        is_for_programs: what reads the answer cannot be sent anywhere else.
    """

    path: str
    raw: str
    ticket: str | None
    method: str
    is_for_programs: bool


def sign_in(visit: Visit, welcome: Welcome) -> Account | Response:
    """The account of whoever asks; or where it is to go to sign in.

    Raises:
        NotAuthenticated: nobody is let in here without, or the ticket is not valid.
        RequestTooLong: the request does not fit into the address of a sign-in.
        Unavailable: the sign-in did not answer.
    """
    if not welcome.signs_in(visit.path):
        if not welcome.guests:
            raise NotAuthenticated(NO_GUESTS)
        return GUEST
    if visit.ticket is None:
        return _to_login(visit.raw, visit, welcome)
    try:
        return welcome.check_ticket(_service(visit.raw, visit, welcome), visit.ticket)
    except NotAuthenticated as fault:
        if visit.is_for_programs or visit.method != HTTPMethod.GET or _was_sent_again(visit):
            raise _bad_ticket(fault) from fault
        return _to_login(f"{visit.raw}&{AGAIN}", visit, welcome)
    except DataError as fault:
        raise Unavailable("The sign-in does not answer as it should; try again.") from fault


def _service(raw: str, visit: Visit, welcome: Welcome) -> str:
    return f"{welcome.url}{visit.path}?{raw}"


def _to_login(raw: str, visit: Visit, welcome: Welcome) -> Response:
    service = _service(by_name(raw), visit, welcome)
    location = f"{welcome.cas_url}/login?service={quote(service, safe='')}"
    if len(location) > LONGEST_LOCATION:
        raise RequestTooLong(
            f"The request takes {len(location)} characters in the address of the sign-in; up to "
            f"{LONGEST_LOCATION} are accepted. Name fewer variables, or none for all of them.",
            {"request_bytes": len(location), "limit_bytes": LONGEST_LOCATION},
        )
    return moved(location)


def _was_sent_again(visit: Visit) -> bool:
    return AGAIN in visit.raw.split("&")


def _bad_ticket(fault: NotAuthenticated) -> NotAuthenticated:
    return NotAuthenticated(
        f"ticket: it is not valid for this address: {fault.detail}", {"parameter": "ticket"}
    )
