"""The Fargate worker's process: one step of a job that it reads from its table."""

from collections.abc import Callable

from atoll.bootstrap.completion import make_clients, make_ledger
from atoll.bootstrap.extraction import make_extractor
from atoll.bootstrap.observability import logger
from atoll.bootstrap.parts import Workshop
from atoll.bootstrap.patience import patiently, stop_when_asked
from atoll.bootstrap.settings import WorkerSettings
from atoll.errors import UploadGone
from atoll.extraction.documents import write_report
from atoll.model.job import Outcome, Reason, Work
from atoll.planning.shares import numbers
from atoll.services.completion import reason_of


def run_step() -> int:
    """Do the step of the job that the environment names.

    Step `whole` leaves a report: the outcome, or the reason for none. Step `parts` leaves
    parts, and `assemble` the outcome of a file; a report only where it is vain to go on.

    Returns:
        The exit status: 0 where the step is done.
    """
    stop_when_asked()
    settings = WorkerSettings.read()
    logger.set_correlation_id(settings.atoll_correlation_id)
    said = {"job_id": settings.atoll_job_id, "step": settings.atoll_step}
    share = {"file": settings.atoll_file, "parts": settings.atoll_parts}
    logger.info("extracting", extra=said | share)
    workshop = Workshop.open()
    done = outcome_of(lambda: _step(settings, workshop))
    if done is not None:
        left = done if isinstance(done, Reason) else (done,)
        write_report(workshop.buckets.places.results, settings.atoll_job_id, left)
        said["report"] = done.model_dump_json()
    logger.info("ended", extra=said)
    return int(isinstance(done, Reason))


def outcome_of[T](step: Callable[[], T]) -> T | Reason:
    """What a step answers, or why it failed.

    Raises:
        UploadGone: the job has ended meanwhile, and nobody waits for a reason.
    """
    try:
        return step()
    except UploadGone:
        raise
    except Exception as fault:  # noqa: BLE001  the report is all that the job will hear of it
        logger.exception("failed")
        return reason_of(fault)


def make_share(work: Work, share: range, workshop: Workshop, file: int = 1) -> Reason | None:
    """Make what is missing of a share of a file, unless another worker has found it vain.

    Returns:
        the reason that the other has left.

    Raises:
        BrokerError: see `Workshop.make`.
    """
    upload = patiently(lambda: workshop.upload(work, file))
    missing = patiently(lambda: workshop.missing(work, upload))
    for number in filter(share.__contains__, missing):
        left = patiently(lambda: workshop.results.report(work.job_id))
        if isinstance(left, Reason):
            return left
        patiently(lambda: workshop.make(work, upload, number))  # noqa: B023  called at once
    return None


def _step(settings: WorkerSettings, workshop: Workshop) -> Outcome | Reason | None:
    ledger = make_ledger(make_clients(), settings)
    work = Work.of(patiently(lambda: ledger.get(settings.atoll_job_id)))
    match settings.atoll_step:
        case "whole":
            extractor = make_extractor(workshop.buckets)
            return patiently(lambda: extractor(work))
        case "parts":
            return make_share(work, numbers(settings.atoll_parts), workshop, settings.atoll_file)
        case "assemble":
            file = settings.atoll_file
            patiently(lambda: workshop.finish(work, workshop.upload(work, file)))
            return None
