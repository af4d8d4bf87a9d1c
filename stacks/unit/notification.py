"""How people are told of their jobs: a state machine that tries for hours, a secret, a topic."""

from dataclasses import replace

from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.config import DisseminationUnit
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.parts.secret import master_secret, read_secret
from stacks.parts.state_machine import AslMachine, MachineSpec
from stacks.unit.tables import Tables

# A name that nobody answers for, and then a server that takes its ten seconds.
NOTIFY_JOB = FunctionSpec("notify_job", ("core", "web"), memory_mib=512, timeout_s=50)


class Notification(Construct):
    """What is there before any function: the unit's secret, and its topic.

    Attributes:
        secret: everything that the unit signs is signed with a key derived of it.
        topic: every end of a job is told there; None = the unit has none.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Notification")
        self._log_retention_days = unit.log_retention_days
        self.secret = master_secret(self, f"dissemination unit {unit.name}", unit.removal)
        self.topic = _topic(self) if unit.notifications else None

    @property
    def environment(self) -> dict[str, str]:
        """The same as settings of a function."""
        return {
            "MASTER_SECRET_ARN": self.secret.secret_arn,
            "TOPIC_ARN": self.topic.topic_arn if self.topic else "",
            "NOTIFICATION_MACHINE_ARN": notification_arn(self),
        }

    def let_derive_keys(self, function: lambda_.IFunction) -> None:
        """Let a function read the secret."""
        function.add_to_role_policy(read_secret(self.secret))

    def make_machine(self, around: Surroundings, tables: Tables, api_url: str) -> None:
        """Make the state machine and its function.

        Args:
            around: what the stack's functions have in common.
            tables: of the unit.
            api_url: of the door, to which links in messages lead.
        """
        told = replace(around, environment={**around.environment, "API_URL": api_url})
        statements = [
            allow(["dynamodb:GetItem"], [tables.jobs.table_arn]),
            read_secret(self.secret),
        ]
        if self.topic:
            statements.append(allow(["sns:Publish"], [self.topic.topic_arn]))
        function = PythonFunction(Stack.of(self), NOTIFY_JOB, told, statements).function
        AslMachine(
            self,
            MachineSpec(_machine_name(self), "notification.asl.json", self._log_retention_days),
            {"NotifyJobArn": function.function_arn},
            [allow(["lambda:InvokeFunction"], [function.function_arn])],
        )


def _machine_name(scope: Construct) -> str:
    return f"{Stack.of(scope).stack_name}-notification"


def notification_arn(scope: Construct) -> str:
    """ARN of the state machine, which whatever starts or ends jobs may start.

    It is said, not referred to, as the settings of its own function hold it too.
    """
    return Stack.of(scope).format_arn(
        service="states", resource=f"stateMachine:{_machine_name(scope)}"
    )


def _topic(scope: Construct) -> sns.Topic:
    """A topic that takes and gives over TLS alone, encrypted with SNS's own key."""
    key = kms.Alias.from_alias_name(scope, "Key", "alias/aws/sns")
    return sns.Topic(scope, "Jobs", enforce_ssl=True, master_key=key)
