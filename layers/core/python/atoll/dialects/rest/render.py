"""Jobs, quotes and results as REST documents."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from atoll.admission.estimates import Estimate, Spread
from atoll.admission.quota import Quota
from atoll.dialects.rest.codes import problem, render_problem
from atoll.dialects.rest.result_documents import ManifestFile, ResultFile, ResultReply, SetFile
from atoll.dialects.rest.wire import (
    ExpectedReply,
    JobList,
    Link,
    MadeReply,
    Moments,
    Problem,
    QueueReply,
    QuotaReply,
    QuoteReply,
    StatusInfo,
    TokenReply,
)
from atoll.model.job import MANIFEST_TYPE, Delivery, Job
from atoll.planning.extent import delivered
from atoll.planning.fingerprint import fingerprint
from atoll.ports import JobPage, Wanted
from atoll.services.explain import Explanation
from atoll.services.jobs import Result
from atoll.services.quoting import Quotation, Token

MESSAGES = {
    "accepted": "The job waits for its execution to start.",
    "running": "The subset is being extracted.",
    "successful": "The result can be fetched.",
    "failed": "The job failed; see `problem`.",
    "dismissed": "The job was cancelled.",
}

NO_DATA = "None of its cells has data: all of them are fill, as over land or in a gap."


def render_quote(quotation: Quotation) -> QuoteReply:
    """A quote."""
    quoted = quotation.quoted
    plan, decision = quoted.plan, quoted.decision
    return QuoteReply(
        dataset=plan.dataset,
        revision=plan.revision,
        fingerprint=fingerprint(plan),
        accepted=not decision.refusals,
        refusals=[render_problem(refusal) for refusal in decision.refusals],
        tier=decision.tier,
        files=decision.files,
        output_bytes=plan.output_bytes,
        read_bytes=plan.read_bytes,
        chunks=plan.chunks,
        variables=[variable.name for variable in plan.variables],
        extent=delivered(plan, quoted.coverage),
        cost_bytes=decision.cost_bytes,
        quota=_quota(quotation.quota, decision.cost_bytes),
        expected=_expected(quotation.expected, quotation.made_at),
        quote=_token(quotation.token),
    )


def render_job(job: Job, to_root: str, explanation: Explanation | None = None) -> StatusInfo:
    """A job's status.

    Args:
        job: the job.
        to_root: relative path from the document's address to the door's root, e.g. `../`.
        explanation: of how it does; None leaves that out.
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
        label=job.label,
        shared=job.leader is not None,
        extent=job.extent,
        problem=_failure(job),
        links=_links(job, to_root),
        **_explained(job, explanation),
    )


def render_jobs(page: JobPage, wanted: Wanted) -> JobList:
    """A page of jobs; the link to the next one asks for the same."""
    links = [Link(href="jobs", rel="self")]
    if page.cursor is not None:
        asked: list[tuple[str, object]] = [("status", one) for one in sorted(wanted.status)]
        asked += [("dataset", wanted.dataset)] if wanted.dataset else []
        asked += [("label", wanted.label)] if wanted.label else []
        asked += [("limit", wanted.limit), ("cursor", page.cursor)]
        links.append(Link(href=f"jobs?{urlencode(asked)}", rel="next"))
    return JobList(jobs=[render_job(job, "") for job in page.jobs], links=links)


def render_results(results: Sequence[Result]) -> ResultReply:
    """Addresses of a result's files, and of their manifests; what lies there."""
    files = [
        SetFile(**_file(result).model_dump(), manifest=_manifest(result)) for result in results
    ]
    return ResultReply(
        subset=_file(results[0]),
        manifest=_manifest(results[0]),
        files=files if len(files) > 1 else [],
    )


def _explained(job: Job, explanation: Explanation | None) -> dict[str, Any]:
    if explanation is None:
        return {}
    place, progress = explanation.place, explanation.progress
    told: dict[str, Any] = {
        "progress": explanation.percent,
        "queue": place and QueueReply(ahead=place.ahead, rule=place.rule),
        "expected": _expected(explanation.expected, explanation.at),
    }
    if progress is not None:
        total_bytes = job.plan.output_bytes
        made_bytes = total_bytes * (explanation.percent or 0) // 100
        told["parts"] = MadeReply(made=progress.made, total=progress.total(job.files))
        told["bytes"] = MadeReply(made=made_bytes, total=total_bytes)
    return told


def _expected(estimate: Estimate | None, at: datetime) -> ExpectedReply | None:
    if estimate is None:
        return None
    start = estimate.start
    return ExpectedReply(start=start and _moments(start, at), end=_moments(estimate.end, at))


def _moments(spread: Spread, at: datetime) -> Moments:
    def after(seconds: float) -> str:
        return _utc(at + timedelta(seconds=seconds))

    return Moments(p50=after(spread.p50_s), p95=after(spread.p95_s))


def _quota(quota: Quota | None, cost_bytes: int) -> QuotaReply | None:
    if quota is None:
        return None
    return QuotaReply(
        limit_bytes=quota.limit_bytes,
        used_bytes=quota.used_bytes,
        left_after_bytes=quota.left_after(cost_bytes),
    )


def _token(token: Token | None) -> TokenReply | None:
    if token is None:
        return None
    return TokenReply(token=token.text, valid_until=_utc(token.valid_until))


def _file(result: Result) -> ResultFile:
    delivery = result.delivery
    return ResultFile(
        href=result.url,
        type=delivery.media_type,
        file_name=delivery.file_name,
        size_bytes=delivery.output_bytes,
        sha256=delivery.sha256,
        cells_with_data=delivery.cells_with_data,
        message=_content([delivery]),
        expires_in_s=result.url_lifetime_s,
    )


def _manifest(result: Result) -> ManifestFile | None:
    url = result.manifest_url
    return ManifestFile(href=url, type=MANIFEST_TYPE) if url else None


def _message(job: Job) -> str:
    said = MESSAGES[job.status]
    if not job.deliveries:
        return said
    count = len(job.deliveries)
    several = f" It is a set of {count} files, in order of time." if count > 1 else ""
    return f"{said}{several} {_content(job.deliveries)}"


def _content(deliveries: Sequence[Delivery]) -> str:
    count = sum(delivery.cells_with_data for delivery in deliveries)
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
    if job.deliveries:
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
