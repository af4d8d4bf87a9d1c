"""One logger and one metrics namespace for a process: named by POWERTOOLS_* variables."""

from aws_lambda_powertools import Logger, Metrics

logger = Logger()
metrics = Metrics()
