"""How people are told of their jobs: the state machine, the secret, and the topic."""

import json
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from stacks.assembly import DEMO
from stacks.config import load_federation
from tests.stacks.synthesis import Document, Template, templates, unit
from tests.stacks.test_asl import LOST, PASSING

pytestmark = pytest.mark.slow

FILE = Path("stacks/state_machines/notification.asl.json")
HOUR_S = 3600


@cache
def with_topic() -> Template:
    """A unit whose operator wants to be told of every end."""
    federation = load_federation(DEMO)
    told = federation.units[0].model_copy(update={"notifications": True})
    changed = federation.model_copy(update={"units": (told,)})
    return templates(changed, Path(mkdtemp(prefix="atoll-topic-")))[f"atoll-{told.name}"]


def states() -> dict[str, Document]:
    found: dict[str, Document] = json.loads(FILE.read_text())["States"]
    return found


def test_the_template_holds_the_file_literally_and_gives_it_its_function():
    machine = unit().machine("notification")["Properties"]
    assert machine["DefinitionString"] == FILE.read_text()
    (given,) = machine["DefinitionSubstitutions"].items()
    function, _ = unit().only("AWS::Lambda::Function", "NotifyJob")
    assert given == ("NotifyJobArn", {"Fn::GetAtt": [function, "Arn"]})
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_whatever_comes_of_it_the_execution_succeeds():
    task = states()["NotifyJob"]
    (caught,) = task["Catch"]
    assert caught["ErrorEquals"] == ["States.ALL"]
    assert {states()[way["Next"]]["Type"] for way in (task, caught)} == {"Succeed"}
    assert set(states()) == {"NotifyJob", task["Next"], caught["Next"]}


def longest_s(rule: Document) -> int:
    """Seconds from the first attempt to the last, where no jitter makes them fewer."""
    first_s, longest_pause_s = int(rule["IntervalSeconds"]), int(rule["MaxDelaySeconds"])
    attempts, rate = int(rule["MaxAttempts"]), int(rule["BackoffRate"])
    return sum(min(first_s * rate**n, longest_pause_s) for n in range(attempts))


def test_a_server_that_is_down_is_tried_for_hours():
    passing, lost = states()["NotifyJob"]["Retry"]
    assert (set(passing["ErrorEquals"]), set(lost["ErrorEquals"])) == (
        PASSING["lambda:invoke"],
        LOST,
    )
    for rule in (passing, lost):
        assert 5 * HOUR_S < longest_s(rule) < 7 * HOUR_S
        assert rule["JitterStrategy"] == "FULL"


def test_the_task_outlasts_its_function_and_the_function_its_connection():
    _, function = unit().only("AWS::Lambda::Function", "NotifyJob")
    timeout_s = function["Properties"]["Timeout"]
    assert 3 * 10 < timeout_s < states()["NotifyJob"]["TimeoutSeconds"]


def test_the_function_knows_where_links_lead_and_is_in_no_network_of_ours():
    _, function = unit().only("AWS::Lambda::Function", "NotifyJob")
    said = function["Properties"]["Environment"]["Variables"]
    assert said["API_URL"] == unit().body["Outputs"]["ApiUrl"]["Value"]
    assert "VpcConfig" not in function["Properties"]


def test_the_secret_is_random_and_lives_and_dies_with_the_data():
    _, secret = unit().only("AWS::SecretsManager::Secret")
    assert secret["Properties"]["GenerateSecretString"]["PasswordLength"] >= 64
    _, jobs = unit().only("AWS::DynamoDB::Table", "Jobs")
    assert secret["DeletionPolicy"] == jobs["DeletionPolicy"]


def test_no_value_of_a_secret_stands_in_a_template():
    for name in ("levitus", "navy"):
        text = json.dumps(unit(name).body)
        assert 'SecretString"' not in text.replace("GenerateSecretString", "")
        assert "resolve:secretsmanager" not in text


def test_a_unit_has_no_topic_unless_it_wants_one():
    assert unit().of_type("AWS::SNS::Topic") == {}
    _, function = unit().only("AWS::Lambda::Function", "SettleJob")
    assert function["Properties"]["Environment"]["Variables"]["TOPIC_ARN"] == ""


def test_a_topic_is_encrypted_and_takes_nothing_in_plain_text():
    topic, made = with_topic().only("AWS::SNS::Topic")
    assert "alias/aws/sns" in json.dumps(made["Properties"]["KmsMasterKeyId"])
    _, policy = with_topic().only("AWS::SNS::TopicPolicy")
    (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Condition"]) == (
        "Deny",
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert with_topic().body["Outputs"]["TopicArn"]["Value"] == {"Ref": topic}


def test_the_notifier_alone_publishes():
    topic, _ = with_topic().only("AWS::SNS::Topic")
    publishing = {
        logical_id
        for logical_id, policy in with_topic().of_type("AWS::IAM::Policy").items()
        if "sns:Publish" in json.dumps(policy)
    }
    assert len(publishing) == 1
    assert all(name.startswith("NotifyJobRole") for name in publishing)
    for function in with_topic().of_type("AWS::Lambda::Function").values():
        variables = function["Properties"]["Environment"]["Variables"]
        assert variables["TOPIC_ARN"] == {"Ref": topic}
