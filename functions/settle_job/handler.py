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
    outcome = None if event["outcome"] is None else Outcome.model_validate(event["outcome"])
    deliveries = settle_job(event["job_id"], outcome, ends)
    delivered_bytes = sum(delivery.output_bytes for delivery in deliveries)
    logger.info("settled", extra={"job_id": event["job_id"], "bytes": delivered_bytes})
    metrics.add_metric("SettledJobs", "Count", int(bool(deliveries)))
    metrics.add_metric("DeliveredBytes", "Bytes", delivered_bytes)
    return {"settled": bool(deliveries)}
