"""The workflow's BeginParts."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.parts import Workshop
from atoll.model.job import Work

workshop = Workshop.open()


@logger.inject_lambda_context(correlation_id_path="work.correlation_id")
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Begin a round."""
    work = Work.model_validate(event["work"])
    begun = workshop.begin(work, event["round"], event["file"])
    said = {"file": begun.file, "missing": len(begun.parts)}
    logger.info("begun", extra={"job_id": work.job_id, **said})
    metrics.add_metric("MissingParts", "Count", len(begun.parts))
    return begun.model_dump(mode="json")
