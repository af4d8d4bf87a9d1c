"""On every note that lands in the bucket of deliveries, one at a time, by way of a queue."""

import json
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.services.deliveries import receive

ports = make_delivery_ports()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Take up the note that EventBridge tells of."""
    (record,) = event["Records"]
    key = json.loads(record["body"])["detail"]["object"]["key"]
    receipt = receive(key, ports)
    status = receipt.status if receipt else None
    logger.info("received", extra={"key": key, "status": status})
    metrics.add_metric("ReceivedDeliveries", "Count", int(receipt is not None))
    return {"key": key, "status": status}
