"""How a unit tells the federation's catalogue of its records: a bus of central's, if it has one."""

from aws_cdk import CfnCondition, CfnParameter, Fn
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.config import Central
from stacks.parts.permissions import allow
from stacks.unit.containers import Container
from stacks.unit.tables import Tables

# Where there is no bus, a permission has to name something: nobody has such a one.
NOWHERE = "arn:aws:events:eu-west-1:000000000000:event-bus/none"


class Records:
    """A parameter of a unit's stack; nothing is imported from central's.

    Attributes:
        bus: ARN; empty = the federation has no catalogue.
    """

    def __init__(self, stack: Construct, central: Central) -> None:
        self.bus = CfnParameter(
            stack,
            "RecordsBus",
            description="Bus of the federation's catalogue: output RecordsBus of its stack",
            default=central.records_bus or "",
            allowed_pattern=r"(arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus/.+)?",
        ).value_as_string
        has_bus = CfnCondition(
            stack, "HasRecordsBus", expression=Fn.condition_not(Fn.condition_equals(self.bus, ""))
        )
        self._resource = Fn.condition_if(has_bus.logical_id, self.bus, NOWHERE).to_string()

    def let_announce(self, container: Container, tables: Tables, api_url: str) -> None:
        """Let a container tell of what it publishes.

        Args:
            container: that publishes.
            tables: of the unit; its policy says who may see a dataset.
            api_url: of the unit's doors, which records lead to.
        """
        told = container.task.default_container
        if told is None:
            raise ValueError(f"{container.node.path} has no container")
        told.add_environment("RECORDS_BUS", self.bus)
        told.add_environment("API_URL", api_url)
        for statement in (self._announce, allow(["dynamodb:Query"], [tables.policies.table_arn])):
            container.task.add_to_task_role_policy(statement)

    @property
    def _announce(self) -> iam.PolicyStatement:
        """Tell of a record."""
        return allow(["events:PutEvents"], [self._resource])
