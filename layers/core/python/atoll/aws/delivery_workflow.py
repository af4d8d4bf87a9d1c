"""Executions of the publication state machine, one a delivery."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from atoll.aws.executions import execution_arn, state_of
from atoll.aws.faults import answering, code_of

if TYPE_CHECKING:
    from types_boto3_stepfunctions import SFNClient

    from atoll.ports import ExecutionState

STORE = "workflow of deliveries"
# Step Functions takes up to 80 characters, ids of deliveries may have 128.
NAME = re.compile(r"[A-Za-z0-9._-]{1,80}")


class StepFunctionsDeliveryWorkflow:
    """The DeliveryWorkflow port."""

    def __init__(self, stepfunctions: SFNClient, state_machine_arn: str) -> None:
        self._stepfunctions = stepfunctions
        self._state_machine_arn = state_machine_arn

    def start(self, delivery_id: str) -> None:
        """Start the delivery's execution, once; see `ports.DeliveryWorkflow`."""
        try:
            with answering(STORE):
                self._stepfunctions.start_execution(
                    stateMachineArn=self._state_machine_arn,
                    name=execution_name(delivery_id),
                    input=json.dumps({"delivery_id": delivery_id}),
                )
        except ClientError as error:
            if code_of(error) != "ExecutionAlreadyExists":
                raise

    def state(self, delivery_id: str) -> ExecutionState | None:
        """How the delivery's execution does; see `ports.DeliveryWorkflow`."""
        arn = execution_arn(self._state_machine_arn, execution_name(delivery_id))
        return state_of(self._stepfunctions, arn, STORE)


def execution_name(delivery_id: str) -> str:
    """The id; of one that is too long, what is as much its own."""
    if NAME.fullmatch(delivery_id):
        return delivery_id
    return sha256(delivery_id.encode()).hexdigest()
