"""The Workflow port: one suite for the fake and for Step Functions."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from atoll.aws.workflow import StepFunctionsWorkflow
from atoll.model.job import Work
from atoll.ports import Workflow
from tests.contract.builders import work
from tests.contract.cloud import Cloud
from tests.fakes import FakeWorkflow


@dataclass(frozen=True)
class Rig:
    """A workflow, and what runs in it: job id -> what its execution was given."""

    workflow: Workflow
    running: Callable[[], dict[str, Work]]


@pytest.fixture(params=["fake", "stepfunctions"])
def rig(request: pytest.FixtureRequest) -> Rig:
    if request.param == "fake":
        fake = FakeWorkflow()
        return Rig(fake, lambda: {k: v for k, v in fake.started.items() if k not in fake.stopped})
    aws: Cloud = request.getfixturevalue("aws")
    workflow = StepFunctionsWorkflow(aws.stepfunctions, aws.state_machine_arn)
    return Rig(workflow, lambda: running(aws))


def running(aws: Cloud) -> dict[str, Work]:
    client = aws.stepfunctions
    executions = client.list_executions(
        stateMachineArn=aws.state_machine_arn, statusFilter="RUNNING"
    )["executions"]
    described = [
        client.describe_execution(executionArn=execution["executionArn"])
        for execution in executions
    ]
    return {one["name"]: Work.model_validate_json(one["input"]) for one in described}


def test_an_execution_has_the_jobs_name_and_all_its_work(rig: Rig) -> None:
    rig.workflow.start(work("job-1"))

    assert rig.running() == {"job-1": work("job-1")}


def test_starting_again_changes_nothing(rig: Rig) -> None:
    rig.workflow.start(work("job-1"))
    rig.workflow.start(work("job-1"))

    assert rig.running() == {"job-1": work("job-1")}


def test_other_work_under_the_same_id_is_not_started(rig: Rig) -> None:
    rig.workflow.start(work("job-1"))
    rig.workflow.start(work("job-1").model_copy(update={"tier": "big"}))

    assert rig.running() == {"job-1": work("job-1")}


def test_a_stopped_execution_runs_no_more_and_is_not_started_again(rig: Rig) -> None:
    rig.workflow.start(work("job-1"))
    rig.workflow.start(work("job-2"))
    rig.workflow.stop("job-1")
    rig.workflow.start(work("job-1"))

    assert rig.running() == {"job-2": work("job-2")}


def test_stopping_what_does_not_run_changes_nothing(rig: Rig) -> None:
    rig.workflow.start(work("job-1"))
    rig.workflow.stop("job-2")
    rig.workflow.stop("job-1")
    rig.workflow.stop("job-1")

    assert rig.running() == {}


def test_an_execution_is_given_plain_json_that_its_states_can_choose_by(aws: Cloud) -> None:
    StepFunctionsWorkflow(aws.stepfunctions, aws.state_machine_arn).start(work("job-1"))

    arn = f"{aws.state_machine_arn.replace(':stateMachine:', ':execution:')}:job-1"
    given = json.loads(aws.stepfunctions.describe_execution(executionArn=arn)["input"])
    assert (given["job_id"], given["tier"]) == ("job-1", "small")
    assert given["plan"]["axes"][0]["pieces"][0]["shift"] == -360.0
