"""The workflow's ExtractSmall."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.extraction import Buckets, make_extractor
from atoll.bootstrap.observability import logger, metrics
from atoll.model.job import Work

extractor = make_extractor(Buckets.open())


@logger.inject_lambda_context(correlation_id_path="correlation_id")
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Extract one subset."""
    metrics.add_metric("Extractions", "Count", 1)
    outcome = extractor(Work.model_validate(event))
    logger.info("extracted", extra={"job_id": event["job_id"], "bytes": outcome.output_bytes})
    return outcome.model_dump(mode="json")
