"""The workflow's ReleaseJob."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.completion import make_ends
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.services.completion import release_job

ends = make_ends()


@logger.inject_lambda_context(correlation_id_path="correlation_id")
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Release one job."""
    error = event["error"]
    logger.error("job failed", extra={"job_id": event["job_id"], "error": error})
    reason = release_job(event["job_id"], error["Error"], error.get("Cause", ""), ends)
    metrics.add_metric("FailedJobs", "Count", int(reason is not None))
    return {"released": reason is not None}
