"""What keeps deliveries going on a schedule, and rings where one is late."""

from collections.abc import Sequence

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk.aws_events_targets import LambdaFunction

from stacks.config import DisseminationUnit
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.unit.deliveries import Deliveries, publication_arn, publication_name
from stacks.unit.settings import METRICS_NAMESPACE
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

WATCH_DELIVERIES = FunctionSpec("watch_deliveries", ("core", "web"), memory_mib=512, timeout_s=240)
INTERVAL = Duration.minutes(5)  # longer than a look may take
LOOKS = ("deliveries", "timeliness")
LATE = "LateDeliveries"


def delivery_keeper(
    unit: DisseminationUnit,
    around: Surroundings,
    deliveries: Deliveries,
    tables: Tables,
    storage: Storage,
) -> None:
    """Make the function that looks after deliveries, its rule, and the alarm for what is late."""
    stack = Stack.of(deliveries)
    statements = _watch(deliveries, tables, storage)
    function = PythonFunction(stack, WATCH_DELIVERIES, around, statements).function
    # Each look is called for on its own: what one cannot do keeps the other from nothing.
    targets = [
        LambdaFunction(
            function, event=events.RuleTargetInput.from_object({"look": look}), retry_attempts=0
        )
        for look in LOOKS
    ]
    schedule = events.Schedule.rate(INTERVAL)
    events.Rule(stack, "EveryFiveMinutes", schedule=schedule, targets=targets)
    _alarm(stack, unit)


def _alarm(stack: Stack, unit: DisseminationUnit) -> None:
    """Ring while any dataset is late; a look that failed says nothing of it."""
    said_by = {"unit": unit.name, "service": WATCH_DELIVERIES.folder}
    cloudwatch.Alarm(
        stack,
        "DeliveryLate",
        metric=cloudwatch.Metric(
            namespace=METRICS_NAMESPACE,
            metric_name=LATE,
            dimensions_map=said_by,
            statistic="Maximum",
            period=INTERVAL,
        ),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.IGNORE,
    )


def _watch(
    deliveries: Deliveries, tables: Tables, storage: Storage
) -> Sequence[iam.PolicyStatement]:
    """See what is open and what is promised; close, start, send again."""
    table = tables.deliveries.table_arn
    settings = {"StringLike": {"s3:prefix": "products/*"}}
    executions = Stack.of(deliveries).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{publication_name(deliveries)}:*",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    return [
        allow(["dynamodb:Query"], [tables.open_deliveries, *tables.listed_deliveries[:1]]),
        allow(["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"], [table]),
        allow(["s3:GetObject"], [storage.products]),
        allow(["s3:ListBucket"], [storage.data.bucket_arn], settings),
        deliveries.respond,
        allow(["sqs:SendMessage"], [deliveries.waiting.queue.queue_arn]),
        allow(["states:StartExecution"], [publication_arn(deliveries)]),
        allow(["states:DescribeExecution"], [executions]),
    ]
