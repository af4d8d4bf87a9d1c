"""What looks after deliveries: when it is called, what it may do, and what rings."""

import json

import pytest

from atoll.bootstrap.watch import looks_of
from stacks.unit.watch import LATE, LOOKS
from tests.stacks.synthesis import listed, unit
from tests.stacks.test_permissions import role_of, said
from tests.stacks.test_queue import targets
from tests.world import World

pytestmark = pytest.mark.slow

UNITS = ("levitus", "navy")
ALLOWED = {
    *((f"dynamodb:{do}Item", "Deliveries") for do in ("Get", "Put", "Delete")),
    ("dynamodb:Query", "Deliveries/index/by_stage"),
    ("dynamodb:Query", "Deliveries/index/by_dataset"),
    ("s3:GetObject", "Data/products/*"),
    ("s3:ListBucket", "Data"),
    ("s3:PutObject", "Incoming/incoming/*/response.json"),
    ("sqs:SendMessage", "WaitingQueue"),
    ("states:StartExecution", "publication"),
    ("states:DescribeExecution", "execution"),
}


@pytest.mark.parametrize("name", UNITS)
def test_it_may_do_what_it_needs_and_nothing_else(name: str):
    template = unit(name)
    may = {
        (action, said(resource))
        for statement in template.statements(role_of(template, "WatchDeliveries"))
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.split(":")[0] not in {"logs", "xray"}
    }
    assert may == ALLOWED


@pytest.mark.parametrize("name", UNITS)
def test_it_is_called_for_each_look_every_five_minutes(name: str):
    template = unit(name)
    _, rule = template.only("AWS::Events::Rule", "EveryFiveMinutes")
    properties = rule["Properties"]
    assert (properties["ScheduleExpression"], properties["State"]) == ("rate(5 minutes)", "ENABLED")
    assert targets(rule, template) == {"watch_deliveries"}
    said_to_it = [json.loads(target["Input"])["look"] for target in properties["Targets"]]
    assert said_to_it == list(LOOKS)
    assert set(LOOKS) == set(looks_of(World().delivery_ports))
    assert {target["RetryPolicy"]["MaximumRetryAttempts"] for target in properties["Targets"]} == {
        0
    }
    _, function = template.only("AWS::Lambda::Function", "WatchDeliveries")
    assert function["Properties"]["Timeout"] < 5 * 60


@pytest.mark.parametrize("name", UNITS)
def test_what_is_late_rings_by_unit(name: str):
    template = unit(name)
    _, alarm = template.only("AWS::CloudWatch::Alarm", "DeliveryLate")
    properties = alarm["Properties"]
    _, function = template.only("AWS::Lambda::Function", "WatchDeliveries")
    told = function["Properties"]["Environment"]["Variables"]
    assert properties["Namespace"] == told["POWERTOOLS_METRICS_NAMESPACE"]
    assert properties["MetricName"] == looks_of(World().delivery_ports)["timeliness"].metric == LATE
    assert {one["Name"]: one["Value"] for one in properties["Dimensions"]} == {
        "unit": name,
        "service": told["POWERTOOLS_SERVICE_NAME"],
    }
    assert (properties["Statistic"], properties["Threshold"]) == ("Maximum", 1)
    assert properties["Period"] == 300
    assert properties["TreatMissingData"] == "ignore"
