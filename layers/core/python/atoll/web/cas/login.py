"""Pages: the login that clients come by, and the way through the hosted one and back."""

import re
from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from atoll.dialects.cas.pages import render_login, render_message
from atoll.errors import NotAuthenticated
from atoll.model.ticket import LOGIN_LIFETIME
from atoll.services.hosted_login import BEGIN_AGAIN, begin_login, finish_login
from atoll.web.cas.context import CasDoor, DoorHere, Query

router = APIRouter(include_in_schema=False)

_STATE = re.compile(r"[0-9a-f]{64}")
_ERROR = re.compile(r"[a-z_]{1,40}")
SIGNED_OUT_TO = "cas-signed-out-to"


@router.get("/login")
def get_login(query: Query, door: DoorHere) -> Response:
    """Where everybody is sent who has no ticket. Programs look at its address alone.

    Nothing is kept for it: a waiting program comes by every ten seconds, and never goes on.
    """
    service = query.get("service", "")
    if service:
        door.ports.services.demand(service)
    return HTMLResponse(render_login(door.url, service))


@router.get("/hosted")
def get_hosted(query: Query, door: DoorHere) -> Response:
    """On to the identity provider. This browser, and no other, may come back with the state."""
    begun = begin_login(query.get("service", ""), door.ports)
    answer = RedirectResponse(begun.address, HTTPStatus.FOUND)
    _remember(answer, door, _cookie(begun.state), "begun")
    return answer


@router.get("/callback")
def get_callback(query: Query, request: Request, door: DoorHere) -> Response:
    """Back from the identity provider, and on to the service with a ticket."""
    state, code = query.get("state", ""), query.get("code", "")
    # A state that a stranger has sent must not sign anybody in (RFC 6749, section 10.12).
    if not _STATE.fullmatch(state) or _cookie(state) not in request.cookies:
        raise NotAuthenticated(BEGIN_AGAIN)
    if not code:
        said = query.get("error", "")
        why = said if _ERROR.fullmatch(said) else "it came back without a code"
        raise NotAuthenticated(f"The login was not finished: {why}.")
    onward = finish_login(state, code, door.ports)
    answer = _go(onward, "Signed in", "You are signed in; go back to your program.")
    answer.delete_cookie(_cookie(state), path=door.path, secure=door.is_secure, httponly=True)
    return answer


@router.get("/logout")
def get_logout(query: Query, door: DoorHere) -> Response:
    """The end of the identity provider's session; there is no other."""
    service = query.get("service", "")
    answer = RedirectResponse(door.ports.hosted_login.logout_address(), HTTPStatus.FOUND)
    if service:
        door.ports.services.demand(service)
        _remember(answer, door, SIGNED_OUT_TO, service.encode().hex())
    return answer


@router.get("/signed-out")
def get_signed_out(request: Request, door: DoorHere) -> Response:
    """Back from the end of the session, and on to the service that was named."""
    service = _decoded(request.cookies.get(SIGNED_OUT_TO, ""))
    if service:
        door.ports.services.demand(service)
    answer = _go(service or None, "Signed out", "You are signed out.")
    answer.delete_cookie(SIGNED_OUT_TO, path=door.path, secure=door.is_secure, httponly=True)
    return answer


def _go(onward: str | None, title: str, text: str) -> Response:
    if onward is None:
        return HTMLResponse(render_message(title, text))
    # Not RedirectResponse: it would encode some characters anew, and a ticket is bound to bytes.
    return Response(status_code=HTTPStatus.FOUND, headers={"location": onward})


def _remember(answer: Response, door: CasDoor, name: str, value: str) -> None:
    answer.set_cookie(
        name,
        value,
        max_age=int(LOGIN_LIFETIME.total_seconds()),
        path=door.path,
        secure=door.is_secure,
        httponly=True,
        samesite="lax",
    )


def _cookie(state: str) -> str:
    """A name for each login, so that two windows do not disturb one another."""
    return f"cas-login-{state}"


def _decoded(text: str) -> str:
    try:
        return bytes.fromhex(text).decode()
    except ValueError:
        return ""
