"""The workflow's SettleJob."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.completion import make_ends
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.model.job import Outcome
from atoll.services.completion import settle_job

ends = make_ends()


@logger.inject_lambda_context(correlation_id_path="correlation_id")
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Settle one job."""
    metrics.add_metric("SettledJobs", "Count", 1)
    outcome = None if event["outcome"] is None else Outcome.model_validate(event["outcome"])
    delivery = settle_job(event["job_id"], outcome, ends)
    logger.info("settled", extra={"job_id": event["job_id"], "bytes": delivery.output_bytes})
    metrics.add_metric("DeliveredBytes", "Bytes", delivery.output_bytes)
    return delivery.model_dump(mode="json")
