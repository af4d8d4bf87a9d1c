"""The Motu door as an application: one address, and an action in each request."""

import asyncio
from http import HTTPMethod, HTTPStatus

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from atoll.dialects.motu.codes import ACTION_CODES, UNFORESEEN, Fault, fault_of
from atoll.dialects.motu.pages.error import render_error
from atoll.dialects.motu.query import Query, parse_query, split_ticket
from atoll.errors import BrokerError, DataError, Unavailable
from atoll.model.job import Account, Origin
from atoll.ports import Ports
from atoll.services.history import History
from atoll.web.context import LONGEST_AGENT, CorrelationId, Pause
from atoll.web.motu.actions import Action, action_named, action_of, is_for_programs
from atoll.web.motu.door import Call, Held, MotuDoor, Welcome
from atoll.web.motu.parameters import BalancedQuery, address_parameters, form_parameters
from atoll.web.motu.replies import moved, nothing, page
from atoll.web.motu.sign_in import Visit, sign_in
from atoll.web.observability import Telemetry
from atoll.web.waiting import job_until

ROOTS = ("/motu-web", "/motu-open")
PROXY_CALLBACK = "/motu-web/proxyCallback"


def make_motu_app(
    ports: Ports, welcome: Welcome, telemetry: Telemetry, pause: Pause = asyncio.sleep
) -> FastAPI:
    """The application of one dissemination unit; for its arguments see `MotuDoor`."""
    # A redirect to the path without its last slash would be made of the caller's own host name.
    app = FastAPI(title="Atoll Motu door", openapi_url=None, redirect_slashes=False)
    app.state.door = MotuDoor(ports, welcome, telemetry, pause, History(ports))
    app.add_exception_handler(HTTPException, _no_such_page)
    app.add_middleware(BalancedQuery)
    app.add_middleware(CorrelationId)
    for root in ROOTS:
        for path in (f"{root}/Motu", f"{root}/Motu/"):
            app.add_route(path, _answer_action, ["GET", "POST"])
        app.add_route(f"{root}/", _answer_welcome, ["GET"])
        app.add_route(root, _lead_home, ["GET"])
    app.add_route(PROXY_CALLBACK, _answer_callback, ["GET", "POST"])
    return app


async def _answer_action(request: Request) -> Response:
    return await _answer(request, "listservices")


async def _answer_welcome(request: Request) -> Response:
    return await _answer(request, "welcome")


async def _lead_home(request: Request) -> Response:
    """To where the pages' links lead on from; whatever a gateway makes of a slash at the end."""
    door: MotuDoor = request.app.state.door
    return moved(f"{door.welcome.url}{request.url.path}/Motu?action=welcome")


async def _answer_callback(_request: Request) -> Response:
    """CAS looks whether a proxy is there; this one asks for no tickets of proxies."""
    return page("")


async def _no_such_page(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101  registered for these alone
    status = HTTPStatus(error.status_code)
    fault = Fault(status, f"{request.method} {request.url.path}: {status.phrase}.")
    found = page(render_error(fault.line(ACTION_CODES["httperror"])), status)
    found.headers.update(error.headers or {})
    return found


async def _answer(request: Request, default: str) -> Response:
    """The answer to a request; whatever goes wrong is told as its action tells errors."""
    if request.method == HTTPMethod.HEAD:  # routes of GET take it too, and nobody means to order
        return nothing()
    door: MotuDoor = request.app.state.door
    query, action = Query(), action_named(default)
    try:
        raw = address_parameters(request)
        query = parse_query(raw)
        action = action_of(query, default)
        raw = "&".join(part for part in (raw, await form_parameters(request)) if part)
        kept, ticket = split_ticket(raw)
        query = parse_query(raw)
        action = action_of(query, default)
        visit = Visit(
            path=request.url.path,
            raw=kept or f"action={default}",
            ticket=ticket,
            method=request.method,
            is_for_programs=is_for_programs(action, query),
        )
        return await _carried_out(request, action, query, visit)
    except BrokerError as error:
        is_fault = isinstance(error, Unavailable | DataError)
        (door.telemetry.failed if is_fault else door.telemetry.refused)(error)
        return action.refuse(query, fault_of(error))
    except Exception as error:  # noqa: BLE001  clients crash on what is not in their format
        door.telemetry.failed(error)
        return action.refuse(query, UNFORESEEN)


async def _carried_out(request: Request, action: Action, query: Query, visit: Visit) -> Response:
    door: MotuDoor = request.app.state.door
    account: Account | None = None
    if not action.is_free:
        found = await run_in_threadpool(sign_in, visit, door.welcome)
        if isinstance(found, Response):
            return found
        account = found
    call = Call(
        door=door,
        path=visit.path,
        query=query,
        account=account,
        origin=_origin(request, query, door.ports),
        correlation_id=str(request.state.correlation_id),
    )
    reply = await run_in_threadpool(action.answer, call)
    if isinstance(reply, Held):
        job = await job_until(reply.job, reply.wait_s, door)
        return await run_in_threadpool(reply.finish, call, job)
    return reply


def _origin(request: Request, query: Query, ports: Ports) -> Origin:
    """Where the request comes from; the caller's address only where the operator keeps it."""
    sent = request.headers
    client = [sent.get("x-client-id", ""), sent.get("x-client-version", "")]
    script = query.plain("scriptVersion")
    named = "/".join(part for part in client if part) or sent.get("user-agent", "")
    agent = f"{named} (script {script})" if script else named
    # Through a load balancer it is a list, to which every hop has added one.
    hosts = request.client.host.split(",") if request.client and request.client.host else [""]
    host = hosts[-1].strip() if ports.limits.keeps_hosts else ""
    return Origin(door="motu", host=host, agent=agent[:LONGEST_AGENT])
