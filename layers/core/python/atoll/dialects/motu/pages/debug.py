"""debug: the caller's requests, and how many run at once."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, get_args

from atoll.dialects.motu.codes import ACTION_CODES, MIB, OK
from atoll.dialects.motu.pages.html import Content, facts, link, page, table, tag
from atoll.dialects.motu.status import fault_of_job
from atoll.model.job import Job, JobStatus, Tier
from atoll.model.policy import Slots
from atoll.model.queue import Held

type Status = Literal["INPROGRESS", "PENDING", "ERROR", "DONE"]

ORDER: tuple[Status, ...] = get_args(Status.__value__)
_STATUSES: Mapping[JobStatus, Status] = {
    "accepted": "PENDING",
    "running": "INPROGRESS",
    "successful": "DONE",
    "failed": "ERROR",
    "dismissed": "ERROR",
}
_TIERS: tuple[Tier, ...] = ("small", "medium", "big")
_HEADINGS = (
    "Request Id",
    "Request Type",
    "User Id",
    "Time",
    "Status",
    "Code",
    "Message",
    "Remote data",
    "Local data",
)
_UNKNOWN = "-"


def render_debug(
    jobs: Sequence[Job], slots: Slots, held: Sequence[Held], order: Sequence[Status] = ORDER
) -> str:
    """The page.

    Args:
        jobs: the caller's own, in the order shown.
        slots: of the unit.
        held: the slots that are taken now, by whomever.
        order: of the statuses.
    """
    running = Counter(one.tier for one in held)
    return page(
        "Motu | Debug",
        tag("h1", "Request status"),
        *_requests(jobs, order),
        tag("h2", "Queue server general configuration"),
        facts({"Max data threshold": "unlimited"}),
        *(part for tier in _TIERS for part in _queue(tier, slots.of(tier), running[tier])),
    )


def _requests(jobs: Sequence[Job], order: Sequence[Status]) -> Iterator[Content]:
    for status in order:
        of_status = [job for job in jobs if _STATUSES[job.status] == status]
        yield tag("h2", f"{status} (x{len(of_status)})")
        yield table(_HEADINGS, map(_row, of_status))


def _row(job: Job) -> tuple[Content, ...]:
    action = "productdownload"
    fault = fault_of_job(job)
    number, text = (OK, "") if fault is None else (fault.number, fault.text)
    files = [link(one.file_name, action="getreqstatus", requestid=job.job_id)
             for one in job.deliveries]  # fmt: skip
    return (
        job.job_id,
        action,
        job.account_id,
        _moment(job.created_at),
        _STATUSES[job.status],
        f"{ACTION_CODES[action]}-{number}",
        tag("div", *(tag("p", line) for line in _message(job, text))),
        tag("div", *files) if files else _UNKNOWN,
        _UNKNOWN,
    )


def _message(job: Job, text: str) -> Iterator[str]:
    if text:
        yield text
    if job.deliveries:
        delivered_bytes = sum(one.output_bytes for one in job.deliveries)
        yield f"Length : {delivered_bytes / MIB:.3f} MB"
    yield f"Last modified : {_moment(job.finished_at or job.started_at or job.created_at)}"
    yield f"ScriptVersion : {job.origin.agent or _UNKNOWN}"


def _queue(tier: Tier, slots: int, active: int) -> tuple[Content, ...]:
    """What is so of every account; what depends on it, or is not counted, is `-`."""
    return (
        tag("h3", tier),
        facts(
            {
                "Description": f"Orders of the tier {tier}",
                "Max pool anonymous": _UNKNOWN,
                "Max pool authenticate": _UNKNOWN,
                "Max threads": f"{slots}",
                "Data threshold": _UNKNOWN,
                "Max pool size": "unlimited",
                "Low priority waiting": "false",
                "Active threads": f"{active}",
                "Completed tasks": _UNKNOWN,
            }
        ),
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
