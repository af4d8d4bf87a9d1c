"""API Gateway (HTTP API, payload 2.0) to FastAPI."""

from mangum import Mangum

from atoll.bootstrap.door import make_door
from atoll.bootstrap.observability import logger, metrics, tracer

handler = logger.inject_lambda_context(
    metrics.log_metrics(tracer.capture_lambda_handler(Mangum(make_door(), lifespan="off")))
)
