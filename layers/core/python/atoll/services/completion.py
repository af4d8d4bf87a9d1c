"""The end of a job: settled with what was really made, or released with the reason."""

import json

from atoll.errors import BrokerError, DataError, Unavailable, WorkerLost, family
from atoll.model.job import ENDED, Delivery, Job, Outcome, Reason, manifest_beside, result_key
from atoll.model.request import MEDIA_TYPES
from atoll.ports import Ends, Results
from atoll.services.aftermath import after_end

# How Step Functions and Lambda name a worker that was killed, or ran out of time or memory.
LOST = {
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Sandbox.Timedout",
    "States.TaskFailed",
    "States.Timeout",
}
# How it names a Map whose parts failed again and again; what failed for good left a report.
PARTS_FAILED = "States.ExceedToleratedFailureThreshold"


def settle_job(job_id: str, outcome: Outcome | None, ends: Ends) -> tuple[Delivery, ...]:
    """Check what lies in the results bucket, and end the job as successful.

    Args:
        job_id: of the job.
        outcome: what the extractor answered; None = there is a report.
        ends: the impure parts.

    Returns:
        What is delivered; nothing where the job had ended before: then nothing was changed.

    Raises:
        WorkerLost: there is neither an answer nor a report.
        DataError: the report says so, or what is stored is not what the outcome says.
    """
    made = _reported(job_id, ends) if outcome is None else (outcome,)
    job = ends.ledger.get(job_id)
    deliveries = _deliveries(job, made)
    _demand_all_stored(job, made, ends)
    if job.tier != "small":
        # Of two that began at the same time one may have been lost before it gave way.
        ends.results.discard(job_id)
    settled = ends.ledger.settle(job, deliveries, ends.now())
    after_end(ends.ledger.get(job_id), ends)
    return deliveries if settled else ()


def release_job(job_id: str, error: str, cause: str, ends: Ends) -> Reason | None:
    """End the job as failed, for the reason the worker reported or the workflow met.

    Nothing of its result is left: what it has finished is nobody's, since who shares an extraction
    is served from a successful one alone.

    Args:
        job_id: of the job.
        error: name of the error as Step Functions knows it.
        cause: its cause; of a Lambda function a JSON document with `errorMessage`.
        ends: the impure parts.

    Returns:
        The reason; None = the job had ended before, and nothing was changed.
    """
    report = _readable_report(job_id, ends)
    reason = report if isinstance(report, Reason) else _reason(error, cause)
    released = ends.ledger.release(ends.ledger.get(job_id), reason, ends.now())
    job = ends.ledger.get(job_id)
    after_end(job, ends)
    clear_away(job, ends.results)
    return reason if released else None


def clear_away(job: Job, results: Results) -> None:
    """Leave nothing in the results bucket of a job that has ended but what it delivers.

    Safe to repeat. It comes last: where the bucket does not answer the job's end stands.

    Raises:
        Unavailable: the bucket did not answer; its lifecycle removes what lies there still.
    """
    if job.status == "successful":
        results.discard(job.job_id)
    else:
        results.remove(job.job_id)


def reason_of(fault: Exception) -> Reason:
    """Why a job fails that met this error."""
    if isinstance(fault, BrokerError):
        return Reason(code=fault.code(), detail=fault.detail, facts=fault.facts)
    return _unforeseen(type(fault).__name__)


def _readable_report(job_id: str, ends: Ends) -> tuple[Outcome, ...] | Reason | None:
    try:
        return ends.results.report(job_id)
    except DataError:  # releasing is the last resort: a damaged report must not stop it
        return None


def _reported(job_id: str, ends: Ends) -> tuple[Outcome, ...]:
    report = ends.results.report(job_id)
    if report is None:
        raise WorkerLost("The worker ended without a result; please order again.")
    if isinstance(report, Reason):
        raise DataError(report.detail, report.facts)
    return report


def _demand_all_stored(job: Job, made: tuple[Outcome, ...], ends: Ends) -> None:
    """Of a job that has been ended meanwhile nothing has to be there any more."""
    try:
        for one in made:
            _demand_stored(one, ends.results)
    except DataError:
        if ends.ledger.get(job.job_id).status not in ENDED:
            raise


def _demand_stored(made: Outcome, results: Results) -> None:
    stored_bytes = results.size(made.key)
    if stored_bytes != made.output_bytes:
        raise DataError(
            f"The stored result has {stored_bytes} bytes, not {made.output_bytes}.",
            {"stored_bytes": stored_bytes, "output_bytes": made.output_bytes},
        )
    if made.manifest_key is not None and results.size(made.manifest_key) is None:
        raise DataError("The manifest of the stored result is not there.")


def _deliveries(job: Job, made: tuple[Outcome, ...]) -> tuple[Delivery, ...]:
    keys = {one.key for one in made}
    if len(made) != job.files or len(keys) != job.files:
        raise DataError(
            f"The result has {len(keys)} files, not {job.files}.",
            {"files": len(keys), "planned_files": job.files},
        )
    return tuple(_delivery(job, one) for one in made)


def _delivery(job: Job, made: Outcome) -> Delivery:
    file_name = made.key.rpartition("/")[2]
    if made.key != result_key(job.job_id, file_name):
        raise DataError("The result does not lie where this job's results do.")
    if made.manifest_key not in {None, manifest_beside(made.key)}:
        raise DataError("The manifest does not lie beside the result.")
    return Delivery(
        **made.model_dump(),
        media_type=MEDIA_TYPES[job.request.format],
        file_name=file_name,
    )


def _reason(error: str, cause: str) -> Reason:
    if error in {kind.__name__ for kind in family(BrokerError)}:
        return Reason(code=_code_of(error), detail=_message_of(cause))
    if error in LOST:
        return Reason(
            code=WorkerLost.code(),
            detail="The worker ended without a result; please order again.",
            facts={"error": error},
        )
    if error == PARTS_FAILED:
        return Reason(
            code=Unavailable.code(),
            detail="Parts of the result could not be made, though often tried; order it again.",
            facts={"error": error},
        )
    return _unforeseen(error)


def _unforeseen(error: str) -> Reason:
    """An error that nobody foresaw. What it says may name keys and ARNs: that is for the log."""
    return Reason(
        code="internal-error",
        detail="The extraction met an unforeseen error; its operators find it in their log.",
        facts={"error": error},
    )


def _code_of(name: str) -> str:
    return next(kind.code() for kind in family(BrokerError) if kind.__name__ == name)


def _message_of(cause: str) -> str:
    try:
        document = json.loads(cause)
    except ValueError:
        return cause
    return str(document.get("errorMessage", cause)) if isinstance(document, dict) else cause
