"""How executions of Step Functions do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

    from atoll.ports import ExecutionState

GOES_ON = frozenset({"RUNNING", "PENDING_REDRIVE"})


def execution_arn(state_machine_arn: str, name: str) -> str:
    """arn:aws:states:REGION:ACCOUNT:execution:MACHINE:NAME."""
    stem, _, machine = state_machine_arn.rpartition(":stateMachine:")
    return f"{stem}:execution:{machine}:{name}"


def state_of(stepfunctions: SFNClient, arn: str, store: str) -> ExecutionState | None:
    """How an execution does; None = it was never started.

    Args:
        stepfunctions: the client.
        arn: of the execution.
        store: what is said not to answer.

    Raises:
        Unavailable: nobody knows now.
    """
    try:
        with answering(store):
            status = stepfunctions.describe_execution(executionArn=arn)["status"]
    except ClientError as error:
        if code_of(error) != "ExecutionDoesNotExist":
            raise
        return None
    return "running" if status in GOES_ON else "ended"
