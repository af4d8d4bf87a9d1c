"""Routes: the process, its quote and its execution (OGC API - Processes, Part 1)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from atoll.dialects.rest.parse import parse_execute
from atoll.dialects.rest.render import render_job, render_quote
from atoll.dialects.rest.wire import Link, QuoteReply, StatusInfo
from atoll.planning.extent import delivered
from atoll.services.subset import quote, submit
from atoll.web.api_document import BODY
from atoll.web.context import Body, Door, PortsHere, SignedIn, correlation_id_of
from atoll.web.problems import problems
from atoll.web.replies import ProcessDescription, ProcessList, summary

router = APIRouter(tags=["subset"])

FAULTS = problems(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


@router.get("/processes", summary="The processes: there is one")
def list_processes() -> ProcessList:
    """The list."""
    return ProcessList(
        processes=[summary("processes/subset")], links=[Link(href="processes", rel="self")]
    )


@router.get("/processes/subset", summary="The process and its inputs")
def get_process() -> ProcessDescription:
    """Its description."""
    return ProcessDescription.build()


@router.post("/quotes", summary="The dry run of an order", responses=FAULTS, openapi_extra=BODY)
def post_quote(body: Body, account: SignedIn, ports: PortsHere) -> QuoteReply:
    """What an order would read, make and meet; changes nothing."""
    return render_quote(quote(parse_execute(body), account, ports))


@router.post(
    "/processes/subset/execution",
    summary="Order a subset",
    status_code=HTTPStatus.ACCEPTED,
    responses=FAULTS,
    openapi_extra=BODY,
)
def post_execution(
    request: Request,
    response: Response,
    body: Body,
    account: SignedIn,
    prefer: Annotated[str, Header(description="RFC 7240; always respond-async")] = "",
) -> StatusInfo:
    """Accept the order; it is carried out while the caller goes on."""
    door: Door = request.app.state.door
    order = submit(parse_execute(body), account, correlation_id_of(request), door.ports)
    door.telemetry.ordered(order.job.job_id, order.job.tier, order.job.plan.output_bytes)
    # Relative to /processes/subset/execution: true behind any host name and path.
    response.headers["location"] = f"../../jobs/{order.job.job_id}"
    if "respond-async" in prefer:
        response.headers["preference-applied"] = "respond-async"
    return render_job(order.job, "../../", delivered(order.job.plan, order.coverage))
