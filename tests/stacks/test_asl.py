"""The workflow: well formed, and the same in the file and in every template."""

import json
import re
from pathlib import Path

import pytest

from tests.stacks.synthesis import Document, unit

FILE = Path("stacks/state_machines/extraction.asl.json")
# Faults that pass, by the service that is asked. Of what the SDK has no class for, a throttle
# among them, Step Functions says `AmazonDynamoDBException` and `AmazonECSException`; a task that
# found no room is `AmazonECS.Unknown`.
PASSING = {
    "lambda:invoke": {
        "Unavailable",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.TooManyRequestsException",
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.SdkClientException",
    },
    "dynamodb:updateItem": {
        "DynamoDB.ProvisionedThroughputExceededException",
        "DynamoDB.ThrottlingException",
        "DynamoDB.RequestLimitExceeded",
        "DynamoDB.RequestLimitExceededException",
        "DynamoDB.TransactionConflictException",
        "DynamoDB.InternalServerError",
        "DynamoDB.InternalServerErrorException",
        "DynamoDB.AmazonDynamoDBException",
        "DynamoDB.SdkClientException",
    },
    "ecs:runTask.sync": {
        "ECS.ServerException",
        "ECS.ThrottlingException",
        "ECS.AmazonECSException",
        "ECS.SdkClientException",
        "AmazonECS.Unknown",
    },
}
LAST_RESORT = "ReleaseJob"


def definition() -> Document:
    document: Document = json.loads(FILE.read_text())
    return document


def states() -> dict[str, Document]:
    found: dict[str, Document] = definition()["States"]
    return found


def tasks() -> dict[str, Document]:
    return {name: state for name, state in states().items() if state["Type"] == "Task"}


def targets(state: Document) -> set[str]:
    ways = [state, *state.get("Catch", []), *state.get("Choices", [])]
    return {way["Next"] for way in ways if "Next" in way} | {
        state[key] for key in ("Default",) if key in state
    }


@pytest.mark.parametrize("name", ["levitus", "navy"])
def test_the_template_holds_the_file_literally(name: str):
    _, machine = unit(name).only("AWS::StepFunctions::StateMachine")
    assert machine["Properties"]["DefinitionString"] == FILE.read_text()


def test_every_placeholder_has_its_value_and_no_other_is_given():
    _, machine = unit().only("AWS::StepFunctions::StateMachine")
    placeholders = set(re.findall(r"\$\{(\w+)\}", FILE.read_text()))
    assert placeholders == set(machine["Properties"]["DefinitionSubstitutions"])


def test_every_state_is_reached_and_every_way_leads_somewhere():
    reached, ahead = set(), {definition()["StartAt"]}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= targets(states()[name]) - reached
    assert reached == set(states())


def test_a_state_ends_or_has_a_next():
    ends = {name for name, state in states().items() if not targets(state)}
    assert {states()[name]["Type"] for name in ends} <= {"Succeed", "Fail"}
    assert all("Next" in state for state in tasks().values())


def test_what_may_pass_is_retried_and_nothing_else():
    """Above all no `States.TaskFailed`: a worker that was killed ends its job."""
    for name, state in tasks().items():
        (rule,) = state["Retry"]
        assert set(rule["ErrorEquals"]) == PASSING[state["Resource"].split(":::")[1]], name
        assert rule["JitterStrategy"] == "FULL", name


def test_every_failure_releases_the_job():
    for name, state in tasks().items():
        if name != LAST_RESORT:
            last = state["Catch"][-1]
            assert last == {
                "ErrorEquals": ["States.ALL"],
                "ResultPath": "$.error",
                "Next": LAST_RESORT,
            }
    assert states()[LAST_RESORT]["Next"] == "JobFailed"
    assert states()["JobFailed"]["Type"] == "Fail"


def test_a_job_that_has_ended_is_never_run():
    first = states()[definition()["StartAt"]]
    parameters = first["Parameters"]
    assert parameters["ConditionExpression"] == "#s IN (:accepted, :running)"
    assert first["Catch"][0]["ErrorEquals"] == ["DynamoDB.ConditionalCheckFailedException"]
    assert states()[first["Catch"][0]["Next"]]["Type"] == "Succeed"


def test_every_task_has_an_end_in_time():
    assert all(state["TimeoutSeconds"] > 0 for state in tasks().values())


def test_a_task_outlasts_its_function():
    by_id = unit().of_type("AWS::Lambda::Function")
    _, machine = unit().only("AWS::StepFunctions::StateMachine")
    given = machine["Properties"]["DefinitionSubstitutions"]
    for state in tasks().values():
        name = state["Parameters"].get("FunctionName")
        if name is not None:
            logical_id = given[name.strip("${}")]["Fn::GetAtt"][0]
            assert by_id[logical_id]["Properties"]["Timeout"] < state["TimeoutSeconds"]


def test_the_container_is_named_as_in_its_task():
    _, task = unit().only("AWS::ECS::TaskDefinition")
    (override,) = states()["ExtractBig"]["Parameters"]["Overrides"]["ContainerOverrides"]
    (container,) = task["Properties"]["ContainerDefinitions"]
    assert override["Name"] == container["Name"] == "extract_big"


def test_the_machine_logs_all_events_without_their_data_and_is_traced():
    _, machine = unit().only("AWS::StepFunctions::StateMachine")
    logging = machine["Properties"]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)
    assert machine["Properties"]["TracingConfiguration"] == {"Enabled": True}
