"""Actions: whether the door works, what it is busy with, and what it cannot do."""

from http import HTTPStatus

from fastapi.responses import Response

from atoll.dialects.motu.codes import ACTION_CODES, NOT_IMPLEMENTED, Fault
from atoll.dialects.motu.pages.about import render_about
from atoll.dialects.motu.pages.debug import render_debug
from atoll.dialects.motu.pages.welcome import render_welcome
from atoll.dialects.motu.parse import parse_statuses
from atoll.errors import InvalidParameter
from atoll.model.job import GUEST
from atoll.ports import Wanted
from atoll.web.motu.door import VERSION, Call
from atoll.web.motu.replies import HTML, TEXT, answer, error_page, moved, page

NEWEST_JOBS = 50
NO_CACHE = Fault(
    NOT_IMPLEMENTED,
    "There is no cache to refresh: what is published is to be seen at once.",
)
FORBIDDEN = frozenset({"400", "403"})


def ping(call: Call) -> Response:
    """The function answers."""
    del call
    return answer("OK - response action=ping", TEXT)


def healthz(call: Call) -> Response:
    """The catalogue answers too."""
    call.door.ports.catalogue.entries()
    return answer("Server is ready.", HTML)


def debug(call: Call) -> Response:
    """The caller's own jobs, and how busy the unit is. Guests share an account, and see none."""
    ports, account = call.door.ports, call.caller
    wanted = Wanted(limit=NEWEST_JOBS)
    jobs = () if account == GUEST else ports.ledger.jobs(account.account_id, wanted).jobs
    slots = ports.policies.current().policy.queue.slots
    return page(render_debug(jobs, slots, ports.queue.held(), parse_statuses(call.query)))


def refresh_cache(call: Call) -> Response:
    """There is none."""
    del call
    return error_page(NO_CACHE, ACTION_CODES["refreshcache"])


def log_out(call: Call) -> Response:
    """Forget the sign-in, where there is one; nothing of it is kept here."""
    cas_url = call.door.welcome.cas_url
    return moved(f"{cas_url}/logout") if cas_url else answer("", HTML)


def about(call: Call) -> Response:
    """Which version this is."""
    del call
    found = page(render_about(VERSION))
    found.headers["access-control-allow-origin"] = "*"
    return found


def welcome(call: Call) -> Response:
    """Where to go from here."""
    del call
    return page(render_welcome())


def http_error(call: Call) -> Response:
    """The page of an HTTP error."""
    code = call.query.first("code") or f"{HTTPStatus.NOT_FOUND}"
    if not (code.isascii() and code.isdecimal() and len(code) == 3):  # noqa: PLR2004  digits
        raise InvalidParameter("code", code, "an HTTP status is, such as 404")
    text = "Access forbidden." if code in FORBIDDEN else "The page was not found."
    return error_page(Fault(int(code), text), ACTION_CODES["httperror"])
