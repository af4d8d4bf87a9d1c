"""Every hour, for the datasets whose hour it is: old revisions end, and their bytes are freed."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.retain import Retained, make_retention

retention = make_retention()


@logger.inject_lambda_context
@metrics.log_metrics
def handler(_event: dict[str, Any], context: LambdaContext) -> Retained:
    """Look at each of them once, while there is time."""
    retained = retention.carry_out(lambda: context.get_remaining_time_in_millis() / 1000)
    logger.info("retained", extra={**retained})
    metrics.add_metric("EndedRevisions", "Count", retained["revisions"])
    metrics.add_metric("FreedBytes", "Bytes", retained["freed_bytes"])
    metrics.add_metric("PostponedDatasets", "Count", len(retained["postponed"]))
    return retained
