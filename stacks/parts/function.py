"""The one way to make a Lambda function: its own folder, role, log and settings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aws_cdk import Duration, IgnoreMode, RemovalPolicy, Size
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from stacks.parts.layers import RUNTIME, LayerName, Layers, lambda_architecture
from stacks.parts.permissions import allow, role_for

FUNCTIONS = Path(__file__).parents[2] / "functions"
RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """What distinguishes one function from another.

    Attributes:
        folder: under functions/; the handler is `<folder>.handler.handler`.
        layers: what it imports, see layers/.
        memory_mib: processor time is given in proportion; 1769 is one whole processor.
        timeout_s: after which it is stopped.
        scratch_mib: of /tmp.
    """

    folder: str
    layers: tuple[LayerName, ...]
    memory_mib: int
    timeout_s: int
    scratch_mib: int = 512


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the functions of one stack have in common.

    Attributes:
        layers: of the stack.
        environment: settings, read by the functions at their start.
        log_retention_days: one of RETENTION.
    """

    layers: Layers
    environment: Mapping[str, str]
    log_retention_days: int


class PythonFunction(Construct):
    """A function with exactly the permissions it is given, its own log, and tracing.

    Attributes:
        function: the Lambda function.
    """

    def __init__(
        self,
        scope: Construct,
        spec: FunctionSpec,
        around: Surroundings,
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(scope, camel(spec.folder))
        log = log_group(self, "Log", around.log_retention_days)
        role = role_for(
            self,
            "lambda.amazonaws.com",
            [
                *statements,
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], [log.log_group_arn]),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Function",
            code=folder_code(spec.folder),
            handler=f"{spec.folder}.handler.handler",
            runtime=RUNTIME,
            architecture=lambda_architecture(around.layers.architecture),
            layers=around.layers.of(*spec.layers),
            role=role,
            log_group=log,
            logging_format=lambda_.LoggingFormat.JSON,
            tracing=lambda_.Tracing.ACTIVE,
            memory_size=spec.memory_mib,
            timeout=Duration.seconds(spec.timeout_s),
            ephemeral_storage_size=Size.mebibytes(spec.scratch_mib),
            environment={**around.environment, "POWERTOOLS_SERVICE_NAME": spec.folder},
        )


def camel(folder: str) -> str:
    """A folder's name as a construct's: `settle_job` is `SettleJob`, like its state."""
    return folder.title().replace("_", "")


def log_group(
    scope: Construct, name: str, retention_days: int, delivered_as: str | None = None
) -> logs.LogGroup:
    """Make a log that ends with its stack.

    Args:
        scope: the construct it belongs to.
        name: its id there.
        retention_days: one of RETENTION.
        delivered_as: for a log that an AWS service delivers, what it is of. Such logs share one
            policy of limited length in an account, and only names that begin with
            `/aws/vendedlogs/` take no room in it.
    """
    return logs.LogGroup(
        scope,
        name,
        log_group_name=f"/aws/vendedlogs/{delivered_as}" if delivered_as else None,
        retention=RETENTION[retention_days],
        removal_policy=RemovalPolicy.DESTROY,
    )


def folder_code(folder: str) -> lambda_.Code:
    """One function's folder, and nothing of its neighbours: each has a hash of its own.

    The folder itself stays in the asset, so that `<folder>.handler` is the import path in
    Lambda, in the type checker and in the tests alike.
    """
    return lambda_.Code.from_asset(
        str(FUNCTIONS),
        exclude=["*", f"!{folder}", f"!{folder}/**", "__pycache__", "*.pyc"],
        ignore_mode=IgnoreMode.GIT,
    )
