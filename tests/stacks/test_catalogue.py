"""Central's catalogue: a bus for units alone, a queue, two functions, doors."""

import json
import re

import pytest

from stacks.central.catalogue import INDEX_RECORDS
from tests.stacks.synthesis import Document, catalogue, listed, unit

pytestmark = pytest.mark.slow

FUNCTION = "AWS::Lambda::Function"


def function(name: str) -> Document:
    _, found = catalogue().only(FUNCTION, name)
    properties: Document = found["Properties"]
    return properties


def allowed(name: str) -> set[tuple[str, str]]:
    """What a function may do, and to what; the bucket is `Kept`."""
    role = function(name)["Role"]["Fn::GetAtt"][0]
    return {
        (action, tail(resource))
        for statement in catalogue().statements(role)
        for action in listed(statement["Action"])
        if action.split(":")[0] not in {"logs", "xray"}
        for resource in listed(statement["Resource"])
    }


def tail(resource: object) -> str:
    """`Kept/records/*` of its ARN."""
    found = re.search(r"(Kept|ToldQueue)[0-9A-F]{8}.*?(/[a-z]+/\*)?\"?\]*\}?\]?\}?$",
                      json.dumps(resource))  # fmt: skip
    assert found, resource
    return found[1] + (found[2] or "")


def test_the_bus_takes_records_of_units_accounts_and_nothing_else():
    _, bus = catalogue().only("AWS::Events::EventBus")
    (statement,) = bus["Properties"]["Policy"]["Statement"]
    assert statement["Action"] == "events:PutEvents"
    assert json.dumps(statement["Principal"]).count(":root") == 1  # the demo has one account
    assert statement["Condition"]["StringEquals"] == {
        "events:source": ["atoll.unit"],
        "events:detail-type": ["record.published"],
    }


def test_what_units_tell_goes_to_the_queue():
    _, rule = catalogue().only("AWS::Events::Rule")
    told = rule["Properties"]
    assert told["EventPattern"] == {
        "source": ["atoll.unit"],
        "detail-type": ["record.published"],
    }
    (target,) = told["Targets"]
    assert "ToldQueue" in json.dumps(target["Arn"])
    assert "ToldFailed" in json.dumps(target["DeadLetterConfig"])


def test_a_batch_waits_for_others_and_fails_by_message():
    _, mapping = catalogue().only("AWS::Lambda::EventSourceMapping")
    told = mapping["Properties"]
    assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert (told["BatchSize"], told["MaximumBatchingWindowInSeconds"]) == (100, 20)
    queue = catalogue().only("AWS::SQS::Queue", "ToldQueue")[1]["Properties"]
    # AWS asks for six times the function's time, so that a batch is not taken twice.
    assert queue["VisibilityTimeout"] >= 6 * INDEX_RECORDS.timeout_s
    assert queue["RedrivePolicy"]["maxReceiveCount"] == 5


def test_each_function_may_do_what_it_does():
    assert allowed("CatalogueApi") == {("s3:GetObject", "Kept/catalogue/*")}
    assert allowed("IndexRecords") == {
        ("s3:GetObject", "Kept/records/*"),
        ("s3:PutObject", "Kept/records/*"),
        ("s3:GetObject", "Kept/catalogue/*"),
        ("s3:PutObject", "Kept/catalogue/*"),
        ("s3:DeleteObject", "Kept/catalogue/*"),
        ("s3:ListBucket", "Kept"),
        *((f"sqs:{one}", "ToldQueue") for one in (
            "ReceiveMessage", "DeleteMessage", "GetQueueAttributes",
        )),
    }  # fmt: skip


def test_what_the_functions_are_told():
    door = function("CatalogueApi")["Environment"]["Variables"]
    assert door["ISSUER"] == {"Ref": "Issuer"}
    api, _ = catalogue().only("AWS::ApiGatewayV2::Api")
    assert door["API_URL"] == {"Fn::GetAtt": [api, "ApiEndpoint"]}
    units = json.dumps(function("IndexRecords")["Environment"]["Variables"]["UNITS"])
    assert "levitus=" in units
    assert ",navy=" in units


def test_alarms_ring_for_what_was_laid_aside_and_for_faults():
    watched = [one["Properties"] for one in catalogue().of_type("AWS::CloudWatch::Alarm").values()]
    assert sorted(one["MetricName"] for one in watched) == [
        "ApproximateNumberOfMessagesVisible",
        "Errors",
        "Errors",
    ]
    assert {one["Threshold"] for one in watched} == {1}


def test_a_unit_knows_the_bus_as_a_string_and_may_tell_it_alone():
    parameter = unit().body["Parameters"]["RecordsBus"]
    assert parameter["Default"] == ""
    accepted = re.compile(parameter["AllowedPattern"])
    assert accepted.fullmatch("")
    assert accepted.fullmatch("arn:aws:events:eu-west-1:123456789012:event-bus/atoll")
    assert not accepted.fullmatch("event-bus/atoll")
    telling = [
        statement
        for policy in unit().of_type("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "events:PutEvents" in listed(statement["Action"])
    ]
    (resource,) = [statement["Resource"]["Fn::If"] for statement in telling]
    assert resource[1] == {"Ref": "RecordsBus"}
    (told,) = [
        container["Environment"]
        for task in unit().of_type("AWS::ECS::TaskDefinition").values()
        for container in task["Properties"]["ContainerDefinitions"]
        if container["Name"] == "publish_delivery"
    ]
    named = {one["Name"]: one["Value"] for one in told}
    assert named["RECORDS_BUS"] == {"Ref": "RecordsBus"}
    assert "API_URL" in named


def test_the_catalogue_imports_nothing():
    assert "Fn::ImportValue" not in json.dumps(catalogue().body)
    assert set(catalogue().body["Parameters"]) >= {"Issuer", "JwksUrl", "ClientIds"}
    assert set(catalogue().body["Outputs"]) == {"CatalogueUrl", "RecordsBus", "CatalogueBucket"}
