"""API Gateway (HTTP API, payload 2.0) to FastAPI."""

import asyncio
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from mangum import Mangum

from atoll.bootstrap.catalogue import make_catalogue_door
from atoll.bootstrap.observability import logger, metrics

# Mangum runs on the thread's loop and expects there to be one; Python 3.13 warns of a missing one.
asyncio.set_event_loop(asyncio.new_event_loop())
door = Mangum(make_catalogue_door(), lifespan="off")


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Answer one request."""
    return door(event, context)  # type: ignore[arg-type]  # the same, in Mangum's own words
