"""Every minute: what was broken off is brought to its end."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.completion import make_ends
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.services.reaper import reap

ends = make_ends()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Look after everything that nobody looks after any more."""
    touched = reap(ends)
    if touched:
        logger.warning("reaped", extra={"job_ids": touched})
    metrics.add_metric("ReapedJobs", "Count", len(touched))
    return {"reaped": len(touched)}
