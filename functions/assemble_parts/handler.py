"""The workflow's AssembleParts."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.parts import Workshop
from atoll.model.job import Work
from atoll.model.parts import Upload

workshop = Workshop.open()


@logger.inject_lambda_context(correlation_id_path="work.correlation_id")
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Assemble one file of a result."""
    work, upload = Work.model_validate(event["work"]), Upload.model_validate(event["upload"])
    outcome = workshop.finish(work, upload)
    logger.info("assembled", extra={"job_id": work.job_id, "bytes": outcome.output_bytes})
    metrics.add_metric("Extractions", "Count", 1)
    return outcome.model_dump(mode="json")
