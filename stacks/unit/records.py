"""How a unit tells the federation's catalogue of its records: a bus of central's, if it has one."""

from dataclasses import replace

from aws_cdk import CfnCondition, CfnParameter, Duration, Fn, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk.aws_events_targets import LambdaFunction

from stacks.config import Central, DisseminationUnit
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.http_api import FunctionApi
from stacks.parts.permissions import allow
from stacks.unit.containers import Container
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

type Stores = tuple[Tables, Storage]

# A thousand datasets take some minutes.
ANNOUNCE_RECORDS = FunctionSpec("announce_records", ("core", "web"), memory_mib=512, timeout_s=900)

# Where there is no bus, a permission has to name something: nobody has such a one.
NOWHERE = "arn:aws:events:eu-west-1:000000000000:event-bus/none"


class Records:
    """A parameter of a unit's stack; nothing is imported from central's.

    Attributes:
        environment: setting for functions: ARN of the bus; empty = the federation has no catalogue.
    """

    def __init__(self, stack: Stack, central: Central, unit: DisseminationUnit) -> None:
        self._stack = stack
        # Units may share an account: none of them is to speak for another.
        self._said = {
            "events:source": f"atoll.unit.{unit.name}",
            "events:detail-type": "record.published",
        }
        bus = CfnParameter(
            stack,
            "RecordsBus",
            description="Bus of the federation's catalogue: output RecordsBus of its stack",
            default=central.records_bus or "",
            allowed_pattern=r"(arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus/.+)?",
        ).value_as_string
        has_bus = CfnCondition(
            stack, "HasRecordsBus", expression=Fn.condition_not(Fn.condition_equals(bus, ""))
        )
        self.environment = {"RECORDS_BUS": bus}
        self._resource = Fn.condition_if(has_bus.logical_id, bus, NOWHERE).to_string()

    def announce(
        self, publisher: Container, api: FunctionApi, around: Surroundings, stores: Stores
    ) -> None:
        """Let everything tell that changes what the catalogue says; and all again on schedule.

        Args:
            publisher: tells of what it publishes.
            api: whose function tells of what a policy hides and shows; records lead to its URL.
            around: of the unit's functions.
            stores: of the unit.
        """
        self._let_publisher(publisher, stores[0], api.url)
        api.function.add_to_role_policy(self._announce)
        here = replace(around, environment={**around.environment, "API_URL": api.url})
        self._make_round(here, stores)

    def _let_publisher(self, container: Container, tables: Tables, api_url: str) -> None:
        told = container.task.default_container
        if told is None:
            raise ValueError(f"{container.node.path} has no container")
        told.add_environment("API_URL", api_url)
        for statement in (self._announce, allow(["dynamodb:Query"], [tables.policies.table_arn])):
            container.task.add_to_task_role_policy(statement)

    def _make_round(self, around: Surroundings, stores: Stores) -> None:
        """Make the function that tells of all datasets every hour."""
        tables, storage = stores
        statements = [
            allow(["dynamodb:GetItem", "dynamodb:Scan"], [tables.datasets.table_arn]),
            allow(["dynamodb:Query"], [tables.policies.table_arn]),
            allow(["s3:GetObject"], [storage.descriptions]),
            self._announce,
        ]
        function = PythonFunction(self._stack, ANNOUNCE_RECORDS, around, statements).function
        schedule = events.Schedule.rate(Duration.hours(1))
        # What fails is told the next hour.
        target = LambdaFunction(function, retry_attempts=0)
        events.Rule(self._stack, "RecordsEveryHour", schedule=schedule, targets=[target])
        # Until it is mended the catalogue may show what a policy hides.
        cloudwatch.Alarm(
            self._stack,
            "RecordsNotAnnounced",
            metric=function.metric_errors(period=Duration.hours(1)),
            threshold=1,
            evaluation_periods=1,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    @property
    def _announce(self) -> iam.PolicyStatement:
        """Tell of a record of this unit."""
        return allow(["events:PutEvents"], [self._resource], {"StringEquals": self._said})
