"""What ends old revisions: when it is called, and what it may do."""

import pytest

from atoll.bootstrap.retain import ENOUGH_S, RetentionSettings
from tests.stacks.synthesis import listed, unit
from tests.stacks.test_permissions import role_of, said
from tests.stacks.test_queue import targets

pytestmark = pytest.mark.slow

UNITS = ("levitus", "navy")
ALLOWED = {
    *((f"s3:{do}Object", "Data/datasets/*") for do in ("Get", "Put", "Delete")),
    ("s3:ListBucket", "Data"),
    ("dynamodb:Query", "Jobs/index/by_queue"),
    ("dynamodb:Scan", "Slots"),
    ("dynamodb:GetItem", "Jobs"),
}


@pytest.mark.parametrize("name", UNITS)
def test_it_may_do_what_it_needs_and_nothing_else(name: str):
    template = unit(name)
    may = {
        (action, said(resource))
        for statement in template.statements(role_of(template, "RetainRevisions"))
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
        if action.split(":")[0] not in {"logs", "xray"}
    }
    assert may == ALLOWED


@pytest.mark.parametrize("name", UNITS)
def test_it_is_called_every_hour(name: str):
    template = unit(name)
    _, rule = template.only("AWS::Events::Rule", "RevisionsHourly")
    properties = rule["Properties"]
    assert properties["ScheduleExpression"] == "cron(40 * * * ? *)"
    assert properties["State"] == "ENABLED"
    assert targets(rule, template) == {"retain_revisions"}
    (target,) = properties["Targets"]
    assert target["RetryPolicy"] == {"MaximumRetryAttempts": 0}


@pytest.mark.parametrize("name", UNITS)
def test_it_has_the_longest_time_and_all_that_it_reads(name: str):
    _, function = unit(name).only("AWS::Lambda::Function", "RetainRevisions")
    properties = function["Properties"]
    assert ENOUGH_S < properties["Timeout"] == 900
    given = properties["Environment"]["Variables"]
    assert {one.upper() for one in RetentionSettings.model_fields} <= set(given)
