"""Routes: the process, its quote and its execution (OGC API - Processes, Part 1)."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from fastapi.concurrency import run_in_threadpool

from atoll.admission.entitlement import demand_ordering
from atoll.dialects.rest.parse import KEY_FORM, parse_execute, parse_key, parse_quote
from atoll.dialects.rest.prefer import Preferences
from atoll.dialects.rest.render import render_job, render_quote, render_results
from atoll.dialects.rest.result_documents import ResultReply
from atoll.dialects.rest.wire import Link, QuoteReply, StatusInfo
from atoll.model.job import ENDED
from atoll.services.jobs import fetch_results, resubmit_job
from atoll.services.quoting import quotation, taken_up
from atoll.services.submit import Order, Placement, submit
from atoll.web.api_document import BODY, QUOTE_BODY
from atoll.web.context import (
    Body,
    Door,
    DoorHere,
    OriginHere,
    Preferred,
    SignedIn,
    correlation_id_of,
    header_of,
)
from atoll.web.observability import tell_order
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
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
_cache_control = Header(
    description="RFC 9111: `no-cache` = make the result anew, even where an equal order of the "
    "last days has made it or is making it.",
    examples=["no-cache"],
)
_key = Header(
    description="1 to 255 visible characters of ASCII. An order that is sent again with the same "
    "key within a day is the same order, and makes no second job.",
    examples=["b7c1a0de-1"],
    json_schema_extra={"pattern": f"^{KEY_FORM}$"},
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


@router.post(
    "/quotes", summary="The dry run of an order", responses=FAULTS, openapi_extra=QUOTE_BODY
)
def post_quote(body: Body, account: SignedIn, door: DoorHere) -> QuoteReply:
    """What an order would read, make, cost and meet; and a token that binds us to it."""
    return render_quote(quotation(parse_quote(body), account, door.ports, door.history))


def placement_of(
    request: Request,
    origin: OriginHere,
    idempotency_key: Annotated[str | None, _key] = None,
    cache_control: Annotated[str, _cache_control] = "",
) -> Placement:
    """What the headers of an order say."""
    del cache_control
    return Placement(
        correlation_id_of(request),
        key=parse_key(idempotency_key),
        origin=origin,
        shares="no-cache" not in header_of(request, "cache-control").lower(),
    )


type Placed = Annotated[Placement, Depends(placement_of)]


def place_order(body: Body, account: SignedIn, placement: Placed, door: DoorHere) -> Order:
    """Place the order of this request; FastAPI does so in a thread, as everything that may wait."""
    ordered, ports = parse_execute(body), door.ports
    placement = replace(placement, subscriber=ordered.subscriber)
    request = ordered.request
    if ordered.quote is not None:
        demand_ordering(account)
        offer = taken_up(ordered.quote, request, account, ports)
        request, placement = offer.request, replace(placement, offer=offer)
    assert request is not None  # noqa: S101  there are inputs or a quote
    return told(submit(request, account, placement, ports), door)


def place_again(job_id: str, account: SignedIn, placement: Placed, door: DoorHere) -> Order:
    """Place the order of a job once more."""
    return told(resubmit_job(job_id, account, placement, door.ports), door)


def told(order: Order, door: Door) -> Order:
    """The order, which operators are told of once."""
    tell_order(door.telemetry, order)
    return order


@router.post(
    "/processes/subset/execution",
    summary="Order a subset",
    status_code=HTTPStatus.ACCEPTED,
    response_model=None,  # one of two, see ANSWERS
    responses=ANSWERS | FAULTS | problems(HTTPStatus.CONFLICT),
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
    return await _answer(order, "../../", response, door, preferred)


@router.post(
    "/jobs/{job_id}/resubmission",
    summary="Order the same once more",
    status_code=HTTPStatus.ACCEPTED,
    response_model=None,  # as above
    responses=ANSWERS | FAULTS | problems(HTTPStatus.CONFLICT),
)
async def post_resubmission(
    order: Annotated[Order, Depends(place_again)],
    response: Response,
    door: DoorHere,
    preferred: Preferred,
) -> StatusInfo | ResultReply:
    """A new job of the same inputs, label and subscriber; of `main` as it is now."""
    return await _answer(order, "../../", response, door, preferred)


async def _answer(
    order: Order, to_root: str, response: Response, door: Door, preferred: Preferences
) -> StatusInfo | ResultReply:
    response.headers["location"] = f"{to_root}jobs/{order.job.job_id}"
    if preferred.applied:
        response.headers["preference-applied"] = preferred.applied
    job = await job_until(order.job, preferred.wait_s, door)
    if job.status in ENDED:
        response.status_code = HTTPStatus.OK
        return render_results(await run_in_threadpool(fetch_results, job, door.ports))
    return render_job(job, to_root)
