"""The dispatcher and the reaper: who calls them, and what they may do."""

import json

import pytest

from tests.stacks.synthesis import Document, Template, listed, unit

UNITS = ("levitus", "navy")
CLAIM_AND_START = {
    ("Query", "Jobs/index/by_queue"),
    ("Query", "Policies"),
    ("GetItem", "Jobs"),
    ("UpdateItem", "Jobs"),
    ("UpdateItem", "Accounts"),
    ("PutItem", "Slots"),
    ("Scan", "Slots"),
    ("StartExecution", "-extraction"),
    ("StartExecution", "-notification"),
}
END = {
    ("PutItem", "Ledger"),
    ("ConditionCheckItem", "Ledger"),
    ("Query", "Ledger/index/by_day"),
    ("DeleteItem", "Slots"),
    ("Query", "Shares"),
    ("DescribeExecution", "-extraction:*"),
    ("GetObject", "Results/reports/*"),
    ("AbortMultipartUpload", "Results/results/*"),
    ("ListBucketMultipartUploads", "Results"),
}


def may(template: Template, function: str) -> set[tuple[str, str]]:
    """Actions and what they are for: a table, a bucket, or the end of a name."""
    _, made = template.only("AWS::Lambda::Function", function)
    return {
        (action.split(":")[1], said(resource))
        for statement in template.statements(made["Properties"]["Role"]["Fn::GetAtt"][0])
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.split(":")[0] in {"dynamodb", "s3", "states"}
    }


def said(resource: Document) -> str:
    text = json.dumps(resource)
    for name in ("Jobs", "Accounts", "Ledger", "Slots", "Shares", "Policies", "Results"):
        if f"Tables{name}" in text or f"Storage{name}" in text:
            joined = resource["Fn::Join"][1] if "Fn::Join" in resource else []
            return name + "".join(part for part in joined if isinstance(part, str))
    return "-" + text.rstrip('"]}').rpartition("-")[2]


def targets(rule: Document, template: Template) -> set[str]:
    functions = template.of_type("AWS::Lambda::Function")
    called = [target["Arn"]["Fn::GetAtt"][0] for target in rule["Properties"]["Targets"]]
    return {functions[one]["Properties"]["Handler"].split(".")[0] for one in called}


@pytest.mark.parametrize("name", UNITS)
def test_both_are_called_every_minute(name: str):
    template = unit(name)
    _, rule = template.only("AWS::Events::Rule", "EveryMinute")
    assert rule["Properties"]["ScheduleExpression"] == "rate(1 minute)"
    assert rule["Properties"]["State"] == "ENABLED"
    assert targets(rule, template) == {"dispatch_jobs", "reap_jobs"}


@pytest.mark.parametrize("name", UNITS)
def test_the_reaper_is_told_what_to_look_after(name: str):
    template = unit(name)
    for rule, look in (("EveryMinute", "jobs"), ("EveryNight", "reservations")):
        _, made = template.only("AWS::Events::Rule", rule)
        inputs = [
            json.loads(one["Input"]) for one in made["Properties"]["Targets"] if "Input" in one
        ]
        assert inputs == [{"look": look}]
        assert "reap_jobs" in targets(made, template)


@pytest.mark.parametrize("name", UNITS)
def test_the_end_of_an_execution_calls_the_dispatcher(name: str):
    template = unit(name)
    _, rule = template.only("AWS::Events::Rule", "ExecutionEnded")
    pattern = rule["Properties"]["EventPattern"]
    assert pattern["source"] == ["aws.states"]
    assert pattern["detail-type"] == ["Step Functions Execution Status Change"]
    assert set(pattern["detail"]["status"]) == {"SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"}
    (machine,) = pattern["detail"]["stateMachineArn"]
    assert json.dumps(machine).endswith(f':stateMachine:atoll-{name}-extraction"]]}}')
    assert targets(rule, template) == {"dispatch_jobs"}


@pytest.mark.parametrize("name", UNITS)
def test_nothing_is_called_again_for_what_the_next_minute_does(name: str):
    template = unit(name)
    for rule in ("EveryMinute", "EveryNight", "ExecutionEnded"):
        _, made = template.only("AWS::Events::Rule", rule)
        for target in made["Properties"]["Targets"]:
            assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0}


@pytest.mark.parametrize("name", UNITS)
def test_a_dispatcher_claims_and_starts_and_ends_nothing(name: str):
    assert may(unit(name), "DispatchJobs") == CLAIM_AND_START


@pytest.mark.parametrize("name", UNITS)
def test_a_reaper_may_end_jobs_and_see_how_executions_do(name: str):
    allowed = may(unit(name), "ReapJobs")
    assert allowed >= CLAIM_AND_START | END
    assert ("StopExecution", "-extraction:*") not in allowed
    assert not {action for action, place in allowed if place == "Ledger"} - {
        "PutItem",
        "ConditionCheckItem",
    }
