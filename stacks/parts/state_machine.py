"""The one way to make a state machine: from a plain ASL file, logged, traced, with its own role."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import aws_iam as iam
from aws_cdk import aws_stepfunctions as states
from constructs import Construct

from stacks.parts.function import log_group
from stacks.parts.permissions import allow, role_for

DEFINITIONS = Path(__file__).parents[1] / "state_machines"
# How Step Functions delivers its log; none of these actions knows resources.
LOG_DELIVERY = (
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
)
TRACING = (
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
)


@dataclass(frozen=True, slots=True)
class MachineSpec:
    """What a state machine is.

    Attributes:
        name: physical, so that its ARN is known before it is made.
        file_name: of its definition, in DEFINITIONS.
        log_retention_days: how long its events are kept.
    """

    name: str
    file_name: str
    log_retention_days: int


class AslMachine(Construct):
    """A standard state machine whose definition stands literally in the template.

    The definition is a file that any runner of ASL can read; the template keeps its
    `${Placeholders}` and says beside it what they stand for. All events are logged, without
    their data: a request's bounds are its user's business and stay in the job's row.

    Attributes:
        machine: the state machine.
    """

    def __init__(
        self,
        scope: Construct,
        spec: MachineSpec,
        substitutions: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, "Workflow")
        log = log_group(self, "Log", spec.log_retention_days, f"states/{spec.name}")
        role = role_for(
            self,
            "states.amazonaws.com",
            [*statements, allow(LOG_DELIVERY, ["*"]), allow(TRACING, ["*"])],
        )
        self.machine = states.StateMachine(
            self,
            "Machine",
            state_machine_name=spec.name,
            definition_body=states.DefinitionBody.from_string(
                (DEFINITIONS / spec.file_name).read_text(encoding="utf-8")
            ),
            definition_substitutions=dict(substitutions),
            role=role,
            logs=states.LogOptions(
                destination=log, level=states.LogLevel.ALL, include_execution_data=False
            ),
            tracing_enabled=True,
        )
