"""The workflow's ExtractPart."""

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
    """Make one part."""
    work, upload = Work.model_validate(event["work"]), Upload.model_validate(event["upload"])
    made = workshop.make(work, upload, event["part"])
    said = {"part": made.number, "bytes": made.stored_bytes}
    logger.info("made", extra={"job_id": work.job_id, **said})
    metrics.add_metric("Parts", "Count", 1)
    return {"part": made.number}
