"""`statusModeResponse`: an order, and how it does (productdownload, getreqstatus)."""

import re
from datetime import UTC, datetime

from atoll.dialects.motu.codes import (
    ACTION_CODES,
    MIB,
    OK,
    UNKNOWN_REQUEST,
    Fault,
    fault_of_reason,
    one_line,
)
from atoll.dialects.motu.size import double_text
from atoll.dialects.motu.xml import document, element
from atoll.model.job import Job, JobStatus

ORDER, POLL = ACTION_CODES["productdownload"], ACTION_CODES["getreqstatus"]
IN_PROGRESS, DONE, FAILED, PENDING = "0", "1", "2", "3"
STATUSES: dict[JobStatus, str] = {
    "accepted": PENDING,
    "running": IN_PROGRESS,
    "successful": DONE,
    "failed": FAILED,
    "dismissed": FAILED,
}
DISMISSED = Fault(UNKNOWN_REQUEST, "The request was cancelled.")
_VERSION = re.compile(r"[ -~]{0,60}")


def render_ordered(job: Job, script_version: str) -> str:
    """An accepted order; how it does is told at the first poll."""
    attributes = {
        "code": f"{ORDER}-{OK}",
        "msg": "request in progress",
        "scriptVersion": _echoed(script_version),
        "requestId": job.job_id,
        "status": IN_PROGRESS,
    }
    return document(element("statusModeResponse", attributes))


def render_refused(fault: Fault, action: str, script_version: str = "") -> str:
    """An order or a poll that is answered with an error.

    Args:
        fault: what went wrong.
        action: code of the action, which the message begins with.
        script_version: as the client has sent it.
    """
    return _plain(FAILED, f"{action}-{fault.number}", fault.line(action), script_version)


def render_later(job_status: JobStatus | None, script_version: str = "") -> str:
    """A poll that cannot be answered now: the client is to ask again.

    Args:
        job_status: as it was seen; None = it was not.
        script_version: as the client has sent it.
    """
    known_to_run = job_status in {"running", "successful"}
    status = IN_PROGRESS if known_to_run else PENDING
    return _plain(status, f"{POLL}-{OK}", "request in progress", script_version)


def render_status(job: Job, address: str | None, script_version: str = "") -> str:
    """How a job does.

    Args:
        job: the job.
        address: of its file, made for this answer; None = there is none.
        script_version: as the client has sent it.
    """
    fault = fault_of_job(job)
    done = address is not None
    attributes = {
        "code": f"{POLL}-{fault.number if fault else OK}",
        "msg": fault.line(ORDER) if fault else "" if done else "request in progress",
        "scriptVersion": _echoed(script_version),
        "userHost": job.origin.host,
        "userId": job.account_id,
        "dateSubmit": _utc(job.created_at),
        "localUri": f"/{job.deliveries[0].key}" if done else None,
        "remoteUri": address,
        "size": double_text(_size_mib(job)),
        "dateProc": _utc(job.finished_at or job.started_at or job.created_at),
        "requestId": job.job_id,
        "status": STATUSES[job.status],
    }
    return document(element("statusModeResponse", attributes))


def fault_of_job(job: Job) -> Fault | None:
    """Why a job has no file, and will have none; None = it has one, or may have."""
    if job.reason is not None:
        return fault_of_reason(job.reason)
    return DISMISSED if job.status == "dismissed" else None


def _plain(status: str, code: str, message: str, script_version: str) -> str:
    attributes = {
        "code": code,
        "msg": one_line(message),
        "scriptVersion": _echoed(script_version),
        "status": status,
    }
    return document(element("statusModeResponse", attributes))


def _size_mib(job: Job) -> float:
    """MiB of the file; of the uncompressed result until there is one."""
    made_bytes = sum(delivery.output_bytes for delivery in job.deliveries)
    return (made_bytes or job.plan.output_bytes) / MIB


def _echoed(script_version: str) -> str:
    """What clients call themselves is repeated where it is plain text."""
    return script_version if _VERSION.fullmatch(script_version) else ""


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
