"""Every few minutes: deliveries that were lost on their way go on; those that are late count."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.bootstrap.watch import make_looks

looks = make_looks()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Look after `{"look": "deliveries"}`, or at `{"look": "timeliness"}`."""
    look = looks[event["look"]]
    found = look.find()
    if found:
        logger.warning("found", extra={"look": event["look"], look.of: found})
    metrics.add_metric(look.metric, "Count", len(found))
    return {"found": len(found)}
