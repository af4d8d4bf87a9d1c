"""Executions of the extraction state machine; a job's execution has the job's id for a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.executions import execution_arn, state_of
from atoll.aws.faults import answering, code_of

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

    from atoll.model.job import Work
    from atoll.ports import ExecutionState


class StepFunctionsWorkflow:
    """The Workflow port."""

    def __init__(self, stepfunctions: SFNClient, state_machine_arn: str) -> None:
        self._stepfunctions = stepfunctions
        self._state_machine_arn = state_machine_arn

    def start(self, work: Work) -> None:
        """Start the job's execution, once; see `ports.Workflow`."""
        try:
            with answering("workflow"):
                self._stepfunctions.start_execution(
                    stateMachineArn=self._state_machine_arn,
                    name=work.job_id,
                    input=work.model_dump_json(),
                )
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise

    def stop(self, job_id: str) -> None:
        """Stop the job's execution, if it runs; see `ports.Workflow`."""
        try:
            with answering("workflow"):
                self._stepfunctions.stop_execution(
                    executionArn=execution_arn(self._state_machine_arn, job_id),
                    error="JobDismissed",
                    cause="The job was cancelled.",
                )
        except ClientError as error:
            if code_of(error) != "ExecutionDoesNotExist":
                raise

    def state(self, job_id: str) -> ExecutionState | None:
        """How the job's execution does; see `ports.Workflow`."""
        arn = execution_arn(self._state_machine_arn, job_id)
        return state_of(self._stepfunctions, arn, "workflow")
