"""The DeliveryWorkflow port: one suite for the fake and for Step Functions."""

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.delivery_workflow import StepFunctionsDeliveryWorkflow, execution_name
from atoll.errors import Unavailable
from atoll.ports.deliveries import DeliveryWorkflow
from tests.contract.cloud import Cloud, Faults
from tests.fakes import FakeDeliveryWorkflow

type Rig = tuple[DeliveryWorkflow, Callable[[], list[str]]]


@pytest.fixture(params=["fake", "aws"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """The port, and the ids of deliveries that were started."""
    if request.param == "fake":
        fake = FakeDeliveryWorkflow()
        return fake, lambda: sorted(fake.started)
    aws = request.getfixturevalue("aws")
    return aws_workflow(aws), lambda: inputs(aws)


def aws_workflow(aws: Cloud) -> StepFunctionsDeliveryWorkflow:
    return StepFunctionsDeliveryWorkflow(aws.stepfunctions, aws.state_machine_arn)


def inputs(aws: Cloud) -> list[str]:
    states, machine = aws.stepfunctions, aws.state_machine_arn
    arns = [
        one["executionArn"] for one in states.list_executions(stateMachineArn=machine)["executions"]
    ]
    said = [states.describe_execution(executionArn=arn)["input"] for arn in arns]
    return sorted(json.loads(one)["delivery_id"] for one in said)


def test_a_delivery_is_started_once(rig: Rig) -> None:
    workflow, started = rig
    for delivery_id in ("delivery-1", "d.e_l-2" + "x" * 73, "delivery-1"):
        workflow.start(delivery_id)
    assert started() == sorted(["delivery-1", "d.e_l-2" + "x" * 73])


def test_ids_that_are_longer_than_names_stay_apart(rig: Rig) -> None:
    workflow, started = rig
    long = [f"{'d' * 127}{end}" for end in "ab"]
    for delivery_id in (*long, *long):
        workflow.start(delivery_id)
    assert started() == long


def test_an_execution_is_called_like_its_delivery_where_it_can() -> None:
    assert execution_name("d" * 80) == "d" * 80
    assert len(execution_name("d" * 81)) == 64


def test_where_it_does_not_answer_it_is_unavailable(aws: Cloud, faults: Faults) -> None:
    workflow = aws_workflow(aws)
    faults.break_off("stepfunctions", "StartExecution", ConnectTimeoutError(endpoint_url="states"))
    with pytest.raises(Unavailable, match="workflow of deliveries"):
        workflow.start("delivery-1")


def test_other_errors_stay_as_they_are(aws: Cloud, faults: Faults) -> None:
    workflow = aws_workflow(aws)
    faults.refuse("stepfunctions", "StartExecution", "StateMachineDoesNotExist")
    with pytest.raises(Exception, match="StateMachineDoesNotExist"):
        workflow.start("delivery-1")
