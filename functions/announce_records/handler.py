"""Every hour the federation's catalogue is told of all datasets: what was lost comes again."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.announce import announce_unit
from atoll.bootstrap.observability import logger, metrics


@logger.inject_lambda_context
@metrics.log_metrics
def handler(_event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Tell of each as it is."""
    told = announce_unit()
    metrics.add_metric("AnnouncedRecords", "Count", len(told))
    return {"announced": len(told)}
