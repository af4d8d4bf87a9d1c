"""The DeliveryWorkflow port: one suite for the fake and for Step Functions."""

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ConnectTimeoutError

from atoll.aws.delivery_workflow import StepFunctionsDeliveryWorkflow, execution_name
from atoll.aws.executions import execution_arn
from atoll.errors import Unavailable
from atoll.ports.deliveries import DeliveryWorkflow
from tests.contract.cloud import Cloud, Faults
from tests.fakes import FakeDeliveryWorkflow

type Rig = tuple[DeliveryWorkflow, Callable[[], list[str]], Callable[[str], object]]


@pytest.fixture(params=["fake", "aws"])
def rig(request: pytest.FixtureRequest) -> Rig:
    """The port, the ids of deliveries that were started, and what ends an execution."""
    if request.param == "fake":
        fake = FakeDeliveryWorkflow()
        return fake, lambda: sorted(fake.started), fake.ended.add
    aws = request.getfixturevalue("aws")
    return aws_workflow(aws), lambda: inputs(aws), lambda delivery_id: abort(aws, delivery_id)


def aws_workflow(aws: Cloud) -> StepFunctionsDeliveryWorkflow:
    return StepFunctionsDeliveryWorkflow(aws.stepfunctions, aws.state_machine_arn)


def abort(aws: Cloud, delivery_id: str) -> None:
    arn = execution_arn(aws.state_machine_arn, execution_name(delivery_id))
    aws.stepfunctions.stop_execution(executionArn=arn)


def inputs(aws: Cloud) -> list[str]:
    states, machine = aws.stepfunctions, aws.state_machine_arn
    arns = [
        one["executionArn"] for one in states.list_executions(stateMachineArn=machine)["executions"]
    ]
    said = [states.describe_execution(executionArn=arn)["input"] for arn in arns]
    return sorted(json.loads(one)["delivery_id"] for one in said)


def test_a_delivery_is_started_once(rig: Rig) -> None:
    workflow, started, _ = rig
    for delivery_id in ("delivery-1", "d.e_l-2" + "x" * 73, "delivery-1"):
        workflow.start(delivery_id)
    assert started() == sorted(["delivery-1", "d.e_l-2" + "x" * 73])


def test_ids_that_are_longer_than_names_stay_apart(rig: Rig) -> None:
    workflow, started, _ = rig
    long = [f"{'d' * 127}{end}" for end in "ab"]
    for delivery_id in (*long, *long):
        workflow.start(delivery_id)
    assert started() == long


def test_an_execution_is_called_like_its_delivery_where_it_can() -> None:
    assert execution_name("d" * 80) == "d" * 80
    assert len(execution_name("d" * 81)) == 64


@pytest.mark.parametrize("delivery_id", ["delivery-1", "d" * 128])
def test_how_an_execution_does(rig: Rig, delivery_id: str) -> None:
    workflow, _, end = rig
    assert workflow.state(delivery_id) is None
    workflow.start(delivery_id)
    workflow.start("delivery-2")
    assert workflow.state(delivery_id) == "running"
    end(delivery_id)
    assert workflow.state(delivery_id) == "ended"
    assert workflow.state("delivery-2") == "running"


ASKED: dict[str, Callable[[DeliveryWorkflow], object]] = {
    "StartExecution": lambda workflow: workflow.start("delivery-1"),
    "DescribeExecution": lambda workflow: workflow.state("delivery-1"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_where_it_does_not_answer_it_is_unavailable(aws: Cloud, faults: Faults, asked: str) -> None:
    workflow = aws_workflow(aws)
    faults.break_off("stepfunctions", asked, ConnectTimeoutError(endpoint_url="states"))
    with pytest.raises(Unavailable, match="workflow of deliveries"):
        ASKED[asked](workflow)


@pytest.mark.parametrize("asked", ASKED)
def test_other_errors_stay_as_they_are(aws: Cloud, faults: Faults, asked: str) -> None:
    workflow = aws_workflow(aws)
    faults.refuse("stepfunctions", asked, "StateMachineDoesNotExist")
    with pytest.raises(Exception, match="StateMachineDoesNotExist"):
        ASKED[asked](workflow)
