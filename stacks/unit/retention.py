"""What ends old revisions, on a schedule."""

from collections.abc import Sequence

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk.aws_events_targets import LambdaFunction

from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

RETAIN_REVISIONS = FunctionSpec(
    "retain_revisions", ("core", "science"), memory_mib=3008, timeout_s=900
)
# The function knows which datasets' hour it is.
HOURLY = events.Schedule.cron(minute="40")


def retention(stack: Stack, around: Surroundings, tables: Tables, storage: Storage) -> None:
    """Make the function that ends revisions, and the rule that calls it."""
    statements = _retain(tables, storage)
    function = PythonFunction(stack, RETAIN_REVISIONS, around, statements).function
    # What is missed is done the next day.
    target = LambdaFunction(function, retry_attempts=0)
    events.Rule(stack, "RevisionsHourly", schedule=HOURLY, targets=[target])


def _retain(tables: Tables, storage: Storage) -> Sequence[iam.PolicyStatement]:
    """Delete what no revision holds; see which datasets there are, and what jobs read."""
    return [
        allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObject"], [storage.datasets]),
        allow(["s3:ListBucket"], [storage.data.bucket_arn]),
        allow(["dynamodb:Query"], [tables.waiting_jobs]),
        allow(["dynamodb:Scan"], [tables.slots.table_arn]),
        allow(["dynamodb:GetItem"], [tables.jobs.table_arn]),
    ]
