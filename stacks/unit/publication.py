"""The way of a delivery: the functions, the container and the state machine that publish it."""

from aws_cdk import Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.parts.state_machine import AslMachine, MachineSpec
from stacks.unit.containers import Container, Host
from stacks.unit.deliveries import Deliveries, publication_arn, publication_name
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

RECEIVE_DELIVERY = FunctionSpec("receive_delivery", ("core", "web"), memory_mib=512, timeout_s=60)
START_DELIVERY = FunctionSpec("start_delivery", ("core", "web"), memory_mib=512, timeout_s=30)
CLOSE_DELIVERY = FunctionSpec("close_delivery", ("core", "web"), memory_mib=512, timeout_s=60)
PUBLISH_DELIVERY = "publish_delivery"


def publication_workflow(
    host: Host, around: Surroundings, deliveries: Deliveries, tables: Tables, storage: Storage
) -> Container:
    """Make everything that a note passes through.

    Returns:
        The container that publishes.
    """
    stack, table = Stack.of(host), tables.deliveries.table_arn
    receive, start = _before(deliveries, tables, storage)
    receiver = PythonFunction(stack, RECEIVE_DELIVERY, around, receive).function
    deliveries.notes.call(receiver)
    starter = PythonFunction(stack, START_DELIVERY, around, start).function
    deliveries.waiting.call(starter)
    close = [_change(table), _end_turn(table), deliveries.respond]
    closer = PythonFunction(stack, CLOSE_DELIVERY, around, close).function
    container = Container(
        host,
        PUBLISH_DELIVERY,
        host.unit.publication.worker,
        around.environment,
        _publish(deliveries, tables, storage),
    )
    _machine(deliveries, container, closer, around.log_retention_days)
    return container


def _machine(
    scope: Construct, container: Container, closer: lambda_.IFunction, log_retention_days: int
) -> None:
    """Make the state machine, and alarms for what the unit has failed to publish."""
    made = AslMachine(
        scope,
        MachineSpec(publication_name(scope), "publication.asl.json", log_retention_days),
        {"CloseDeliveryArn": closer.function_arn, **container.placeholders},
        [allow(["lambda:InvokeFunction"], [closer.function_arn]), *container.run_statements],
    )
    for name, metric in (
        ("DeliveryFailed", made.machine.metric_failed()),
        ("DeliveryTimedOut", made.machine.metric_timed_out()),
    ):
        cloudwatch.Alarm(
            scope,
            name,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )


def _before(
    deliveries: Deliveries, tables: Tables, storage: Storage
) -> tuple[list[iam.PolicyStatement], list[iam.PolicyStatement]]:
    """Receive what was left, and begin with what has its turn."""
    table = tables.deliveries.table_arn
    receive = [
        _change(table),
        allow(["s3:GetObject"], [deliveries.uploads, storage.products]),
        deliveries.respond,
        allow(["sqs:SendMessage"], [deliveries.waiting.queue.queue_arn]),
        deliveries.notes.consume,
    ]
    start = [
        _change(table),
        _end_turn(table),
        allow(["states:StartExecution"], [publication_arn(deliveries)]),
        deliveries.waiting.consume,
    ]
    return receive, start


def _publish(deliveries: Deliveries, tables: Tables, storage: Storage) -> list[iam.PolicyStatement]:
    """Read what was uploaded, write a dataset and its description, and keep how it stands."""
    return [
        _change(tables.deliveries.table_arn),
        allow(["s3:GetObject"], [deliveries.uploads, storage.products]),
        *storage.write_data,
        allow(["dynamodb:GetItem", "dynamodb:PutItem"], [tables.datasets.table_arn]),
    ]


def _change(table: str) -> iam.PolicyStatement:
    return allow(["dynamodb:GetItem", "dynamodb:PutItem"], [table])


def _end_turn(table: str) -> iam.PolicyStatement:
    return allow(["dynamodb:DeleteItem"], [table])
