"""Where a unit's containers run: a cluster, a network without ingress or idle costs, tasks.

The network is two public subnets with the free gateway endpoints for S3 and DynamoDB. A task has
a public address while it runs (to fetch its image and to write its log) and nothing can call it;
a NAT gateway or interface endpoints would cost more each idle month than the tasks do.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Duration, IgnoreMode, Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as images
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.config import DisseminationUnit, Worker
from stacks.parts.function import camel, log_group
from stacks.parts.permissions import allow

ROOT = Path(__file__).parents[2]
HTTPS = ec2.Port.tcp(443)


# What reads GRIB: eccodes' wheels hold its library for this architecture alone.
_X86_64_ALONE = frozenset({"publish_delivery"})


class Network(Construct):
    """Two public subnets, no ingress, HTTPS out.

    Attributes:
        vpc: the network.
        nobody_in: the security group of tasks.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Network")
        gateways = ec2.GatewayVpcEndpointAwsService
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr("10.0.0.0/24"),
            availability_zones=[f"{unit.region}{zone}" for zone in unit.zones],
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="Public",
                    subnet_type=ec2.SubnetType.PUBLIC,
                    cidr_mask=26,
                    map_public_ip_on_launch=False,
                )
            ],
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=gateways.S3),
                "DynamoDb": ec2.GatewayVpcEndpointOptions(service=gateways.DYNAMODB),
            },
            # Else a function of the construct library's own would come with each unit.
            restrict_default_security_group=False,
        )
        self.nobody_in = ec2.SecurityGroup(
            self,
            "NobodyIn",
            vpc=self.vpc,
            description="No ingress; HTTPS out",
            allow_all_outbound=False,
        )
        self.nobody_in.add_egress_rule(ec2.Peer.any_ipv4(), HTTPS, "AWS, and the image registry")


class Host(Construct):
    """What all containers of a unit share.

    Attributes:
        unit: whose they are.
        cluster: where they run.
        network: what they are reached by: nothing.
    """

    def __init__(self, scope: Construct, unit: DisseminationUnit) -> None:
        super().__init__(scope, "Host")
        self.unit = unit
        self.network = Network(self, unit)
        self.cluster = ecs.Cluster(
            self,
            "Cluster",
            vpc=self.network.vpc,
            container_insights_v2=ecs.ContainerInsights.ENABLED,
        )


class Container(Construct):
    """A Fargate task made from the Dockerfile in its function's folder.

    Attributes:
        host: where it runs.
        task: its definition; the container is named like the folder.
    """

    def __init__(
        self,
        host: Host,
        folder: str,
        worker: Worker,
        environment: Mapping[str, str],
        statements: Sequence[iam.PolicyStatement],
    ) -> None:
        super().__init__(Stack.of(host), camel(folder))
        self.host = host
        self.task = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=worker.cpu_units,
            memory_limit_mib=worker.memory_mib,
            ephemeral_storage_gib=worker.disk_gib,
            runtime_platform=_platform(folder, host.unit),
        )
        for statement in statements:
            self.task.add_to_task_role_policy(statement)
        log = log_group(self, "Log", host.unit.log_retention_days)
        self.task.add_container(
            folder,
            container_name=folder,
            image=_image(folder, host.unit),
            memory_limit_mib=worker.memory_mib,
            environment={**environment, "POWERTOOLS_SERVICE_NAME": folder},
            logging=ecs.LogDrivers.aws_logs(stream_prefix=folder, log_group=log),
            stop_timeout=Duration.seconds(120),
        )

    @property
    def placeholders(self) -> dict[str, str]:
        """What a state machine's definition calls the task and where it runs."""
        network = self.host.network
        subnets = network.vpc.public_subnets
        return {
            "Cluster": self.host.cluster.cluster_arn,
            "TaskDefinition": self.task.task_definition_arn,
            "SubnetA": subnets[0].subnet_id,
            "SubnetB": subnets[1].subnet_id,
            "SecurityGroup": network.nobody_in.security_group_id,
        }

    @property
    def run_statements(self) -> list[iam.PolicyStatement]:
        """What a state machine needs to run the task, to wait for its end, and to stop it."""
        stack = Stack.of(self)
        tasks = stack.format_arn(
            service="ecs", resource="task", resource_name=f"{self.host.cluster.cluster_name}/*"
        )
        events = stack.format_arn(
            service="events",
            resource="rule",
            resource_name="StepFunctionsGetEventsForECSTaskRule",
        )
        roles = [self.task.task_role.role_arn, self.task.obtain_execution_role().role_arn]
        to_tasks = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
        return [
            allow(["ecs:RunTask"], [self.task.task_definition_arn]),
            allow(["ecs:StopTask", "ecs:DescribeTasks"], [tasks]),
            allow(["iam:PassRole"], roles, to_tasks),
            allow(["events:PutTargets", "events:PutRule", "events:DescribeRule"], [events]),
        ]


def _is_arm(folder: str, unit: DisseminationUnit) -> bool:
    return unit.architecture == "arm64" and folder not in _X86_64_ALONE


def _platform(folder: str, unit: DisseminationUnit) -> ecs.RuntimePlatform:
    arm = _is_arm(folder, unit)
    return ecs.RuntimePlatform(
        operating_system_family=ecs.OperatingSystemFamily.LINUX,
        cpu_architecture=ecs.CpuArchitecture.ARM64 if arm else ecs.CpuArchitecture.X86_64,
    )


def _image(folder: str, unit: DisseminationUnit) -> ecs.ContainerImage:
    """Build from the repository's root, of which only what the Dockerfile copies is looked at."""
    arm = _is_arm(folder, unit)
    science = ("!layers/science", "!layers/science/requirements.txt")
    has_own = (ROOT / "functions" / folder / "requirements.txt").exists()
    packages = () if has_own else science
    return ecs.ContainerImage.from_asset(
        str(ROOT),
        file=f"functions/{folder}/Dockerfile",
        platform=images.Platform.LINUX_ARM64 if arm else images.Platform.LINUX_AMD64,
        exclude=[
            *("*", "!requirements.lock", "!layers", "!layers/core", "!layers/core/**"),
            *packages,
            *("!functions", f"!functions/{folder}", f"!functions/{folder}/**"),
            *("__pycache__", "*.pyc"),
        ],
        ignore_mode=IgnoreMode.GIT,
    )
