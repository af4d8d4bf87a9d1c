"""One logger and one metrics namespace for a process: named by POWERTOOLS_* variables."""

from aws_lambda_powertools import Logger, Metrics

from atoll.bootstrap.settings import UnitSettings

logger = Logger()
metrics = Metrics()
metrics.set_default_dimensions(unit=UnitSettings.read().atoll_unit)
