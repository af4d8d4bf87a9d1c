"""Routes: an account's jobs (OGC API - Processes, Part 1, job list and dismiss)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from atoll.dialects.rest.parse import parse_change
from atoll.dialects.rest.render import render_job, render_jobs, render_results
from atoll.dialects.rest.result_documents import ResultReply
from atoll.dialects.rest.wire import JobChange, JobList, StatusInfo
from atoll.model.job import JobStatus
from atoll.ports import Wanted
from atoll.services.explain import explain
from atoll.services.jobs import dismiss_job, fetch_results, own_job, relabel_job
from atoll.web.context import Body, DoorHere, PortsHere, SignedIn
from atoll.web.problems import problems

router = APIRouter(tags=["jobs"])

FAULTS = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)
_CHANGE = {"content": {"application/json": {"schema": JobChange.model_json_schema()}}}


def wanted_of(
    status: Annotated[
        list[JobStatus], Query(description="Only jobs of these.", examples=[["running"]])
    ] = [],  # noqa: B006  FastAPI copies it
    dataset: Annotated[str, Query(max_length=200, description="Only jobs of this one.")] = "",
    label: Annotated[str, Query(max_length=200, description="Only jobs of this one.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> Wanted:
    """Which jobs are asked for."""
    return Wanted(limit, cursor, frozenset(status), dataset, label)


@router.get(
    "/jobs",
    summary="The caller's jobs, newest first",
    responses=problems(
        HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
def list_jobs(
    account: SignedIn, ports: PortsHere, wanted: Annotated[Wanted, Depends(wanted_of)]
) -> JobList:
    """A page of them; follow the link `next`."""
    return render_jobs(ports.ledger.jobs(account.account_id, wanted), wanted)


@router.get("/jobs/{job_id}", summary="How a job does", responses=FAULTS)
def get_job(job_id: str, account: SignedIn, door: DoorHere) -> StatusInfo:
    """Its status, the bounds delivered; how far it is, what holds it, when it may end."""
    job = own_job(job_id, account, door.ports)
    return render_job(job, "../", explain(job, door.ports, door.history))


@router.get("/jobs/{job_id}/results", summary="The result's address", responses=FAULTS)
def get_results(job_id: str, account: SignedIn, ports: PortsHere) -> ResultReply:
    """An address made for this answer, with the file's size, digest, type and name."""
    return render_results(fetch_results(own_job(job_id, account, ports), ports))


@router.patch(
    "/jobs/{job_id}",
    summary="Label a job",
    responses=FAULTS
    | problems(HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
    openapi_extra={"requestBody": _CHANGE | {"required": True}},
)
def patch_job(job_id: str, body: Body, account: SignedIn, ports: PortsHere) -> StatusInfo:
    """Give it a word of one's own, to be found by; it may have ended."""
    return render_job(relabel_job(job_id, parse_change(body), account, ports), "../")


@router.delete(
    "/jobs/{job_id}",
    summary="Cancel a job that waits or runs",
    responses=FAULTS | problems(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT),
)
def delete_job(job_id: str, account: SignedIn, ports: PortsHere) -> StatusInfo:
    """Stop it and release what it had reserved."""
    return render_job(dismiss_job(job_id, account, ports), "../")
