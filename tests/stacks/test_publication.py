"""The way of a delivery: from the bucket to the container, what each may do, and what rings."""

import json
import re
from pathlib import Path

import pytest

from atoll.bootstrap.settings import DelivererSettings
from stacks.unit.deliveries import TURN
from stacks.unit.watch import INTERVAL, WATCH_DELIVERIES
from tests.stacks.synthesis import Document, Template, listed, unit
from tests.stacks.test_asl import LOST, PASSING
from tests.stacks.test_permissions import READ_DATA, role_of, said

pytestmark = pytest.mark.slow

UNITS = ("levitus", "navy")
FILE = Path("stacks/state_machines/publication.asl.json")
CHANGE = {("dynamodb:GetItem", "Deliveries"), ("dynamodb:PutItem", "Deliveries")}
END_TURN = {("dynamodb:DeleteItem", "Deliveries")}
RESPOND = {("s3:PutObject", "Incoming/incoming/*/response.json")}
READ = {("s3:GetObject", "Incoming/incoming/*"), ("s3:GetObject", "Data/products/*")}
ALLOWED = {
    "ReceiveDelivery": CHANGE
    | READ
    | RESPOND
    | {("sqs:SendMessage", "WaitingQueue")}
    | {(f"sqs:{do}", "NotesQueue") for do in ("ReceiveMessage", "DeleteMessage")}
    | {("sqs:GetQueueAttributes", "NotesQueue")},
    "StartDelivery": CHANGE
    | END_TURN
    | {("states:StartExecution", "publication")}
    | {(f"sqs:{do}", "WaitingQueue") for do in ("ReceiveMessage", "DeleteMessage")}
    | {("sqs:GetQueueAttributes", "WaitingQueue")},
    "CloseDelivery": CHANGE | END_TURN | RESPOND,
    "PublishDelivery": CHANGE
    | READ
    | READ_DATA
    | {("s3:PutObject", "Data/descriptions/*")}
    | {(f"s3:{do}Object", "Data/datasets/*") for do in ("Put", "Delete")}
    | {(f"dynamodb:{do}Item", "Datasets") for do in ("Get", "Put")}
    | {("dynamodb:Query", "Policies"), ("events:PutEvents", "RecordsBus")},
}


def states() -> dict[str, Document]:
    found: dict[str, Document] = json.loads(FILE.read_text())["States"]
    return found


@pytest.mark.parametrize("unit_name", UNITS)
@pytest.mark.parametrize("name", ALLOWED)
def test_each_may_do_what_it_needs_and_nothing_else(unit_name: str, name: str):
    template = unit(unit_name)
    may = {
        (action, said(resource))
        for statement in template.statements(role_of(template, name))
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.split(":")[0] not in {"logs", "xray", "ecr"}
    }
    assert may == ALLOWED[name]


@pytest.mark.parametrize("name", UNITS)
def test_the_template_holds_the_file_literally_and_gives_it_what_it_names(name: str):
    machine = unit(name).machine("publication")["Properties"]
    assert machine["DefinitionString"] == FILE.read_text()
    placeholders = set(re.findall(r"\$\{(\w+)\}", FILE.read_text()))
    assert placeholders == set(machine["DefinitionSubstitutions"])
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_whatever_comes_of_it_a_delivery_is_closed():
    publish, close = states()["Publish"], states()["CloseDelivery"]
    (caught,) = publish["Catch"]
    assert caught["ErrorEquals"] == ["States.ALL"]
    assert {publish["Next"], caught["Next"]} == {"CloseDelivery"}
    assert publish["ResultSelector"] == {"Cause": ""}
    assert publish["ResultPath"] == caught["ResultPath"] == "$.error"
    assert close["Parameters"]["Payload"]["cause.$"] == "$.error.Cause"


def test_what_the_unit_failed_to_do_fails_the_execution():
    choice = states()["HasItFailed"]
    (failed,) = choice["Choices"]
    assert (failed["Variable"], failed["StringEquals"]) == ("$.closed.status", "failed")
    assert states()[failed["Next"]]["Type"] == "Fail"
    assert states()[choice["Default"]]["Type"] == "Succeed"


def test_a_worker_that_was_lost_begins_again():
    """The first rule that names an error counts: one that never ran is tried more often."""
    not_begun, ended_badly = states()["Publish"]["Retry"]
    assert set(not_begun["ErrorEquals"]) == PASSING["ecs:runTask.sync"]
    assert ended_badly["ErrorEquals"] == ["States.TaskFailed"]
    passing, lost = states()["CloseDelivery"]["Retry"]
    assert set(passing["ErrorEquals"]) == PASSING["lambda:invoke"]
    assert set(lost["ErrorEquals"]) == LOST


def test_the_container_is_told_its_delivery():
    _, task = unit().only("AWS::ECS::TaskDefinition", "PublishDelivery")
    (container,) = task["Properties"]["ContainerDefinitions"]
    (told,) = states()["Publish"]["Parameters"]["Overrides"]["ContainerOverrides"]
    assert told["Name"] == container["Name"] == "publish_delivery"
    given = {pair["Name"] for pair in container["Environment"] + told["Environment"]}
    assert {name.upper() for name in DelivererSettings.model_fields} - given == {"OPERATORS"}


@pytest.mark.parametrize("name", UNITS)
def test_both_containers_share_one_network_and_one_cluster(name: str):
    template = unit(name)
    assert len(template.of_type("AWS::ECS::TaskDefinition")) == 2
    assert len(template.of_type("AWS::EC2::VPC")) == 1
    assert len(template.of_type("AWS::ECS::Cluster")) == 1
    shared = [
        {
            key: template.machine(purpose)["Properties"]["DefinitionSubstitutions"][key]
            for key in ("Cluster", "SubnetA", "SubnetB", "SecurityGroup")
        }
        for purpose in ("extraction", "publication")
    ]
    assert shared[0] == shared[1]


def queues(template: Template, name: str) -> tuple[str, Document, str, Document]:
    """A queue, and the one of what failed in it."""
    queue_id, queue = template.only("AWS::SQS::Queue", f"Deliveries{name}Queue")
    failed_id, failed = template.only("AWS::SQS::Queue", f"Deliveries{name}Failed")
    return queue_id, queue["Properties"], failed_id, failed["Properties"]


@pytest.mark.parametrize("name", ["Notes", "Waiting"])
def test_what_fails_for_good_is_kept_and_rings(name: str):
    template = unit()
    _, queue, failed_id, failed = queues(template, name)
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": [failed_id, "Arn"]}
    assert queue.get("FifoQueue") == failed.get("FifoQueue")
    assert failed["MessageRetentionPeriod"] == 14 * 86_400
    _, alarm = template.only("AWS::CloudWatch::Alarm", f"Deliveries{name}Alarm")
    (dimension,) = alarm["Properties"]["Dimensions"]
    assert dimension["Value"] == {"Fn::GetAtt": [failed_id, "QueueName"]}
    assert alarm["Properties"]["Threshold"] == 1


@pytest.mark.parametrize(
    ("name", "function"), [("Notes", "ReceiveDelivery"), ("Waiting", "StartDelivery")]
)
def test_a_function_is_called_with_one_message_at_a_time(name: str, function: str):
    template = unit()
    queue_id, queue, _, _ = queues(template, name)
    called_id, called = template.only("AWS::Lambda::Function", function)
    (mapping,) = [
        each["Properties"]
        for each in template.of_type("AWS::Lambda::EventSourceMapping").values()
        if each["Properties"]["FunctionName"] == {"Ref": called_id}
    ]
    assert mapping["EventSourceArn"] == {"Fn::GetAtt": [queue_id, "Arn"]}
    assert mapping["BatchSize"] == 1
    assert queue["VisibilityTimeout"] > called["Properties"]["Timeout"]


def takes_s() -> int:
    """A delivery's execution at most, however often a state is tried."""
    seconds: int = json.loads(FILE.read_text())["TimeoutSeconds"]
    return seconds


def test_a_worker_that_takes_its_whole_time_leaves_time_to_close_its_delivery():
    close = states()["CloseDelivery"]
    tries = 1 + sum(rule["MaxAttempts"] for rule in close["Retry"])
    longest_pause_s = max(rule["MaxDelaySeconds"] for rule in close["Retry"])
    closing_s = tries * close["TimeoutSeconds"] + (tries - 1) * longest_pause_s
    assert takes_s() >= states()["Publish"]["TimeoutSeconds"] + closing_s


def test_a_delivery_waits_longer_than_another_may_take():
    _, waiting, _, _ = queues(unit(), "Waiting")
    assert waiting["FifoQueue"] is True
    assert waiting["RedrivePolicy"]["maxReceiveCount"] == TURN.attempts
    looked_after_s = INTERVAL.to_seconds() + WATCH_DELIVERIES.timeout_s
    assert TURN.attempts * TURN.interval_s > takes_s() + looked_after_s
    assert waiting["MessageRetentionPeriod"] > TURN.attempts * TURN.interval_s


@pytest.mark.parametrize("name", UNITS)
def test_notes_alone_are_told_to_the_queue(name: str):
    template = unit(name)
    bucket_id, bucket = template.only("AWS::S3::Bucket", "Incoming")
    assert bucket["Properties"]["NotificationConfiguration"] == {
        "EventBridgeConfiguration": {"EventBridgeEnabled": True}
    }
    _, rule = template.only("AWS::Events::Rule", "NoteLanded")
    assert rule["Properties"]["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": [{"Ref": bucket_id}]},
            "object": {"key": [{"suffix": "/delivery.json"}, {"suffix": "/delivery.xml"}]},
        },
    }
    queue_id, _, failed_id, _ = queues(template, "Notes")
    (target,) = rule["Properties"]["Targets"]
    assert target["Arn"] == {"Fn::GetAtt": [queue_id, "Arn"]}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [failed_id, "Arn"]}}


def test_what_was_uploaded_expires_and_pages_may_put_it():
    _, bucket = unit().only("AWS::S3::Bucket", "Incoming")
    rules = bucket["Properties"]["LifecycleConfiguration"]["Rules"]
    assert {
        rule["Id"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule
    } == {"expire-deliveries": 14}
    (cors,) = bucket["Properties"]["CorsConfiguration"]["CorsRules"]
    assert cors["AllowedMethods"] == ["PUT"]


@pytest.mark.parametrize(
    ("name", "metric"),
    [("DeliveryFailed", "ExecutionsFailed"), ("DeliveryTimedOut", "ExecutionsTimedOut")],
)
def test_a_delivery_that_failed_rings(name: str, metric: str):
    _, alarm = unit().only("AWS::CloudWatch::Alarm", name)
    properties = alarm["Properties"]
    assert (properties["Namespace"], properties["MetricName"]) == ("AWS/States", metric)
    (dimension,) = properties["Dimensions"]
    assert "PublicationWorkflow" in json.dumps(dimension) or "Deliveries" in json.dumps(dimension)
    assert properties["TreatMissingData"] == "notBreaching"


def test_what_reads_grib_runs_where_its_library_has_wheels():
    """Of eccodes' own, without those that hide other packages' symbols: x86_64 alone."""
    template = unit("levitus")
    platforms = {name: template.only("AWS::ECS::TaskDefinition", name)[1]["Properties"]
                 ["RuntimePlatform"]["CpuArchitecture"]
                 for name in ("PublishDelivery", "ExtractBig")}  # fmt: skip
    assert platforms == {"PublishDelivery": "X86_64", "ExtractBig": "ARM64"}
