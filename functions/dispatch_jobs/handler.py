"""On every end of an execution, and every minute: free slots go to jobs that wait."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.completion import make_ends
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.services.dispatch import dispatch

ends = make_ends()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Look at all tiers; which execution has ended does not matter."""
    started = dispatch(ends)
    if started:
        logger.info("dispatched", extra={"job_ids": started})
    metrics.add_metric("DispatchedJobs", "Count", len(started))
    return {"started": len(started)}
