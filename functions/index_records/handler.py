"""A batch of the queue: all of it is kept, then the catalogue is made anew once."""

from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.index_records import Message, make_indexer
from atoll.bootstrap.observability import logger, metrics

indexer = make_indexer(logger, partial(metrics.add_metric, "RecordsLeftOut", "Count"))


@logger.inject_lambda_context
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Name the messages that are to come again."""
    messages = [Message(one["messageId"], one["body"]) for one in event["Records"]]
    failed = indexer.take(messages)
    metrics.add_metric("RecordsRefused", "Count", len(failed))
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}
