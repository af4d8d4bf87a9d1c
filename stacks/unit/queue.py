"""What keeps the queue moving when nobody orders: a dispatcher and a reaper.

Whoever orders and whatever ends a job gives free slots away itself. The dispatcher is for
executions that ended otherwise, the minute for whoever was killed before it came to that.
"""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk.aws_events_targets import LambdaFunction

from stacks.parts.function import FunctionSpec, PythonFunction, Surroundings
from stacks.parts.permissions import allow
from stacks.unit.notification import notification_arn
from stacks.unit.settings import executions_arn, machine_arn
from stacks.unit.storage import Storage
from stacks.unit.tables import Tables

DISPATCH_JOBS = FunctionSpec("dispatch_jobs", ("core", "web"), memory_mib=512, timeout_s=60)
REAP_JOBS = FunctionSpec("reap_jobs", ("core", "web"), memory_mib=512, timeout_s=300)
MINUTE = events.Schedule.rate(Duration.minutes(1))
NIGHT = events.Schedule.cron(hour="2", minute="10")
ENDS = ["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]


def queue_keepers(stack: Stack, around: Surroundings, tables: Tables, storage: Storage) -> None:
    """Make both functions and the rules that call them."""
    dispatcher = PythonFunction(stack, DISPATCH_JOBS, around, _dispatch(stack, tables))
    reaper = PythonFunction(stack, REAP_JOBS, around, _reap(stack, tables, storage))
    both = [_target(dispatcher), _target(reaper, "jobs")]
    events.Rule(stack, "EveryMinute", schedule=MINUTE, targets=both)
    nightly = [_target(reaper, "reservations")]
    events.Rule(stack, "EveryNight", schedule=NIGHT, targets=nightly)
    ended = events.EventPattern(
        source=["aws.states"],
        detail_type=["Step Functions Execution Status Change"],
        # Exactly this machine: children of a distributed Map have names of their own.
        detail={"stateMachineArn": [machine_arn(stack)], "status": ENDS},
    )
    events.Rule(stack, "ExecutionEnded", event_pattern=ended, targets=[_target(dispatcher)])


def _target(function: PythonFunction, look: str | None = None) -> LambdaFunction:
    """Called once: whatever is missed is done the next time.

    Args:
        function: which.
        look: what it is called for; None = it is told the event.
    """
    said = events.RuleTargetInput.from_object({"look": look}) if look else None
    return LambdaFunction(function.function, event=said, retry_attempts=0)


def _dispatch(stack: Stack, tables: Tables) -> Sequence[iam.PolicyStatement]:
    """See who waits, claim slots, start."""
    return [
        allow(["dynamodb:Query"], [tables.waiting_jobs, tables.policies.table_arn]),
        allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], [tables.jobs.table_arn]),
        allow(["dynamodb:UpdateItem"], [tables.accounts.table_arn]),
        allow(["dynamodb:PutItem", "dynamodb:Scan"], [tables.slots.table_arn]),
        _start(stack),
    ]


def _reap(stack: Stack, tables: Tables, storage: Storage) -> Sequence[iam.PolicyStatement]:
    """Whatever a job's end takes, and see how its execution does and what is still reserved."""
    return [
        *tables.change_jobs,
        allow(["dynamodb:Query"], [tables.entries_by_day]),
        allow(["dynamodb:ConditionCheckItem"], [tables.ledger.table_arn]),
        _start(stack),
        allow(["states:DescribeExecution"], [executions_arn(stack)]),
        allow(["s3:GetObject"], [storage.reports]),
        *storage.remove_results,
    ]


def _start(stack: Stack) -> iam.PolicyStatement:
    """Start executions, and begin to tell of it."""
    return allow(["states:StartExecution"], [machine_arn(stack), notification_arn(stack)])
