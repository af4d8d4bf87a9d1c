"""Jobs, quotes and results as REST documents."""

from datetime import UTC, datetime
from http import HTTPStatus

from atoll.dialects.rest.codes import problem, render_problem
from atoll.dialects.rest.wire import (
    JobList,
    Link,
    ManifestFile,
    Problem,
    QuoteReply,
    ResultFile,
    ResultReply,
    StatusInfo,
)
from atoll.model.job import MANIFEST_TYPE, Delivery, Job
from atoll.planning.extent import Extent, delivered
from atoll.planning.fingerprint import fingerprint
from atoll.ports import JobPage
from atoll.services.jobs import Result
from atoll.services.subset import Quote

MESSAGES = {
    "accepted": "The job waits for its execution to start.",
    "running": "The subset is being extracted.",
    "successful": "The result can be fetched.",
    "failed": "The job failed; see `problem`.",
    "dismissed": "The job was cancelled.",
}

NO_DATA = "None of its cells has data: all of them are fill, as over land or in a gap."


def render_quote(quoted: Quote) -> QuoteReply:
    """A quote."""
    plan, decision = quoted.plan, quoted.decision
    return QuoteReply(
        dataset=plan.dataset,
        revision=plan.revision,
        fingerprint=fingerprint(plan),
        accepted=not decision.refusals,
        refusals=[render_problem(refusal) for refusal in decision.refusals],
        tier=decision.tier,
        output_bytes=plan.output_bytes,
        read_bytes=plan.read_bytes,
        chunks=plan.chunks,
        variables=[variable.name for variable in plan.variables],
        extent=delivered(plan, quoted.coverage),
    )


def render_job(job: Job, to_root: str, extent: Extent | None = None) -> StatusInfo:
    """A job's status.

    Args:
        job: the job.
        to_root: relative path from the document's address to the door's root, e.g. `../`.
        extent: what the result covers; None leaves it out.
    """
    return StatusInfo(
        processID="subset",
        jobID=job.job_id,
        status=job.status,
        message=_message(job),
        created=_utc(job.created_at),
        started=job.started_at and _utc(job.started_at),
        finished=job.finished_at and _utc(job.finished_at),
        expires=_utc(job.expires_at),
        dataset=job.plan.dataset,
        revision=job.plan.revision,
        tier=job.tier,
        output_bytes=job.plan.output_bytes,
        reserved_bytes=0 if job.finished_at else job.reserved_bytes,
        correlation_id=job.correlation_id,
        extent=extent,
        problem=_failure(job),
        links=_links(job, to_root),
    )


def render_jobs(page: JobPage, limit: int) -> JobList:
    """A page of jobs."""
    links = [Link(href="jobs", rel="self")]
    if page.cursor is not None:
        links.append(Link(href=f"jobs?limit={limit}&cursor={page.cursor}", rel="next"))
    return JobList(jobs=[render_job(job, "") for job in page.jobs], links=links)


def render_result(result: Result) -> ResultReply:
    """A result's address, and that of its manifest; what lies there."""
    delivery, url = result.delivery, result.manifest_url
    return ResultReply(
        subset=ResultFile(
            href=result.url,
            type=delivery.media_type,
            file_name=delivery.file_name,
            size_bytes=delivery.output_bytes,
            sha256=delivery.sha256,
            cells_with_data=delivery.cells_with_data,
            message=_content(delivery),
            expires_in_s=result.url_lifetime_s,
        ),
        manifest=ManifestFile(href=url, type=MANIFEST_TYPE) if url else None,
    )


def _message(job: Job) -> str:
    said = MESSAGES[job.status]
    return said if job.delivery is None else f"{said} {_content(job.delivery)}"


def _content(delivery: Delivery) -> str:
    count = delivery.cells_with_data
    return f"{count} of its cells have data." if count else NO_DATA


def _failure(job: Job) -> Problem | None:
    if job.reason is None:
        return None
    return problem(
        job.reason.code,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        job.reason.detail,
        job.reason.facts,
        job.correlation_id,
    )


def _links(job: Job, to_root: str) -> list[Link]:
    own = f"{to_root}jobs/{job.job_id}"
    links = [Link(href=own, rel="self", type="application/json")]
    if job.delivery is not None:
        links.append(
            Link(
                href=f"{own}/results",
                rel="http://www.opengis.net/def/rel/ogc/1.0/results",
                type="application/json",
            )
        )
    return links


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
