"""Routes: an account's jobs (OGC API - Processes, Part 1, job list and dismiss)."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from atoll.dialects.rest.render import render_job, render_jobs, render_results
from atoll.dialects.rest.wire import JobList, ResultReply, StatusInfo
from atoll.planning.extent import delivered
from atoll.ports import Wanted
from atoll.services.jobs import dismiss_job, fetch_results, own_job
from atoll.web.context import PortsHere, SignedIn
from atoll.web.problems import problems

router = APIRouter(tags=["jobs"])

FAULTS = problems(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE)


@router.get(
    "/jobs",
    summary="The caller's jobs, newest first",
    responses=problems(
        HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE
    ),
)
def list_jobs(
    account: SignedIn,
    ports: PortsHere,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query(max_length=2000)] = None,
) -> JobList:
    """A page of them; follow the link `next`."""
    return render_jobs(ports.ledger.jobs(account.account_id, Wanted(limit, cursor)), limit)


@router.get("/jobs/{job_id}", summary="How a job does", responses=FAULTS)
def get_job(job_id: str, account: SignedIn, ports: PortsHere) -> StatusInfo:
    """Its status, and the bounds really delivered."""
    job = own_job(job_id, account, ports)
    coverage = ports.catalogue.describe(job.plan.dataset, job.plan.revision)
    return render_job(job, "../", delivered(job.plan, coverage))


@router.get("/jobs/{job_id}/results", summary="The result's address", responses=FAULTS)
def get_results(job_id: str, account: SignedIn, ports: PortsHere) -> ResultReply:
    """An address made for this answer, with the file's size, digest, type and name."""
    return render_results(fetch_results(own_job(job_id, account, ports), ports))


@router.delete(
    "/jobs/{job_id}",
    summary="Cancel a job that waits or runs",
    responses=FAULTS | problems(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT),
)
def delete_job(job_id: str, account: SignedIn, ports: PortsHere) -> StatusInfo:
    """Stop it and release what it had reserved."""
    return render_job(dismiss_job(job_id, account, ports), "../")
