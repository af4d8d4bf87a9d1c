"""The federation's catalogue: a bus that units tell, a bucket of records, and doors to search them.

Who speaks for a unit is an account of AWS: the bus takes events of units' accounts alone, and the
function that keeps them knows which account is which unit's.
"""

from dataclasses import replace

from aws_cdk import Aws, CfnOutput, Duration, Environment, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk.aws_events_targets import SqsQueue
from constructs import Construct

from stacks.config import Central, Federation
from stacks.parts.bucket import BucketSpec, bucket
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings, log_group
from stacks.parts.http_api import FunctionApi, GatewaySpec
from stacks.parts.layers import LayerName, Layers
from stacks.parts.permissions import allow
from stacks.parts.queue import Queue, QueueSpec
from stacks.parts.sign_in import SignIn

LAYERS: tuple[LayerName, ...] = ("core", "web", "catalogue")
# pycsw takes seconds to load: on a whole processor.
CATALOGUE_API = FunctionSpec("catalogue_api", LAYERS, 1769, timeout_s=29, scratch_mib=1024)
INDEX_RECORDS = FunctionSpec("index_records", LAYERS, 1769, timeout_s=300, scratch_mib=1024)
# What is told within so many seconds is one catalogue.
WINDOW_S = 20
MOST_TOLD = 100
REQUESTS_PER_S = 100
BURST_REQUESTS = 200
RECOVERABLE_DAYS = 30
SOURCE = "atoll.unit."  # and the unit's name
PUBLISHED = "record.published"


class CatalogueStack(Stack):
    """The catalogue, of identity knowing only the strings in its parameters.

    Outputs: CatalogueUrl; RecordsBus, which every unit is told; and CatalogueBucket.
    """

    def __init__(self, scope: Construct, name: str, federation: Federation) -> None:
        central = federation.central
        super().__init__(
            scope,
            name,
            env=Environment(account=central.account, region=central.region),
            description=f"Catalogue of the federation {federation.name}",
        )
        sign_in = SignIn(self, central)
        kept = _bucket(self, central)
        around = Surroundings(
            Layers(self, "Layers", "arm64"),
            {
                "ATOLL_UNIT": "central",
                "CATALOGUE_BUCKET": kept.bucket_name,
                "LOG_LEVEL": "INFO",
                "POWERTOOLS_METRICS_NAMESPACE": "Atoll",
            },
            central.log_retention_days,
        )
        told = Queue(self, "Told", QueueSpec(interval_s=6 * INDEX_RECORDS.timeout_s, attempts=5))
        bus = _bus(self, federation, told)
        _index(self, _and(around, UNITS=_accounts_of_units(federation)), kept, told)
        api = _door(self, central, _and(around, **_said(federation), **sign_in.environment), kept)
        told_to_others = {
            "CatalogueUrl": api.url,
            "RecordsBus": bus.attr_arn,
            "CatalogueBucket": kept.bucket_name,
        }
        for key, value in told_to_others.items():
            CfnOutput(self, key, value=value)


def _and(around: Surroundings, **settings: str) -> Surroundings:
    return replace(around, environment={**around.environment, **settings})


def _bucket(scope: Construct, central: Central) -> s3.Bucket:
    """Records and catalogues; what was overwritten can be had again for a while."""
    forget = s3.LifecycleRule(
        id="forget-old-versions",
        noncurrent_version_expiration=Duration.days(RECOVERABLE_DAYS),
        expired_object_delete_marker=True,
    )
    return bucket(scope, "Kept", BucketSpec(central.removal, (forget,), versioned=True))


def _accounts_of_units(federation: Federation) -> str:
    return ",".join(f"{unit.name}={unit.account or Aws.ACCOUNT_ID}" for unit in federation.units)


def _bus(stack: Stack, federation: Federation, told: Queue) -> events.CfnEventBus:
    """Make the bus that units' accounts may tell records, and nothing else; a queue takes them."""
    name = stack.stack_name
    arn = stack.format_arn(service="events", resource="event-bus", resource_name=name)
    bus = events.CfnEventBus(
        stack,
        "Bus",
        name=name,
        policy={
            "Version": "2012-10-17",
            "Statement": [
                _let_tell(account, names, arn) for account, names in _by_account(federation).items()
            ],
        },
    )
    pattern = events.EventPattern(source=events.Match.prefix(SOURCE), detail_type=[PUBLISHED])
    rule = events.Rule(
        stack,
        "Published",
        event_bus=events.EventBus.from_event_bus_name(stack, "Named", name),
        event_pattern=pattern,
        targets=[SqsQueue(told.queue, dead_letter_queue=told.failed)],
    )
    rule.node.add_dependency(bus)
    return bus


def _by_account(federation: Federation) -> dict[str, list[str]]:
    """The names of units, by their accounts."""
    names: dict[str, list[str]] = {}
    for unit in federation.units:
        names.setdefault(unit.account or Aws.ACCOUNT_ID, []).append(unit.name)
    return names


def _let_tell(account: str, names: list[str], bus_arn: str) -> dict[str, object]:
    """Let an account tell as its own units; each unit's roles may do so as that unit alone."""
    said = {
        "events:source": [f"{SOURCE}{name}" for name in names],
        "events:detail-type": PUBLISHED,
    }
    return {
        "Sid": f"TellAs{''.join(part.title() for part in names[0].split('-'))}",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:{Aws.PARTITION}:iam::{account}:root"},
        "Action": "events:PutEvents",
        "Resource": bus_arn,
        "Condition": {"StringEquals": said},
    }


def _index(stack: Stack, around: Surroundings, kept: s3.Bucket, told: Queue) -> None:
    """Make the function that keeps what was told, and makes the catalogue of all that is kept."""
    statements = [
        allow(
            ["s3:GetObject", "s3:PutObject"],
            [kept.arn_for_objects("records/*"), kept.arn_for_objects("catalogue/*")],
        ),
        allow(["s3:DeleteObject"], [kept.arn_for_objects("catalogue/*")]),
        allow(
            ["s3:ListBucket"],
            [kept.bucket_arn],
            {"StringLike": {"s3:prefix": "records/*"}},
        ),
        told.consume,
    ]
    function = PythonFunction(stack, INDEX_RECORDS, around, statements).function
    told.call_with_many(function, MOST_TOLD, WINDOW_S)
    _alarm(stack, "NotIndexed", function)


def _door(stack: Stack, central: Central, around: Surroundings, kept: s3.Bucket) -> FunctionApi:
    """Make the doors; any page may call them, as what they tell depends on a token alone."""
    statements = [allow(["s3:GetObject"], [kept.arn_for_objects("catalogue/*")])]
    function = PythonFunction(stack, CATALOGUE_API, around, statements).function
    log = log_group(stack, "AccessLog", central.log_retention_days, f"apis/{stack.stack_name}")
    spec = GatewaySpec(stack.stack_name, ("*",), REQUESTS_PER_S, BURST_REQUESTS)
    api = FunctionApi(stack, spec, function, log)
    # The gateway is there without its function, so this is no circle.
    function.add_environment("API_URL", api.url)
    _alarm(stack, "DoorFailed", function)
    return api


def _said(federation: Federation) -> dict[str, str]:
    """What the catalogue says of itself."""
    said = federation.central.catalogue
    return {
        "CATALOGUE_TITLE": said.title,
        "CATALOGUE_ABSTRACT": said.abstract,
        "CATALOGUE_PROVIDER": said.provider or federation.name,
        "CATALOGUE_EMAIL": said.email,
    }


def _alarm(stack: Stack, name: str, function: lambda_.Function) -> None:
    cloudwatch.Alarm(
        stack,
        name,
        metric=function.metric_errors(),
        threshold=1,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
    )
