"""Every day, and for a given day on demand: the ledger's lines of a day as one file."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.export import Exported, make_export
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer

export = make_export()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> Exported:
    """Export one day: `{"day": "2026-11-30"}`, or the day before a scheduled event."""
    exported = export(event)
    logger.info("exported", extra={**exported})
    metrics.add_metric("ExportedEntries", "Count", exported["entries"])
    return exported
