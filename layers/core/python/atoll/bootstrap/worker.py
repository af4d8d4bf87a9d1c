"""The Fargate worker's process: one job, read from its table; a report is left behind."""

import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from atoll.bootstrap.completion import make_clients, make_ledger
from atoll.bootstrap.extraction import make_extractor, make_s3_options
from atoll.bootstrap.observability import logger
from atoll.bootstrap.settings import WorkerSettings
from atoll.errors import BrokerError, Unavailable
from atoll.extraction.documents import write_report
from atoll.extraction.sources import open_bucket
from atoll.model.job import Outcome, Reason, Work
from atoll.services.completion import unforeseen

ATTEMPTS = 3
PAUSE_S = 5.0


def run_job() -> int:
    """Carry out the job that the environment names.

    Returns:
        The exit status: 0 where the report holds an outcome, 1 where it holds a reason.
    """
    signal.signal(signal.SIGTERM, _end)
    settings = WorkerSettings.read()
    job_id = settings.atoll_job_id
    logger.set_correlation_id(settings.atoll_correlation_id)
    ledger, extractor = make_ledger(make_clients(), settings), make_extractor()
    logger.info("extracting", extra={"job_id": job_id})
    found = carry_out(lambda: extractor(Work.of(ledger.get(job_id))), time.sleep)
    write_report(open_bucket(settings.results_bucket, make_s3_options()), job_id, found)
    logger.info("ended", extra={"job_id": job_id, "report": found.model_dump(mode="json")})
    return 0 if isinstance(found, Outcome) else 1


def carry_out(extract: Callable[[], Outcome], pause: Callable[[float], None]) -> Outcome | Reason:
    """Extract; again, after a pause, where a part did not answer. Whatever fails has a reason.

    Args:
        extract: reads, writes and uploads.
        pause: waits so many seconds.
    """
    attempt = 1
    while True:
        try:
            return extract()
        except Unavailable as fault:
            logger.warning("unavailable", extra={"detail": fault.detail, "attempt": attempt})
            if attempt == ATTEMPTS:
                return _reason(fault)
        except BrokerError as fault:
            return _reason(fault)
        except Exception as fault:  # noqa: BLE001  the report is all that the job will hear of it
            logger.exception("failed")
            return unforeseen(type(fault).__name__)
        pause(PAUSE_S * attempt)
        attempt += 1


def _reason(fault: BrokerError) -> Reason:
    return Reason(code=fault.code(), detail=fault.detail, facts=fault.facts)


def _end(_signal: int, _frame: FrameType | None) -> None:
    """Stop as Fargate asks: by an exception, so that what was begun is cleaned up."""
    sys.exit(128 + signal.SIGTERM)
