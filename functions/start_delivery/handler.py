"""With every delivery that waits, in order: it begins, or is asked for again."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.services.deliveries import start

ports = make_delivery_ports()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Begin, if it is its turn; otherwise the error leaves it in the queue, before all others."""
    (record,) = event["Records"]
    delivery_id = json.loads(record["body"])["delivery_id"]
    start(delivery_id, ports)
    logger.info("started", extra={"delivery_id": delivery_id})
    metrics.add_metric("StartedDeliveries", "Count", 1)
    return {"delivery_id": delivery_id}
