"""The workflow: well formed, and the same in the file and in every template."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from atoll.bootstrap.settings import Step
from atoll.model.parts import Begun
from atoll.model.request import IN_PARTS
from stacks.unit.workflow import MAP_LABEL
from tests.stacks.synthesis import Document, unit

pytestmark = pytest.mark.slow

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
# A function's process was killed, or ran out of time or memory.
LOST = {
    "Lambda.Unknown",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Sandbox.Timedout",
    "States.Timeout",
}
LAST_RESORT = "ReleaseJob"


def definition() -> Document:
    document: Document = json.loads(FILE.read_text())
    return document


def states() -> dict[str, Document]:
    found: dict[str, Document] = definition()["States"]
    return found


def inner(state: Document) -> dict[str, Document]:
    """The states within a Map."""
    found: dict[str, Document] = state.get("ItemProcessor", {}).get("States", {})
    return found


def every_state() -> dict[str, Document]:
    """Those within a Map too."""
    return states() | {k: s for state in states().values() for k, s in inner(state).items()}


def tasks() -> dict[str, Document]:
    return {name: state for name, state in every_state().items() if state["Type"] == "Task"}


def functions() -> dict[str, Document]:
    return {name: state for name, state in tasks().items() if "lambda" in state["Resource"]}


def containers() -> dict[str, Document]:
    return {name: state for name, state in tasks().items() if "ecs" in state["Resource"]}


def targets(state: Document) -> set[str]:
    ways = [state, *state.get("Catch", []), *state.get("Choices", [])]
    return {way["Next"] for way in ways if "Next" in way} | {
        state[key] for key in ("Default",) if key in state
    }


@pytest.mark.parametrize("name", ["levitus", "navy"])
def test_the_template_holds_the_file_literally(name: str):
    machine = unit(name).machine("extraction")
    assert machine["Properties"]["DefinitionString"] == FILE.read_text()


def test_every_placeholder_has_its_value_and_no_other_is_given():
    machine = unit().machine("extraction")
    placeholders = set(re.findall(r"\$\{(\w+)\}", FILE.read_text()))
    assert placeholders == set(machine["Properties"]["DefinitionSubstitutions"])


def reached_from(start: str, among: dict[str, Document]) -> set[str]:
    reached, ahead = set(), {start}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= targets(among[name]) - reached
    return reached


def test_every_state_is_reached_and_every_way_leads_somewhere():
    assert reached_from(definition()["StartAt"], states()) == set(states())
    for state in states().values():
        if state["Type"] == "Map":
            start = state["ItemProcessor"]["StartAt"]
            assert reached_from(start, inner(state)) == set(inner(state))


def test_a_state_ends_or_has_a_next():
    ends = {name for name, state in every_state().items() if not targets(state)}
    kinds = {every_state()[name]["Type"] for name in ends if "End" not in every_state()[name]}
    assert kinds == {"Succeed", "Fail"}
    assert all("Next" in state or state.get("End") for state in tasks().values())


def test_what_may_pass_is_retried_and_nothing_else():
    """Above all no `States.TaskFailed`: a container that was killed is not started again."""
    for name, state in tasks().items():
        passing, *_ = state["Retry"]
        assert set(passing["ErrorEquals"]) == PASSING[state["Resource"].split(":::")[1]], name
        assert all(rule["JitterStrategy"] == "FULL" for rule in state["Retry"]), name


def test_a_function_that_was_lost_is_called_again():
    """All of them may be repeated; an error that is not among these is told at once."""
    for name, state in tasks().items():
        _, *others = state["Retry"]
        assert [set(rule["ErrorEquals"]) for rule in others] == [LOST] * (name in functions()), name


def test_every_failure_releases_the_job():
    last = {"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": LAST_RESORT}
    outer = {name for name, state in states().items() if state["Type"] in {"Task", "Map"}}
    for name in outer - {LAST_RESORT, "AssembleBig"}:
        assert states()[name]["Catch"][-1] == last, name
    assert states()[LAST_RESORT]["Next"] == "JobFailed"
    assert states()["JobFailed"]["Type"] == "Fail"


def test_a_container_that_was_lost_is_found_out_in_the_next_round():
    """Rounds are counted by the function that begins them; it tells the reason that was left."""
    to_next = {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "BeginParts"}
    assert states()["AssembleBig"]["Catch"] == [to_next]
    run = inner(states()["ExtractRuns"])
    (caught,) = run["ExtractRun"]["Catch"]
    assert (caught["ErrorEquals"], run[caught["Next"]]["Type"]) == (["States.ALL"], "Succeed")
    assert states()["ExtractRuns"]["Next"] == "BeginParts"


def test_what_is_made_in_parts_goes_through_rounds_and_all_else_through_one_container():
    small, in_parts = states()["ChooseTier"]["Choices"]
    assert (small["StringEquals"], small["Next"]) == ("small", "ExtractSmall")
    assert {each["StringEquals"] for each in in_parts["Or"]} == IN_PARTS
    assert {each["Variable"] for each in in_parts["Or"]} == {"$.plan.format"}
    assert states()[in_parts["Next"]] == {
        "Type": "Pass",
        "Result": {"file": 1, "round": 0},
        "ResultPath": "$.begun",
        "Next": "BeginParts",
    }
    assert states()["ChooseTier"]["Default"] == "ExtractWhole"


def test_a_round_is_told_what_the_function_answers():
    told = states()["BeginParts"]["ResultSelector"]
    assert told == {f"{name}.$": f"$.Payload.{name}" for name in Begun.model_fields}
    items = {states()[name]["ItemsPath"] for name in ("ExtractParts", "ExtractRuns")}
    assert items == {"$.begun.parts", "$.begun.runs"}
    assert states()["ExtractParts"]["MaxConcurrencyPath"] == "$.begun.parts_at_once"


def test_file_after_file_is_made_until_none_is_left_and_then_the_report_is_settled():
    payload = states()["BeginParts"]["Parameters"]["Payload"]
    assert (payload["file.$"], payload["round.$"]) == ("$.begun.file", "$.begun.round")
    assert {states()[name]["Next"] for name in ("AssembleParts", "AssembleBig")} == {"BeginParts"}
    first = states()["ArePartsMissing"]["Choices"][0]
    assert (first["Variable"], first["IsNull"]) == ("$.begun.upload", True)
    assert states()[first["Next"]] == {
        "Type": "Pass",
        "Result": {"outcome": None},
        "ResultPath": "$.extracted",
        "Next": "SettleJob",
    }


def test_a_part_is_an_execution_of_its_own_that_answers_with_a_few_bytes():
    """All answers together must fit into 256 KiB, though they are thrown away."""
    parts = states()["ExtractParts"]
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert parts["ItemProcessor"]["ProcessorConfig"] == config
    assert (parts["ToleratedFailureCount"], parts["Label"]) == (0, MAP_LABEL)
    (part,) = inner(parts).values()
    assert (part["ResultSelector"], "ResultPath" in part) == ({"part.$": "$.Payload.part"}, False)


def test_each_container_is_told_its_step():
    told = {
        name: {
            pair["Name"]: pair.get("Value", pair.get("Value.$"))
            for pair in override(state)["Environment"]
        }
        for name, state in containers().items()
    }
    job = {"ATOLL_JOB_ID": "$.job_id", "ATOLL_CORRELATION_ID": "$.correlation_id"}
    assert told == {
        "ExtractWhole": {"ATOLL_STEP": "whole", **job},
        "ExtractRun": {
            "ATOLL_STEP": "parts",
            "ATOLL_FILE": "States.Format('{}', $.file)",
            "ATOLL_PARTS": "$.run",
            **job,
        },
        "AssembleBig": {
            "ATOLL_STEP": "assemble",
            "ATOLL_FILE": "States.Format('{}', $.begun.file)",
            **job,
        },
    }
    assert {step["ATOLL_STEP"] for step in told.values()} == set(get_args(Step.__value__))


def override(state: Document) -> Document:
    (found,) = state["Parameters"]["Overrides"]["ContainerOverrides"]
    given: Document = found
    return given


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
    machine = unit().machine("extraction")
    given = machine["Properties"]["DefinitionSubstitutions"]
    for state in functions().values():
        name = state["Parameters"]["FunctionName"]
        logical_id = given[name.strip("${}")]["Fn::GetAtt"][0]
        assert by_id[logical_id]["Properties"]["Timeout"] < state["TimeoutSeconds"]


def test_the_container_is_named_as_in_its_task():
    _, task = unit().only("AWS::ECS::TaskDefinition", "ExtractBig")
    (container,) = task["Properties"]["ContainerDefinitions"]
    names = {override(state)["Name"] for state in containers().values()}
    assert names == {container["Name"]} == {"extract_big"}


def test_the_machine_logs_all_events_without_their_data_and_is_traced():
    machine = unit().machine("extraction")
    logging = machine["Properties"]["LoggingConfiguration"]
    assert (logging["Level"], logging["IncludeExecutionData"]) == ("ALL", False)
    assert machine["Properties"]["TracingConfiguration"] == {"Enabled": True}
