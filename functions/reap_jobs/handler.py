"""Every minute, and for reservations every night: what was broken off is brought to its end."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.queue import make_looks
from atoll.bootstrap.tracing import tracer

looks = make_looks()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Look after `{"look": "jobs"}` or `"reservations"` that nobody looks after any more."""
    touched = looks[event["look"]]()
    if touched:
        logger.warning("reaped", extra={"look": event["look"], "job_ids": touched})
    metrics.add_metric("ReapedJobs", "Count", len(touched))
    return {"reaped": len(touched)}
