"""The door's telemetry by Powertools: structured logs, metrics in the log, X-Ray annotations."""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from atoll.errors import BrokerError


class PowertoolsTelemetry:
    """Tells events as JSON lines that carry the correlation id."""

    def __init__(self, logger: Logger, metrics: Metrics) -> None:
        self._logger = logger
        self._metrics = metrics

    def correlate(self, correlation_id: str) -> None:
        """See Telemetry."""
        self._logger.set_correlation_id(correlation_id)
        self._metrics.add_metric("Requests", MetricUnit.Count, 1)

    def refused(self, error: BrokerError) -> None:
        """See Telemetry."""
        self._logger.info("refused", extra={"code": error.code(), "facts": error.facts})
        self._metrics.add_metric("Refusals", MetricUnit.Count, 1)

    def ordered(self, job_id: str, tier: str, output_bytes: int) -> None:
        """See Telemetry."""
        self._logger.info(
            "ordered", extra={"job_id": job_id, "tier": tier, "output_bytes": output_bytes}
        )
        self._metrics.add_metric("Orders", MetricUnit.Count, 1)
        self._metrics.add_metric("OrderedBytes", MetricUnit.Bytes, output_bytes)

    def failed(self, error: Exception) -> None:
        """See Telemetry."""
        self._logger.error("failed", exc_info=error)
        self._metrics.add_metric("Faults", MetricUnit.Count, 1)
