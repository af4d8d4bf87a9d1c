"""Executions of the notification state machine, which tries for hours to tell somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.faults import answering, code_of
from atoll.services.notify import notices_of

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

    from atoll.model.job import Job
    from atoll.model.notice import Notice


class StepFunctionsNotifier:
    """The Notifier port."""

    def __init__(self, stepfunctions: SFNClient, state_machine_arn: str, *, topic: bool) -> None:
        """Remember how to tell.

        Args:
            stepfunctions: the client.
            state_machine_arn: of notification.
            topic: whether the unit has one.
        """
        self._stepfunctions = stepfunctions
        self._state_machine_arn = state_machine_arn
        self._topic = topic

    def notify(self, job: Job) -> None:
        """Start one execution for each way to tell; see `ports.Notifier`."""
        for notice in notices_of(job, topic=self._topic):
            self._start(notice)

    def _start(self, notice: Notice) -> None:
        """The name says what is told: a second one of that name is not started."""
        try:
            with answering("notification"):
                self._stepfunctions.start_execution(
                    stateMachineArn=self._state_machine_arn,
                    name=f"{notice.delivery_id}-{notice.channel}",
                    input=notice.model_dump_json(),
                )
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise
