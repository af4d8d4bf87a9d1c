"""The notification's NotifyJob."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from atoll.bootstrap.notification import make_notifying
from atoll.bootstrap.observability import logger, metrics
from atoll.model.notice import Notice
from atoll.services.notify import notify

# No X-Ray SDK: it would put each webhook's path, which may be a secret, into traces, and our
# trace's id into what is sent.
notifying = make_notifying()


@logger.inject_lambda_context(correlation_id_path="correlation_id")
@metrics.log_metrics
def handler(event: dict[str, Any], _context: LambdaContext) -> dict[str, Any]:
    """Tell of one event, by one way."""
    notice = Notice.model_validate(event)
    told = notify(notice, notifying)
    logger.info("notified", extra={**notice.model_dump(exclude={"correlation_id"}), "told": told})
    metrics.add_metric("Notices", "Count", int(told))
    return {"told": told}
