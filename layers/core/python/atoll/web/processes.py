"""Routes: the process, its quote and its execution (OGC API - Processes, Part 1)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from atoll.dialects.rest.parse import parse_execute
from atoll.dialects.rest.render import render_job, render_quote, render_results
from atoll.dialects.rest.wire import Link, QuoteReply, ResultReply, StatusInfo
from atoll.model.job import ENDED
from atoll.planning.extent import delivered
from atoll.services.jobs import fetch_results
from atoll.services.submit import Order, Placement, submit
from atoll.services.subset import quote
from atoll.web.api_document import BODY
from atoll.web.context import Body, DoorHere, PortsHere, Preferred, SignedIn, correlation_id_of
from atoll.web.problems import problems
from atoll.web.replies import ProcessDescription, ProcessList, summary
from atoll.web.waiting import job_until

router = APIRouter(tags=["subset"])

FAULTS = problems(
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_cache_control = Header(
    description="RFC 9111: `no-cache` = make the result anew, even where an equal order of the "
    "last days has made it or is making it.",
    examples=["no-cache"],
)
_HEADERS = {
    "Location": {"description": "The job's address.", "schema": {"type": "string"}},
    "Preference-Applied": {"description": "See `Prefer`.", "schema": {"type": "string"}},
}
ANSWERS: dict[int | str, dict[str, object]] = {
    200: {
        "model": ResultReply,
        "description": "With `Prefer: wait`: the job has ended, and this is its result",
        "headers": _HEADERS,
    },
    202: {"model": StatusInfo, "description": "The job is accepted", "headers": _HEADERS},
}


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
    return render_quote(quote(parse_execute(body).request, account, ports))


def place_order(
    body: Body,
    account: SignedIn,
    request: Request,
    door: DoorHere,
    cache_control: Annotated[str, _cache_control] = "",
) -> Order:
    """Place the order of this request; FastAPI does so in a thread, as everything that may wait."""
    ordered = parse_execute(body)
    placement = Placement(
        correlation_id_of(request),
        subscriber=ordered.subscriber,
        shares="no-cache" not in cache_control,
    )
    order = submit(ordered.request, account, placement, door.ports)
    job = order.job
    door.telemetry.ordered(job.job_id, job.tier, job.plan.output_bytes)
    return order


@router.post(
    "/processes/subset/execution",
    summary="Order a subset",
    status_code=HTTPStatus.ACCEPTED,
    response_model=None,  # one of two, see ANSWERS
    responses=ANSWERS | FAULTS,
    openapi_extra=BODY,
)
async def post_execution(
    order: Annotated[Order, Depends(place_order)],
    response: Response,
    door: DoorHere,
    preferred: Preferred,
) -> StatusInfo | ResultReply:
    """Accept the order; it is carried out while the caller goes on, or waits (`Prefer: wait`)."""
    # Relative to /processes/subset/execution: true behind any host name and path.
    response.headers["location"] = f"../../jobs/{order.job.job_id}"
    if preferred.applied:
        response.headers["preference-applied"] = preferred.applied
    job = await job_until(order.job, preferred.wait_s, door)
    if job.status in ENDED:
        response.status_code = HTTPStatus.OK
        return render_results(await run_in_threadpool(fetch_results, job, door.ports))
    return render_job(job, "../../", delivered(job.plan, order.coverage))
