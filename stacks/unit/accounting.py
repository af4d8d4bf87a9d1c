"""The ledger's export: every day's entries as a file, in a bucket of their own.

Who counts for the federation is given this bucket and neither tables nor data. Its files are
kept: nothing here expires, as the ledger itself does not.
"""

from dataclasses import replace

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk.aws_events_targets import LambdaFunction

from stacks.config import DisseminationUnit
from stacks.parts.bucket import BucketSpec, bucket
from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.unit.tables import Tables

EXPORT_LEDGER = FunctionSpec("export_ledger", ("core", "web"), memory_mib=1769, timeout_s=840)
# Index and clocks may lag behind a little; the day before is over everywhere by then.
AT = events.Schedule.cron(hour="1", minute="30")


def ledger_export(
    stack: Stack, unit: DisseminationUnit, around: Surroundings, tables: Tables
) -> str:
    """Make the bucket, and the function that fills it each night.

    Returns:
        The bucket's name.
    """
    kept = bucket(stack, "LedgerExport", BucketSpec(unit.removal))
    settings = {**around.environment, "LEDGER_BUCKET": kept.bucket_name}
    export = PythonFunction(
        stack,
        EXPORT_LEDGER,
        replace(around, environment=settings),
        [
            allow(["dynamodb:Query"], [tables.entries_by_day]),
            allow(["s3:PutObject"], [kept.arn_for_objects("ledger/*")]),
        ],
    )
    events.Rule(stack, "Nightly", schedule=AT, targets=[LambdaFunction(export.function)])
    return kept.bucket_name
