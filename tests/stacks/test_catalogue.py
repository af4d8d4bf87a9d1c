"""Central's catalogue: a bus for units alone, a queue, two functions, doors."""

import json
import re

import pytest

from atoll.model.announcement import source_of
from stacks.assembly import DEMO
from stacks.central.catalogue import INDEX_RECORDS, _by_account, _let_tell
from stacks.config import load_federation
from tests.stacks.synthesis import Document, catalogue, listed, unit
from tests.stacks.test_permissions import role_of, said
from tests.stacks.test_queue import targets

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
    (statement,) = bus["Properties"]["Policy"]["Statement"]  # the demo has one account
    assert statement["Action"] == "events:PutEvents"
    assert json.dumps(statement["Principal"]).count(":root") == 1
    assert statement["Condition"]["StringEquals"] == {
        "events:source": [source_of("levitus"), source_of("navy")],
        "events:detail-type": "record.published",
    }


def test_an_account_speaks_for_its_own_units_alone():
    federation = load_federation(DEMO)
    levitus, navy = federation.units
    apart = [levitus, navy.model_copy(update={"account": "222222222222"})]
    for_all = _by_account(federation.model_copy(update={"units": apart}))
    assert list(for_all.values()) == [["levitus"], ["navy"]]
    statement = _let_tell("222222222222", for_all["222222222222"], "arn")
    assert ":iam::222222222222:root" in str(statement["Principal"])
    assert statement["Condition"] == {
        "StringEquals": {
            "events:source": [source_of("navy")],
            "events:detail-type": "record.published",
        }
    }


def test_what_units_tell_goes_to_the_queue():
    _, rule = catalogue().only("AWS::Events::Rule")
    told = rule["Properties"]
    assert told["EventPattern"] == {
        "source": [{"prefix": source_of("")}],
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


def test_a_unit_knows_the_bus_as_a_string():
    parameter = unit().body["Parameters"]["RecordsBus"]
    assert parameter["Default"] == ""
    accepted = re.compile(parameter["AllowedPattern"])
    assert accepted.fullmatch("")
    assert accepted.fullmatch("arn:aws:events:eu-west-1:123456789012:event-bus/atoll")
    assert not accepted.fullmatch("event-bus/atoll")


@pytest.mark.parametrize("name", ["levitus", "navy"])
def test_what_a_unit_may_tell_it_tells_as_itself(name: str):
    telling = [
        statement
        for policy in unit(name).of_type("AWS::IAM::Policy").values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if "events:PutEvents" in listed(statement["Action"])
    ]
    assert len(telling) == 3  # what publishes, the door of the policy, what tells on schedule
    for statement in telling:
        assert statement["Resource"]["Fn::If"][1] == {"Ref": "RecordsBus"}
        assert statement["Condition"]["StringEquals"] == {
            "events:source": source_of(name),
            "events:detail-type": "record.published",
        }


def test_who_tells_knows_the_bus_and_the_units_address():
    (told,) = [
        container["Environment"]
        for task in unit().of_type("AWS::ECS::TaskDefinition").values()
        for container in task["Properties"]["ContainerDefinitions"]
        if container["Name"] == "publish_delivery"
    ]
    publisher = {one["Name"]: one["Value"] for one in told}
    functions = [unit().only(FUNCTION, one)[1] for one in ("RestApi", "AnnounceRecords")]
    known = [one["Properties"]["Environment"]["Variables"] for one in functions]
    for environment in (publisher, *known):
        assert environment["RECORDS_BUS"] == {"Ref": "RecordsBus"}
        assert {"API_URL", "ATOLL_UNIT", "POLICIES_TABLE"} <= set(environment)


def test_all_is_told_every_hour_by_what_may_read_it_and_no_more():
    _, rule = unit().only("AWS::Events::Rule", "RecordsEveryHour")
    assert rule["Properties"]["ScheduleExpression"] == "rate(1 hour)"
    assert targets(rule, unit()) == {"announce_records"}
    may = {
        (action, said(resource))
        for statement in unit().statements(role_of(unit(), "AnnounceRecords"))
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.split(":")[0] not in {"logs", "xray", "events"}
    }
    assert may == {
        ("dynamodb:GetItem", "Datasets"),
        ("dynamodb:Scan", "Datasets"),
        ("dynamodb:Query", "Policies"),
        ("s3:GetObject", "Data/descriptions/*"),
    }


def test_an_alarm_rings_where_a_unit_cannot_tell():
    function_id, _ = unit().only(FUNCTION, "AnnounceRecords")
    _, alarm = unit().only("AWS::CloudWatch::Alarm", "RecordsNotAnnounced")
    watched = alarm["Properties"]
    assert (watched["MetricName"], watched["Threshold"]) == ("Errors", 1)
    assert watched["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": function_id}}]


def test_the_catalogue_imports_nothing():
    assert "Fn::ImportValue" not in json.dumps(catalogue().body)
    assert set(catalogue().body["Parameters"]) >= {"Issuer", "JwksUrl", "ClientIds"}
    assert set(catalogue().body["Outputs"]) == {"CatalogueUrl", "RecordsBus", "CatalogueBucket"}
