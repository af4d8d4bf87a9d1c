"""The publication's CloseDelivery."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.deliveries import make_delivery_ports
from atoll.bootstrap.observability import logger, metrics
from atoll.bootstrap.tracing import tracer
from atoll.services.deliveries import close

ports = make_delivery_ports()


@logger.inject_lambda_context
@metrics.log_metrics
@tracer.capture_lambda_handler(capture_response=False)
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """End it, and say how it ended."""
    receipt = close(event["delivery_id"], event["cause"], ports)
    said = {"delivery_id": receipt.note.delivery_id, "status": receipt.status}
    logger.info("closed", extra={**said, "cause": event["cause"]})
    metrics.add_metric("FailedDeliveries", "Count", int(receipt.status == "failed"))
    return said
